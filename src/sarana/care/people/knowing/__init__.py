"""Rows by which rules say whom somebody may know of."""
