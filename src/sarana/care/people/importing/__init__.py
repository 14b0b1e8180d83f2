"""Take people in from a table: checked first, then entered some thousands at a time, and gone on with after a stop."""
