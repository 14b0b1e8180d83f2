"""People who are helped."""
