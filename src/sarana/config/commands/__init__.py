"""The command line: `sarana population …`, `sarana invent …`."""

from sarana.config.commands.entry import app, main

__all__ = ["app", "main"]
