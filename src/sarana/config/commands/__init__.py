"""The command line: `sarana population …`, `sarana invent …`."""

from sarana.config.commands.entry import every, main

__all__ = ["every", "main"]
