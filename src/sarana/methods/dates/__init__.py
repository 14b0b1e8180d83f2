"""Dates as people wrote them, brought to one calendar, with how well each is known."""
