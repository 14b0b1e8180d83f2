"""Breaches: what could be read by somebody who may not, whose, since when, and who has been told by which deadline."""
