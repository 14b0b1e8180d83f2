"""A table for the tests only, with everything that a rule can ask about."""
