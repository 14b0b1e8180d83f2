"""A person's page in words: why the index is what it is, what was missing, how sure the rows hold together."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sarana.learning.population.models import Figure
from sarana.learning.population.opened.queries import Person
from sarana.methods.questions.explain import Explanation, HeldLink, HeldRow, Reason
from sarana.methods.questions.explain_changes import Change
from sarana.methods.questions.explain_words import PlainWords, index_said, read_plain_words, share_said
from sarana.methods.risk.settings import RiskSettings

AGES = ((0, 5), (6, 11), (12, 17), (18, 24), (25, 59), (60, 130))
"""The groups of the map: on a list nobody's age is told by the year."""

CERTAIN, LIKELY = 0.95, 0.8
VOWELS = "เแโใไ"
"""Thai vowels that are written before the letter they follow."""

MOST_WAYS = 2
OTHERWISE = "otherwise"
THREES = "threes"


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of a list: no index, no band, no reason, and no name but its first letters."""

    person: Person
    initials: str
    village: str
    who: str


def listed(people: Iterable[Person], language: str) -> Iterator[Listed]:
    """The lines of a list."""
    for person in people:
        line = person.line
        yield Listed(person, initials(line["given"], line["family"]), village(line, language), who(line))


def initials(*names: str | None) -> str:
    """The first letters of names, each with the vowel that is written before it."""
    return " ".join(f"{name[: 2 if name[0] in VOWELS else 1]}." for name in names if name)


def village(line: Mapping[str, Any], language: str) -> str:
    """The name of her village for somebody who reads this language; its code where it has none."""
    local, name = line["village_name_local"], line["village_name"]
    return str((local if language == "th" else name) or name or local or _("village not known"))


def who(line: Mapping[str, Any]) -> str:
    """Sex and age in words, the age as a group."""
    age, sex = line["age"], line["sex"]
    span = next(((low, high) for low, high in AGES if age is not None and low <= age <= high), None)
    child = age is not None and age < 18
    words = {
        ("female", True): _("girl"),
        ("female", False): _("woman"),
        ("male", True): _("boy"),
        ("male", False): _("man"),
    }.get((sex, child), _("person"))
    if span is None:
        return _("%(who)s, age not known") % {"who": words}
    low, high = span
    if low == 60:
        return _("%(who)s, 60 years and over") % {"who": words}
    return _("%(who)s, %(low)s to %(high)s years") % {"who": words, "low": low, "high": high}


def page_words(found: Explanation, risk: RiskSettings, language: str) -> dict[str, Any]:
    """Everything that the page says of the index, in sentences and rows."""
    words = read_plain_words("th" if language == "th" else "en")
    names = {i.id: i.name for i in risk.set.indicators}
    told = [change for change in found.changes if change.n and may_be_told(found, change)]
    return {
        "index": _index(found, words) if found.is_for_custodian else coarse_index(found, words),
        "rules": [
            (words.band(name), words("explain-otherwise") if rule == OTHERWISE else rule) for name, rule in found.rules
        ],
        "reasons": [
            {
                "name": words.indicator(reason.name),
                "score": words.score(reason.score),
                "part": index_said(reason.part) if found.is_for_custodian else coarse_part(found, reason),
                "grade": reason.grade,
                "rule": "" if reason.rule == OTHERWISE else reason.rule,
            }
            for reason in found.reasons
        ],
        "has_protected": found.protected_part is not None,
        "grades": words("explain-grades"),
        "missing": [_missing(words, missing.name, missing.asked) for missing in found.missing],
        "not_asked": [words.indicator(names[name]) for name in found.not_asked],
        "off": [words.indicator(names[name]) for name in found.off],
        "changes": [_change(words, change, names) for change in told],
        "hides_changes": any(not may_be_told(found, change) for change in found.changes),
        "changes_says": words("explain-changes-says"),
        "refer_now": [*map(words.refer_now, found.refer_now or ())],
        **_linkage(found, words),
    }


def may_be_told(found: Explanation, change: Change) -> bool:
    """Whether a change may be told: to the custodian every one, to others none that turns on how many scores are 3.

    From how many more of them would change the band, the protected ones among them could be counted.
    """
    rules = dict(found.rules)
    return found.is_for_custodian or not any(THREES in rules[band] for band in (found.band, change.band))


def coarse_index(found: Explanation, words: PlainWords) -> list[str]:
    """The index so coarsely that no protected answer can be worked out of it, not even with all that is shown beside.

    All answers weigh alike: with three decimals their number, and so what is not shown, could be reckoned.
    """
    band = words.band(found.band)
    if found.index is None or found.low is None or found.high is None:
        return [words("explain-no-index", band=band)]
    numbers = {"index": tenths(found.index), "low": tenths(found.low), "high": tenths(found.high)}
    return [
        _("%(band)s: an index of about %(index)s, from 1 (least) to 3 (most).") % {"band": band, **numbers},
        _("Were every question answered, it would lie between about %(low)s and about %(high)s.") % numbers,
        coarse_coverage(found.coverage),
    ]


def coarse_coverage(coverage: int) -> str:
    """How much is known, in three steps."""
    if coverage >= 667:
        return _("Most questions that concern this person are answered.")
    if coverage >= 333:
        return _("About half of the questions that concern this person are answered.")
    return _("Few of the questions that concern this person are answered.")


def coarse_part(found: Explanation, reason: Reason) -> str:
    """How much of the index an answer makes up beside the others that are shown: nothing of those that are not."""
    share = reason.part / max(each.part for each in found.reasons)
    return _("much") if share > 0.8 else _("some") if share > 0.5 else _("little")


def tenths(thousandths: int) -> str:
    """A figure with one decimal."""
    return f"{(thousandths + 50) // 100 / 10:.1f}"


def _index(found: Explanation, words: PlainWords) -> list[str]:
    band = words.band(found.band)
    if found.index is None:
        return [words("explain-no-index", band=band)]
    said = [
        words("explain-index", band=band, index=index_said(found.index), coverage=share_said(found.coverage)),
        words("explain-bounds", low=index_said(found.low), high=index_said(found.high)),
    ]
    if found.band_without_status:
        said.append(words("explain-without-status", band=words.band(found.band_without_status)))
    return said


def _missing(words: PlainWords, name: str, asked: Mapping[str, str]) -> dict[str, str]:
    why = [words(f"explain-asked-{state}", register=words.register(register)) for register, state in asked.items()]
    return {"name": words.indicator(name), "why": "; ".join(why) or words("explain-asked-nobody")}


def _change(words: PlainWords, change: Change, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "says": words(f"explain-kind-{change.kind}", band=words.band(change.band)),
        "ways": [words.way(way, names) for way in change.ways[:MOST_WAYS]],
    }


def _linkage(found: Explanation, words: PlainWords) -> dict[str, Any]:
    """The rows and links that carry the person; a row's own number is for the custodian only."""
    left_apart = ""
    if found.n_left_apart:
        left_apart = ngettext(
            "%(n)s pair with a row of somebody else was left apart, and is to be judged by a person.",
            "%(n)s pairs with rows of somebody else were left apart, and are to be judged by a person.",
            found.n_left_apart,
        ) % {"n": found.n_left_apart}
    return {
        "rows": [
            {
                "source": words.register(row.source),
                "row": row.row_id if found.is_for_custodian else "",
                "says": how_sure(row, is_alone=len(found.rows) == 1 and not found.hides_rows),
            }
            for row in found.rows
        ],
        "links": [_link(words, link, is_open=found.is_for_custodian) for link in found.links],
        "left_apart": left_apart,
        "hides_rows": found.hides_rows,
    }


def how_sure(row: HeldRow, *, is_alone: bool) -> str:
    """How sure it is that a row is hers, in words."""
    if row.certainty is None:
        return _("held only by rows that are not listed here")
    if is_alone:
        return _("the only row")
    told = {"share": share_said(int(row.certainty * 1000))}
    if row.certainty >= CERTAIN:
        return _("almost certainly of this person (%(share)s)") % told
    if row.certainty >= LIKELY:
        return _("likely of this person (%(share)s)") % told
    return _("in doubt (%(share)s): ask before you rely on it") % told


def _link(words: PlainWords, link: HeldLink, *, is_open: bool) -> dict[str, Any]:
    left, right = (each if is_open else words.register(each.partition(":")[0]) for each in (link.left, link.right))
    return {
        "pair": _("%(left)s and %(right)s") % {"left": left, "right": right},
        "share": share_said(int(link.probability * 1000)),
        "evidence": [words.evidence_of(code) for code in link.evidence],
        "is_doubtful": link.is_doubtful,
    }


def place_words(place: Figure, language: str) -> dict[str, Any]:
    """What pages say of a subdistrict: its name, its run, and the day from which that looks."""
    return {"place": place, "name": place.called(language), "run": place.run}
