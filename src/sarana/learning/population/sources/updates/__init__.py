"""Yearly updates: asking for one, its run, and what its tables become."""
