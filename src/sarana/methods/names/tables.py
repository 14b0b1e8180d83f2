"""The word lists this room reads names with: titles, words for no name, Vietnamese family names."""

import functools
import re
from dataclasses import dataclass

from sarana.methods.names.scripts import tidy
from sarana.methods.names.thai import can_begin
from sarana.methods.reference import read_reference


@dataclass(frozen=True, slots=True)
class Titles:
    """Titles by the way they are written, and what each says of sex."""

    codes: dict[str, str]
    """Standard code of every form, folded by `fold`."""
    sexes: dict[str, str]
    """What a code says of sex; codes that say nothing are absent."""
    glued_forms: tuple[str, ...]
    """The forms that may stand before a name with no space, sorted."""
    glued: re.Pattern[str]
    """A title at the start of a text, with or without a space after it; longest first."""
    spaced: re.Pattern[str]
    """A title at the start of a text that a stop or a space must follow; longest first."""

    def strip(self, text: str) -> tuple[str | None, str, bool]:
        """Take one title off the start of a text.

        Args:
            text: tidy text, not empty.

        Returns:
            Its code, the rest, and whether it can be nothing but a title (a stop, a space or a long word tells); code
            None and the text itself where no title stands there, or where what stayed could not be a name.
        """
        found = self.spaced.match(text)
        if found and (rest := text[found.end() :].lstrip(" .")):
            return self.codes[fold(found[1])], rest, True
        for form in self._glued_forms(text):
            rest = text[len(form) :].lstrip(" .")
            is_thai = "\u0e01" <= form[0] <= "\u0e4e"
            if len(rest) >= 2 and (not is_thai or "." in form or _holds_as_name(rest)):
                return self.codes[fold(form)], rest, not is_thai or "." in form or len(form) > 4
        return None, text, True

    def _glued_forms(self, text: str) -> list[str]:
        found = self.glued.match(text)
        if not found:
            return []
        longest = found[0]
        return [longest] + [f for f in _SHORTER.get(longest, ()) if longest.startswith(f)]


_SHORTER = {"นางสาว": ("นาง",), "นายแพทย์": ("นาย",), "พระครูสมุห์": ("พระครู",), "พระครูใบฎีกา": ("พระครู",)}
"""Titles that begin with another title: where the longer one leaves no name, the shorter is tried."""


def _holds_as_name(rest: str) -> bool:
    """Whether what a Thai title leaves can be a name: it begins as a word can, and is longer than one letter."""
    word = rest.split(" ", 1)[0]
    return len(word) >= 2 and (can_begin(word) or not "\u0e01" <= word[0] <= "\u0e4e")


def fold(word: str) -> str:
    """A word as it is looked up: small letters, no stops, no spaces."""
    return tidy(word).lower().replace(".", "").replace(" ", "")


@functools.cache
def titles() -> Titles:
    """The titles of `reference/names/titles.toml`."""
    codes, sexes, glued, spaced = {}, {}, set(), set()
    for row in read_reference("names/titles.toml")["title"]:
        for form in (*row["glued"], *row["spaced"]):
            codes[fold(form)] = row["code"]
        glued.update(row["glued"])
        spaced.update(row["spaced"])
        if "sex" in row:
            sexes[row["code"]] = row["sex"]
    return Titles(
        codes, sexes, tuple(sorted(glued)), _starts_with(glued), _starts_with(spaced | glued, after=r"(?:\. ?| )")
    )


def _starts_with(forms: set[str], after: str = "") -> re.Pattern[str]:
    longest_first = sorted(forms, key=lambda form: (-len(form), form))
    return re.compile(f"({'|'.join(re.escape(form) for form in longest_first)}){after}", re.IGNORECASE)


@functools.cache
def placeholders() -> frozenset[str]:
    """Words for *no name*, in small letters."""
    return frozenset(word.lower() for word in read_reference("names/placeholders.toml")["words"])


@functools.cache
def vietnamese_families() -> frozenset[str]:
    """Common Vietnamese family names, in small letters."""
    return frozenset(read_reference("names/vietnamese.toml")["families"])
