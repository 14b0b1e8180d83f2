"""Countries and languages by their ISO codes, in the language of whoever reads, and read from what was typed."""

import functools
import unicodedata
from collections.abc import Callable

from babel import Locale, UnknownLocaleError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sarana.basics.ordering import sort_key

NO_COUNTRIES = frozenset({"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"})
"""Regions of CLDR that are no country of ISO 3166; XK (Kosovo) stands on passports and stays."""

OF_THE_REGION = {
    "ksw": _("S'gaw Karen"),
    "pwo": _("Pwo Karen"),
    "blk": _("Pa'O"),
    "eky": _("Eastern Kayah"),
    "mnw": _("Mon"),
    "lhu": _("Lahu"),
    "ahk": _("Akha"),
    "lis": _("Lisu"),
    "prk": _("Parauk (Wa)"),
    "cnh": _("Hakha Chin"),
    "ctd": _("Tedim Chin"),
    "khb": _("Tai Lü"),
    "nod": _("Northern Thai"),
    "tts": _("Isan"),
    "kjg": _("Khmu"),
    "mfa": _("Pattani Malay"),
    "rki": _("Rakhine"),
    "prs": _("Dari"),
    "hnj": _("Hmong Njua"),
    "tsq": _("Thai sign language"),
}
"""Languages of the region that CLDR does not name, or not in Thai; codes of ISO 639-3."""

OFFERED = (
    "th", "my", "km", "lo", "vi", "id", "ms", "fil", "en", "zh", "shn", "kac", "rhg", "hmn", "tet", "ceb",
    "ilo", "jv", "su", "mad", "min", "bn", "ne", "hi", "ta", "te", "ur", "pa", "si", "ar", "fa", "ps", "am", "sw",
    "fr", "pt", "es", "ru", "uz", "ko", "ja", "yue", "nan", "bo", "ug", "mn", *OF_THE_REGION,
)  # fmt: skip
"""Languages that a form offers; any other that CLDR names is understood when it is typed."""

READ_IN = ("en", "th", "my", "km", "lo", "vi", "id", "ms", "fil")
"""In these languages a name that was typed is understood, whatever the language of the page."""


def country_name(code: str) -> str:
    """A country in the language of the page; its code where nobody named it."""
    return _countries(_here()).get(code, code)


def language_name(code: str) -> str:
    """A language in the language of the page; its code where nobody named it."""
    return str(OF_THE_REGION[code]) if code in OF_THE_REGION else _languages(_here()).get(code, code)


def countries() -> list[tuple[str, str]]:
    """Every country with its name, in the order of the names."""
    return sorted(_countries(_here()).items(), key=lambda each: sort_key(each[1]))


def languages() -> list[tuple[str, str]]:
    """The languages that are offered, with their names, those of the region first."""
    return [(code, language_name(code)) for code in OFFERED]


def find_country(text: str) -> str:
    """The code of a country from its code or a name of it in a language of the region; "" where it is none."""
    return _find(text, tuple(_countries(tongue) for tongue in READ_IN), str.upper)


def find_language(text: str) -> str:
    """The same of a language."""
    ours = {code: str(name) for code, name in OF_THE_REGION.items()}
    return _find(text, (ours, *(_languages(tongue) for tongue in READ_IN)), str.lower)


def _find(text: str, lists: tuple[dict[str, str], ...], written: Callable[[str], str]) -> str:
    code = written(text.strip())
    if any(code in names for names in lists):
        return code
    sought = _folded(text)
    return next((code for names in lists for code, name in names.items() if _folded(name) == sought), "")


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().replace("’", "'").split())


def _here() -> str:
    return get_language() or "en"


@functools.cache
def _countries(tongue: str) -> dict[str, str]:
    named = _locale(tongue).territories
    return {
        code: name for code, name in named.items() if len(code) == 2 and code.isalpha() and code not in NO_COUNTRIES
    }


@functools.cache
def _languages(tongue: str) -> dict[str, str]:
    return {code: name for code, name in _locale(tongue).languages.items() if "_" not in code}


def _locale(tongue: str) -> Locale:
    try:
        return Locale.parse(tongue, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")
