"""Sealing: an organisation's keys, who opens them, and files and fields that open for them alone."""
