"""Sarana: the open information system of those who prevent human trafficking and help those it harmed."""
