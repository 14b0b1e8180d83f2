"""Conflicts of interest: an agency, or somebody of one's own, is kept out of everything about a person."""
