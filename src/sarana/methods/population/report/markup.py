"""Markup that cannot be broken by a name: every text is escaped unless it was made here."""

import html
import re
from typing import Final

UNSEEN: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
"""Characters that are not seen, or turn the direction of the text round: no name needs them."""

FORMULA: Final = ("=", "+", "-", "@", "\t")
"""First characters that a spreadsheet takes for a formula when a table is pasted into it."""

VOID: Final = frozenset({"br", "col", "input", "link", "meta", "wbr"})

type Child = str | Html | None


class Html(str):
    """Text that is markup already and is not escaped again."""

    __slots__ = ()


def escaped(text: str) -> Html:
    """A text as markup: unseen characters are left out, the rest is escaped; markup stays as it is."""
    if isinstance(text, Html):
        return text
    return Html(html.escape(UNSEEN.sub("", text), quote=True))


def from_file(text: str) -> str:
    """A name that came out of a file, safe to paste into a spreadsheet: a formula's first sign gets an apostrophe."""
    clean = " ".join(UNSEEN.sub("", text).split())
    return "'" + clean if clean.startswith(FORMULA) else clean


def joined(*children: Child, between: str = "") -> Html:
    """Pieces one after the other; None is left out."""
    return Html(between.join(escaped(c) for c in children if c is not None))


def tag(element: str, *children: Child, **attributes: str | int | bool | None) -> Html:
    """One element with its attributes and children.

    Attributes are written in the order given; `class_` and `for_` lose the underscore, other underscores become
    hyphens, True writes the bare name, None and False write nothing.
    """
    parts = [element]
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        name = key.rstrip("_").replace("_", "-")
        parts.append(name if value is True else f'{name}="{escaped(str(value))}"')
    opening = f"<{' '.join(parts)}>"
    return Html(opening if element in VOID else f"{opening}{joined(*children)}</{element}>")
