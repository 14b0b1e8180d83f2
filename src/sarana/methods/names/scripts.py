"""Which writing system a name is in, and the invisible things that must go before anyone compares it."""

import re
import unicodedata

SCRIPTS: dict[str, str] = {
    "thai": "\u0e01-\u0e5b",
    "lao": "\u0e81-\u0edf",
    "khmer": "\u1780-\u17ff\u19e0-\u19ff",
    "burmese": "\u1000-\u109f\uaa60-\uaa7f\ua9e0-\ua9ff",
    "latin": "A-Za-z\u00c0-\u024f\u1e00-\u1eff",
    "chinese": "\u3400-\u4dbf\u4e00-\u9fff",
}
"""Each script's letters and marks, as the inside of a regular expression's brackets (Unicode blocks)."""

UNSEEN = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u202a-\u202e\u2066-\u2069\u034f\u180e\ufe00-\ufe0f"
"""Characters without width or ink: soft hyphen, joiners, direction marks, byte order mark, variation selectors."""

CONTROLS = "\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffd"
"""Characters no name has: controls other than tab and line end, and the mark of a broken byte."""

_IN_SCRIPT = {name: re.compile(f"[{inside}]") for name, inside in SCRIPTS.items()}
_UNSEEN = re.compile(f"[{UNSEEN}]+")
_CONTROLS = re.compile(f"[{CONTROLS}]+")
_SPACE = re.compile(r"\s+")
_PLAIN_THAI = re.compile(f"[{SCRIPTS['thai']} ]+")
_PLAIN_LATIN = re.compile(r"[A-Za-z '.\-]+")
_VIETNAMESE = re.compile("[ăđơưĂĐƠƯ\u1ea0-\u1ef9]")


def script_of(text: str) -> str | None:
    """The script of a name: one of `SCRIPTS`, `mixed` for several, `other` for none of them; None without letters."""
    if _PLAIN_THAI.fullmatch(text):
        return "thai"
    if _PLAIN_LATIN.fullmatch(text):
        return "latin" if any(c.isalpha() for c in text) else None
    found = [name for name, pattern in _IN_SCRIPT.items() if pattern.search(text)]
    if len(found) == 1:
        return found[0]
    if found:
        return "mixed"
    return "other" if any(c.isalpha() for c in text) else None


def is_vietnamese(text: str) -> bool:
    """Whether Latin text carries letters that only Vietnamese has among the languages met here."""
    return bool(_VIETNAMESE.search(text))


def tidy(text: str) -> str:
    """Composed form, nothing invisible, single spaces, no spaces at the ends; controls become spaces."""
    if not text.isascii():
        text = _UNSEEN.sub("", unicodedata.normalize("NFC", text))
    return _SPACE.sub(" ", _CONTROLS.sub(" ", text)).strip()
