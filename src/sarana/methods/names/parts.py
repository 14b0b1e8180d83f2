"""One written name taken apart: title, given name, family name, nickname, in one spelling, with what was noticed."""

import re
from dataclasses import dataclass, field, replace
from typing import Literal

from sarana.methods.names.scripts import is_vietnamese, script_of, tidy
from sarana.methods.names.tables import fold, placeholders, titles, vietnamese_families
from sarana.methods.names.thai import normal_thai
from sarana.methods.names.zawgyi import is_zawgyi, to_unicode

GLUED, REPEATED, PLACEHOLDER = "NAME-001", "NAME-002", "NAME-003"
ONE_WORD, ZAWGYI = "NAME-008", "NAME-009"

type Order = Literal["given-first", "family-first", "either"]

_BRACKETS = re.compile(r"[(\[{（［]\s*([^()\[\]{}（）［］]*?)\s*[)\]}）］]|[\"“”]([^\"“”]{2,})[\"“”]")
_DANGLING = re.compile(r"[()\[\]{}（）［］\"“”]+")
_FORMULA = re.compile(r"[=+@\t\r]|-(?=[\w(=])")
_SAE = re.compile(r"(แซ่|ແຊ່) +(?=\S)")
_ENDS = " ,;:._*|/\\'`"
_WORD = re.compile(r"[^\W\d_]+", re.UNICODE)
_FAMILY_FIRST_SCRIPTS = frozenset({"khmer", "chinese"})


@dataclass(frozen=True, slots=True)
class Part:
    """What one field with a given or a family name says."""

    text: str | None
    """The name in one spelling, nothing taken off its start that might belong to it; None where there is none."""
    title: str | None = None
    """A title that was glued to it (standard code)."""
    rest: str | None = None
    """The name without a glued word that may be a title or the beginning of the name; None where that is not so."""
    nickname: str | None = None
    script: str | None = None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FullName:
    """What one field with a whole name says."""

    given: str | None
    family: str | None
    title: str | None = None
    nickname: str | None = None
    script: str | None = None
    is_order_sure: bool = True
    """False where two words stand in an order that the writing does not tell."""
    flags: tuple[str, ...] = field(default=())


def read_part(raw: str) -> Part:
    """Read a field that holds a given name or a family name alone; reading what was read changes nothing more."""
    found = _read_part_once(raw)
    while found.text is not None and (again := _read_part_once(found.text)).text != found.text:
        kept = tuple(sorted({*found.flags, *again.flags}))
        found = replace(again, title=found.title or again.title, nickname=found.nickname or again.nickname, flags=kept)
    return found


def _read_part_once(raw: str) -> Part:
    text, flags = _clean(raw)
    text, nickname = _nickname(text)
    title, rest, is_sure, repeated = _strip_titles(text)
    flags += (GLUED,) * (title is not None) + (REPEATED,) * repeated
    if title is not None and not is_sure:
        whole, name = _spelled(text), _spelled(rest)
        if whole and name:
            return Part(whole, title, name, nickname, script_of(name), flags)
    name = _spelled(rest)
    if name is None and rest.strip():
        flags += (PLACEHOLDER,)
    return Part(name, title, None, nickname, script_of(name) if name else None, flags)


def read_title(raw: str) -> str | None:
    """The standard code of a declared title; None where it is blank or unknown."""
    return titles().codes.get(fold(raw))


def read_full_name(raw: str, order: Order = "given-first") -> FullName:
    """Read a field that holds a whole name: title, nickname in brackets, given and family name.

    Args:
        raw: as written.
        order: how the source writes its names; `either` leaves the order of two words open (`is_order_sure` False).
            A comma, a title inside, Khmer, Chinese and Vietnamese decide it in any case.

    Returns:
        The parts; given first where nobody knows.
    """
    text, flags = _clean(raw)
    text, nickname = _nickname(text)
    title, text, _, repeated = _strip_titles(text)
    flags += (REPEATED,) * repeated
    before, comma, after = text.partition(",")
    if comma:
        inner, after, _, _ = _strip_titles(after.strip())
        given, family = _spelled(after), _spelled(before)
        found = FullName(given, family, title or inner, nickname, flags=flags)
        if given is None and family is not None and not after.strip(_ENDS):
            found = _in_words(family, order, found)
    else:
        found = _in_words(text, order, FullName(None, None, title, nickname, flags=flags))
    return _finished(found, text)


def _finished(found: FullName, text: str) -> FullName:
    whole = " ".join(part for part in (found.given, found.family) if part)
    flags = found.flags
    if not whole and text.strip():
        flags += (PLACEHOLDER,)
    return replace(found, script=script_of(whole), flags=tuple(sorted(set(flags))))


def _in_words(text: str, order: Order, found: FullName) -> FullName:
    """The words of a name without a comma, put where the writing, the script or the source's habit says."""
    words = text.split(" ")
    inside = _title_inside(words)
    if inside:
        at, title = inside
        return replace(found, title=found.title or title, given=_spelled(words[at + 1 :]), family=_spelled(words[:at]))
    script = script_of(text)
    named = [word for word in words if word.strip(_ENDS + "-")]
    if script == "burmese":
        return replace(found, given=_spelled(named))
    if len(named) <= 1:
        only = _spelled(words if len(words) == 1 else words[:1] or words)
        last = _spelled(words[1:])
        return replace(found, given=only or last, flags=(*found.flags, ONE_WORD))
    if _is_family_first(named, script, order):
        return replace(found, family=_spelled(named[:1]), given=_spelled(named[1:]))
    open_order = order == "either" and len(named) == 2
    return replace(found, given=_spelled(named[:1]), family=_spelled(named[1:]), is_order_sure=not open_order)


def _is_family_first(words: list[str], script: str | None, order: Order) -> bool:
    if order == "family-first" or script in _FAMILY_FIRST_SCRIPTS:
        return True
    return is_vietnamese(" ".join(words)) and words[0].lower() in vietnamese_families()


def _title_inside(words: list[str]) -> tuple[int, str] | None:
    """Where a Latin title stands between two words: `Surname Mr. Given`."""
    for at, word in enumerate(words[1:-1], start=1):
        if word.isascii() and (code := titles().codes.get(fold(word))):
            return at, code
    return None


def _clean(raw: str) -> tuple[str, tuple[str, ...]]:
    """Tidy text in one encoding, and what was odd about it. A formula stays text: nothing here computes it."""
    flags: tuple[str, ...] = ()
    text = tidy(raw)
    if _FORMULA.match(text):
        text = text.lstrip("=+@- ")
    if max(text, default="") >= "\u1000" and is_zawgyi(text):
        flags += (ZAWGYI,)
        text = tidy(to_unicode(text))
    return _SAE.sub(r"\1", normal_thai(text)), flags


def _nickname(text: str) -> tuple[str, str | None]:
    """Text without its brackets, and the name that stood in them."""
    if text.isalnum() or not _DANGLING.search(text):
        return text, None
    found = _BRACKETS.search(text)
    inside = _spelled(found[1] or found[2] or "") if found else None
    rest = tidy(_DANGLING.sub(" ", _BRACKETS.sub(" ", text)))
    return (rest, inside) if rest else (tidy(_DANGLING.sub(" ", text)), None)


def _strip_titles(text: str) -> tuple[str | None, str, bool, bool]:
    """All titles off the start: code of the first, the rest, whether that is beyond doubt, whether one was repeated."""
    first, rest, is_sure = titles().strip(text)
    repeated = False
    code = first
    while code is not None:
        code, rest, _ = titles().strip(rest)
        repeated |= code is not None
    return first, rest, is_sure or repeated, repeated


def _spelled(words: str | list[str]) -> str | None:
    """A name in one spelling: ends cleaned, Latin words all small or all capitals begin with one; None for no name."""
    text = " ".join(words) if isinstance(words, list) else words
    text = text.strip(_ENDS) if text.lower() not in placeholders() else ""
    if not text or text.lower() in placeholders() or not text.strip(_ENDS + "-–—"):
        return None
    text = text.strip("-–— ")
    if text.lower() in placeholders():
        return None
    if not text.isupper() and not text.islower():
        return text
    return _WORD.sub(lambda found: found[0].capitalize(), text)
