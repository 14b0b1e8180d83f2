"""Changes of the tables of tasks, in order."""
