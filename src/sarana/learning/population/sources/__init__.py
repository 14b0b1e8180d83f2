"""Sources: what sectors hand over for a yearly update, from the first word about a register to the run."""
