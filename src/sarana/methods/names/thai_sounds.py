"""How a Thai name sounds in Latin letters, near enough to compare with what people wrote."""

import re
from collections.abc import Sequence

LEADING = "เแโไใ"
"""Vowel signs that stand before their consonant."""

SIGNS = "ะัาำิีึืุู็"
"""Vowel signs that stand behind, above or below their consonant."""

ONSETS = {
    **dict.fromkeys("ก", "k"),
    **dict.fromkeys("ขฃคฅฆ", "kh"),
    "ง": "ng",
    "จ": "ch",
    **dict.fromkeys("ฉชฌ", "ch"),
    **dict.fromkeys("ซศษส", "s"),
    "ญ": "y",
    "ย": "y",
    **dict.fromkeys("ฎด", "d"),
    **dict.fromkeys("ฏต", "t"),
    **dict.fromkeys("ฐฑฒถทธ", "th"),
    **dict.fromkeys("ณน", "n"),
    "บ": "b",
    "ป": "p",
    **dict.fromkeys("ผพภ", "ph"),
    **dict.fromkeys("ฝฟ", "f"),
    "ม": "m",
    **dict.fromkeys("รฤ", "r"),
    **dict.fromkeys("ลฬฦ", "l"),
    "ว": "w",
    **dict.fromkeys("หฮ", "h"),
    "อ": "",
}
"""A consonant at the head of a syllable."""

CODAS = {
    **dict.fromkeys("กขฃคฅฆ", "k"),
    "ง": "ng",
    **dict.fromkeys("จฉชซฌฎฏฐฑฒดตถทธศษส", "t"),
    **dict.fromkeys("ญณนรลฬ", "n"),
    **dict.fromkeys("บปผฝพฟภ", "p"),
    "ม": "m",
    "ย": "i",
    "ว": "o",
    **dict.fromkeys("หฮอฤ", ""),
}
"""A consonant at the end of a syllable."""

_READ_SO = (
    ("ศรี", "สี"),
    ("สระ", "สะ"),
    ("สราง", "สาง"),
    ("สรอย", "สอย"),
    ("เสริม", "เสิม"),
    ("ไทร", "ไซ"),
    ("นทรี", "นซี"),
    ("สวรรค", "สะหวัน"),
    ("นคร", "นะคอน"),
    ("ณรง", "นะรง"),
    ("อุบล", "อุบน"),
    ("ปกร", "ปะกอน"),
    ("ฤทธ", "ริทธ"),
    ("ศิร", "สิร"),
    ("ทรัพ", "ซับ"),
    ("ทราย", "ซาย"),
    ("ทรง", "ซง"),
    ("จริง", "จิง"),
    ("เกียรติ", "เกียด"),
    ("เพชร", "เพ็ด"),
    ("ริฐ", "ิฐ"),
    ("กมล", "กะมน"),
    ("ชลี", "ชะลี"),
    ("พรหม", "โพรม"),
    ("สกุล", "สะกุน"),
    ("ธีร", "ธีระ"),
    ("ธีระา", "ธีรา"),
)
"""Common parts of names that are not read as they are written."""

_SPOKEN_SO: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.MULTILINE), by)
    for pattern, by in (
        ("(?<=[^เแ\n]ก)ษ", ""),
        (f"รร(?=$|[{LEADING}]|[ก-ภยรลวศษสหฬอฮ][{SIGNS}])", "ัน"),
        (f"รร(?![{SIGNS}])", "ั"),
        ("อร(?=[ก-ฬฮ])", "ออระ"),
        ("(?<=[เแโไใ])ห(?=[งญนมยรลว])|ห(?=[งญนมยรลว][^์\n])(?!ว[ก-ฬฮ])", ""),
        (
            "(?:(?<=[ุัิ][กคต])|(?<=เนต))ร(?=$|[ก-ฮเแโไใ])|(?<=[ุั]ท)ร(?=$)|(?<=[ชบ][าั]ต)ิ|(?<=โชต)ิ|(?<=ธาต)ุ|(?<=วุฒ)ิ|(?<=ภูม)ิ(?=$|[ก-ฮเแโไใ])",
            "",
        ),
    )
)
"""What is not spoken, or not as written, wherever it stands; each pattern holds for many names, one a line."""

_SILENCED = re.compile("(?:ท(?=ร์)|ต(?=ร์))?[ก-ฮ][ิุ]?์")
_ALONE = re.compile("[^ก-ฮ]*[ก-ฮ]")
_C = "[ก-ฮ]"
_ON = f"({_C}(?:(?<=[กขคตทปผพบส])[รลว](?=[{SIGNS}อ]))?)"
_ON_LED = f"({_C}(?:(?:(?<=[กขคตทปผพบส])[รล]|(?<=[ขคตทส])ว)(?=[{SIGNS}ก-ฮ]|$))?)"
_VOWELLED = f"อ(?:$|{_C}(?![{SIGNS}]))|ว(?!รร){_C}(?![{SIGNS}])"
_OWN_SYLLABLE = f"(?![งนมกบดร](?![{SIGNS}อ])(?:$|[{LEADING}]|{_C}[{SIGNS}]))"
_CODA = f"({_C}(?![{SIGNS}]|{_VOWELLED}){_OWN_SYLLABLE}(?:(?<=[กตทดพ])[รษยต](?=$|{_C}|[{LEADING}]))?)?"

_SHAPES: tuple[tuple[str, str], ...] = (
    (f"เ{_ON}ียะ?{_CODA}", "ia"),
    (f"เ{_ON}ือะ?{_CODA}", "uea"),
    (f"เ{_ON}าะ", "o"),
    (f"เ{_ON}า", "ao"),
    (f"เ{_ON}[ิี]{_CODA}", "oe"),
    (f"เ{_ON}ะ", "e"),
    (f"เ{_ON_LED}อะ?{_CODA}", "oe"),
    (f"เ{_ON_LED}ย(?![{SIGNS}])", "oei"),
    (f"เ{_ON_LED}็?{_CODA}", "e"),
    (f"แ{_ON_LED}(?:ะ|็?{_CODA})", "ae"),
    (f"โ{_ON_LED}(?:ะ|{_CODA})", "o"),
    (f"[ไใ]{_ON_LED}(?![{SIGNS}])(?:ย(?![{SIGNS}]))?", "ai"),
    (f"{_ON}ัวะ?{_CODA}", "ua"),
    (f"{_ON}ั({_C})?", "a"),
    (f"{_ON}ำ", "am"),
    (f"{_ON}ะ", "a"),
    (f"{_ON}า{_CODA}", "a"),
    (f"{_ON}[ิี]{_CODA}", "i"),
    (f"{_ON}ื(?:อ(?![{SIGNS}]))?{_CODA}", "ue"),
    (f"{_ON}ึ{_CODA}", "ue"),
    (f"{_ON}[ุู]{_CODA}", "u"),
    (f"{_ON}็?อ(?![{SIGNS}]){_CODA}", "o"),
    (f"({_C}(?:(?<=[กขคตปผพส])[รล])?)ว({_C}(?![{SIGNS}]))", "ua"),
    (f"({_C})(?={_C}{_C}$)", "a"),
    (f"({_C})([ก-ฆงจ-ฮ](?<![ยวอห])(?![{SIGNS}]))", "o"),
    (f"({_C})", "a"),
)
"""Shapes of a written syllable, longest first, each with its vowel; groups: onset, then coda where there is one."""

_SYLLABLE = re.compile("|".join(f"(?P<s{n}>{shape})" for n, (shape, _) in enumerate(_SHAPES)))
_FIRST_GROUP = {f"s{n}": _SYLLABLE.groupindex[f"s{n}"] for n in range(len(_SHAPES))}
_VOWELS = {f"s{n}": vowel for n, (_, vowel) in enumerate(_SHAPES)}
_HAS_CODA = {f"s{n}": re.compile(shape).groups == 2 for n, (shape, _) in enumerate(_SHAPES)}
_LONE = f"s{len(_SHAPES) - 1}"
_ONSET_PAIRS = {a + b: ONSETS[a] + ONSETS[b] for a in ONSETS for b in "รลว"}
_ONSETS = ONSETS | _ONSET_PAIRS


def thai_sounds(name: str) -> str:
    """A Thai name in Latin letters, by sound, with tones left out; what is not Thai is dropped.

    Args:
        name: one name in Thai script, NFC, without title, on one line.

    Returns:
        Lower-case Latin letters close to the Royal Institute's general system; empty if no Thai consonant is found.

    Source: rules of Thai orthography (Royal Institute general system of transcription, 1999), set down by us; names
        with irregular reading come out wrong, so the result is for comparing, never for showing.
    """
    return thai_sounds_of([name])[0]


def thai_sounds_of(names: Sequence[str]) -> list[str]:
    """The same for many names at once: what is not spoken goes in one pass, endings met before are not read again.

    Cost: see `keys.keys_of`.
    """
    text = "\n".join(names)
    for tone in "่้๊๋":
        text = text.replace(tone, "")
    for written, read in _READ_SO:
        text = text.replace(written, read)
    text = _SILENCED.sub("", text)
    for pattern, by in _SPOKEN_SO:
        text = pattern.sub(by, text)
    known: dict[str, str] = {}
    return [_spoken(name, known) for name in text.split("\n")]


def _spoken(name: str, known: dict[str, str]) -> str:
    """The sounds of a name, syllable by syllable up to an ending that is known; new endings are kept."""
    if _ALONE.fullmatch(name) and (match := _SYLLABLE.search(name)) and match.lastgroup == _LONE:
        return _ONSETS[match[0]] + "a"
    read: list[tuple[str, str]] = []
    rest = name
    while (sounds := known.get(rest)) is None:
        match = _SYLLABLE.search(rest)
        if match is None:
            sounds = ""
            break
        read.append((rest, _sound(match)))
        rest = rest[match.end() :]
    for ending, sound in reversed(read):
        sounds = sound + sounds
        known[ending] = sounds
    return sounds


def _sound(match: re.Match[str]) -> str:
    """How one syllable sounds; a consonant alone closes the name where it is the last."""
    kind = match.lastgroup or ""
    first = _FIRST_GROUP[kind]
    onset = match[first + 1]
    if kind == _LONE:
        return CODAS.get(onset, "") if match.end() == len(match.string) else _ONSETS.get(onset, "") + "a"
    sound = _ONSETS.get(onset, "") + _VOWELS[kind]
    if _HAS_CODA[kind] and (coda := match[first + 2]):
        sound += CODAS.get(coda[0], "")
    return sound
