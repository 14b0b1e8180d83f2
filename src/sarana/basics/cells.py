"""Texts in cells of tables that a spreadsheet will open."""

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""First signs that a spreadsheet takes for a formula or the end of a cell; those of wide Asian keyboards too."""

BLANK = " \u00a0\u2007\u202f\u3000\u200b\u2060\ufeff\x0b\x0c"
"""What stands before a first sign unseen, and what some programs take off: spaces of all widths, also of none."""


def guarded(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet would take it for a formula."""
    return f"'{text}" if text.startswith(FORMULA) or text.lstrip(BLANK).startswith(FORMULA) else text
