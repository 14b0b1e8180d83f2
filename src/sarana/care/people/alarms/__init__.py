"""Alarms: a record that lures was opened, or a day's number is used up; the officer is told within minutes."""
