"""The queue of pairs that people judge: whether two records of a run are of one person."""
