"""Makers of test material: what a test needs is made in it, never kept in a file."""
