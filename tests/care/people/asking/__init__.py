"""Asking across agencies."""
