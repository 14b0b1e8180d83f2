"""People who are helped: a code in the open, and who she is, how to reach her and what happened sealed tier by tier."""
