"""Why an area stands where it stands: what drives the index there, its strengths, and whether it does better."""
