"""The inside face: Today, search, settings; gathers rooms by address."""
