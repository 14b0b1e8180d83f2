"""Controlled words and areas, loaded from `reference/` and from what the build fetched; versions kept for ever."""
