"""The page of the keys of an agency."""
