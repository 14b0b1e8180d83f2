"""Somebody who is kept for those assigned is opened in an emergency: for minutes, by two people, and told at once."""
