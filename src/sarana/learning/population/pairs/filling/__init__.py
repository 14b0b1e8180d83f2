"""Filling the queue of a run, and giving what was judged to the next one: the operator at the machine, or an update."""
