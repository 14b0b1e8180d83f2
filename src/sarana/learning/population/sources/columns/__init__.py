"""Columns of handed files: what they look like without anybody's value, and which of them this year's layout names."""
