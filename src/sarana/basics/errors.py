"""The errors that people see: each says what happened, where, and what to do, under a code the manual explains.

SaranaError
├── Refused      not you: a rule forbids it
├── NotYet       not now: a state or a missing decision forbids it
│   └── Busy     not this moment: others are at it, and the same works in a moment
├── BadFile      not this file
├── BadTable     not this table
├── BadSetting   not this setting
└── NoRoom       the machine has too little memory or disk
"""

from typing import ClassVar


class SaranaError(Exception):
    """An error for a person: one clear sentence, a code, and what to do about it.

    A message names no person and quotes no record; it may name files, columns, settings, codes and counts.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, code: str, what: str, *, where: str = "", cure: str = "") -> None:
        """Keep the parts apart so that a command line, a page and a log may each show what they should."""
        super().__init__(code, what, where, cure)
        self.code = code
        self.what = what
        self.where = where
        self.cure = cure

    def __str__(self) -> str:
        """One line: code, place, sentence, cure."""
        place = f" {self.where}:" if self.where else ""
        cure = f" {self.cure}" if self.cure else ""
        return f"{self.code}{place} {self.what}{cure}"


class Refused(SaranaError):
    """Not you: a rule forbids it."""

    exit_code = 3


class NotYet(SaranaError):
    """Not now: something that must be decided or present first is missing."""

    exit_code = 4


class Busy(NotYet):
    """Not this moment: others are at it, and the same works in a moment."""


class BadFile(SaranaError):
    """Not this file: missing, unreadable, or not what the settings say it is."""

    exit_code = 5


class BadTable(SaranaError):
    """Not this table: its shape or its values break what the method needs."""

    exit_code = 6


class BadSetting(SaranaError):
    """Not this setting: unknown, contradictory, or out of range."""

    exit_code = 7


class NoRoom(SaranaError):
    """The machine has too little memory or disk for this step."""

    exit_code = 8
