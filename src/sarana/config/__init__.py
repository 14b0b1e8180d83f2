"""Settings and the command line; imported by nothing."""
