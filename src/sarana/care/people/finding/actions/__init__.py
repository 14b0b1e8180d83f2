"""The writing doors of finding: search, and keep the file that finds people."""
