"""Back-tests of a run on known cases: what they let out, and what the run may be called from then on."""
