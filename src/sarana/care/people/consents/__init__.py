"""What a person agreed to, seen by people: on her page, and as what other agencies let us read."""
