"""Who looked and what was done: for the officer, for each her own, for the person whom it is about."""
