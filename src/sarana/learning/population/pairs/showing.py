"""What a page says of a queue and of a pair: words for how alike two records are, and where their values differ."""

import datetime as dt
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sarana.basics.actors import Actor
from sarana.ground.codelists.queries import purposes_open_to
from sarana.ground.pages.calendars import say_day, say_year
from sarana.learning.population.models import Run
from sarana.learning.population.opened.shelves import has_shelf
from sarana.learning.population.pairs import policy, queries
from sarana.learning.population.pairs.models import Verdict
from sarana.learning.population.policy import FOR_LINKAGE
from sarana.methods.questions.pairs import ALIKE, DIFFERENT, MISSING, SAME, Pair, Record
from sarana.methods.reference import read_reference

STATES = {
    SAME: ("=", gettext_lazy("same")),
    ALIKE: ("≈", gettext_lazy("alike")),
    DIFFERENT: ("≠", gettext_lazy("different")),
    MISSING: ("–", gettext_lazy("missing")),
}
"""For each state its sign and its word: never by colour alone."""

FIELDS = {
    "given": gettext_lazy("Given name"),
    "family": gettext_lazy("Family name"),
    "birth": gettext_lazy("Born"),
    "sex": gettext_lazy("Sex"),
    "place": gettext_lazy("Place where they live"),
    "house": gettext_lazy("House"),
    "household": gettext_lazy("Household"),
    "id": gettext_lazy("Identity number"),
}
SEXES = {"female": gettext_lazy("female"), "male": gettext_lazy("male")}
TITLES = {
    "mr": gettext_lazy("Mr"),
    "mrs": gettext_lazy("Mrs"),
    "miss": gettext_lazy("Miss"),
    "boy": gettext_lazy("boy"),
    "girl": gettext_lazy("girl"),
}
WITH_VALUES = ("given", "family", "birth", "sex", "id")
TURNED = "names-in-other-order"
MOST_CLUSTERS = 200
LEAST_ALIKE = 0.4
"""Under this share of letters in common, as between two scripts, marks would only be noise."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a value, and whether the other value has something else there."""

    text: str
    is_other: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One thing compared: both values in pieces (none where only words are shown), and how alike they are."""

    field: Any
    values: tuple[tuple[Piece, ...], tuple[Piece, ...]]
    has_values: bool
    state: str
    sign: str
    word: Any
    says: str


def queue_words(actor: Actor, run: Run) -> dict[str, Any]:
    """What the list says of one queue."""
    counts = queries.counts_of(run)
    return {
        "run": run,
        "is_open": has_shelf(run.ref),
        "n_left": queries.left_in(run).count(),
        "n_mine": queries.left_for(actor, run).count(),
        "counts": [(verdict.label, counts.get(verdict.value, 0)) for verdict in Verdict],
        "sure": [
            (verdict, n)
            for verdict in (Verdict.SAME, Verdict.NOT_SAME)
            if (n := queries.sure_for(actor, run, verdict).count())
        ],
        "agreement": queries.agreement_in(run),
        "batches": queries.batches_of(actor, run),
    }


def offered_purpose(actor: Actor, language: str) -> dict[str, Any] | None:
    """The purpose that has to be stated before a pair is opened, where it is in force for her."""
    found = next((each for each in purposes_open_to(actor) if each.code in FOR_LINKAGE), None)
    return {"ref": found.ref, "name": found.called(language), "says": found.says(language)} if found else None


def budget_left(actor: Actor) -> int:
    """How many pairs she may still open today."""
    return max(0, policy.MOST_A_DAY - queries.n_opened_today(actor))


def pair_words(content: Pair, language: str) -> dict[str, Any]:
    """What a page says of one pair."""
    words = read_reference("linkage/evidence.toml")["words"]
    one, other = content.records
    lines = []
    for name, (state, code) in content.states().items():
        sign, word = STATES[state]
        by = _words if name == "birth" else _clusters
        values = _pieces(by(_value(one, name)), by(_value(other, name)), is_same=state == SAME)
        says = words[code].get(language) or words[code]["en"] if code else ""
        lines.append(Line(FIELDS[name], values, name in WITH_VALUES, state, sign, word, says))
    turned = words[TURNED].get(language) or words[TURNED]["en"] if TURNED in content.evidence else ""
    return {
        "lines": lines,
        "beside": [row for row in _beside(one, other) if row[1] or row[2]],
        "turned": turned,
        "is_joined": content.is_joined,
        "probability": round(100 * content.probability),
    }


def _pieces(one: list[str], other: list[str], *, is_same: bool) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Two values in pieces, marked where they differ; none where they are the same, or have little in common."""
    match = SequenceMatcher(None, one, other, autojunk=False)
    if is_same or len(one) + len(other) > MOST_CLUSTERS or match.ratio() < LEAST_ALIKE:
        return _plain(one), _plain(other)
    found: tuple[list[Piece], list[Piece]] = ([], [])
    for kind, a, b, c, d in match.get_opcodes():
        for side, part in zip(found, (one[a:b], other[c:d]), strict=True):
            if part:
                side.append(Piece("".join(part), kind != "equal"))
    return tuple(found[0]), tuple(found[1])


def _plain(value: list[str]) -> tuple[Piece, ...]:
    return (Piece("".join(value), is_other=False),) if value else ()


def _words(text: str) -> list[str]:
    """Words with the blank behind them."""
    return [f"{word} " for word in text.split()]


def _clusters(text: str) -> list[str]:
    """Letters with the marks that stand on them, which are never torn apart."""
    found: list[str] = []
    for letter in text:
        if found and unicodedata.category(letter) in ("Mn", "Mc"):
            found[-1] += letter
        else:
            found.append(letter)
    return found


def _value(record: Record, name: str) -> str:
    if name == "birth":
        return _born(record)
    if name == "sex":
        return str(SEXES.get(record.sex or "", ""))
    value = getattr(record, name) if name in ("given", "family", "id") else None
    return value or ""


def _born(record: Record) -> str:
    if not record.birth:
        return ""
    day = dt.date.fromisoformat(record.birth)
    return say_year(day) if record.birth_precision == "year" else say_day(day)


def _beside(one: Record, other: Record) -> list[tuple[str, str, str]]:
    """What is shown beside, and was not compared."""
    return [
        (_("Title"), str(TITLES.get(one.title or "", "")), str(TITLES.get(other.title or "", ""))),
        (_("Nickname"), one.nickname or "", other.nickname or ""),
    ]
