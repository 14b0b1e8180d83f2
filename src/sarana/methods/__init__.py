"""The pure sciences: no database, no server, no web framework."""
