"""Care: from a person to help."""
