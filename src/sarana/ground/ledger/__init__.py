"""What was done and what was opened, by whom and when; only ever added to."""
