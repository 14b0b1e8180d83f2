"""What an analyst asks of a run: why, how sure, what changed, and whether it finds whom it should."""
