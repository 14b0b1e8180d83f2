"""What every room stands on: who signs in, what was done, and the shell of every page."""
