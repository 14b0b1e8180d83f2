"""How sets are shown: every indicator in plain words with what was said of it, and what a draft would change."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from sarana.basics.actors import Actor
from sarana.ground.accounts.models.agencies import called
from sarana.learning.population.models import AreaLevel
from sarana.learning.population.sets import policy
from sarana.learning.population.sets.models import OwnSet, SetEffect, SetNote
from sarana.methods.areas.answers import is_wide_only
from sarana.methods.questions.explain_words import read_plain_words, said_of_set
from sarana.methods.risk.sets import list_sets
from sarana.methods.risk.shapes import Indicator, IndicatorSet

LEVELS: Final[Mapping[str, Any]] = {
    "person": _("of the person alone"),
    "household": _("the whole household shares the answer"),
}
STATES: Final[Mapping[str, Any]] = {
    "red": _("high"),
    "yellow": _("middle"),
    "green": _("low"),
    "grey": _("not known enough"),
    "left out": _("left out of the count"),
}
GRADES: Final[Mapping[str, Any]] = {
    "A": _("evidence of the region"),
    "B": _("evidence of the world"),
    "C": _("judgement of experts"),
}
ABSENCE: Final[Mapping[str, Any]] = {"none": _("means that there is none"), "unknown": _("means that it is not known")}
PARTS: Final[Mapping[str, Any]] = {
    "name": _("name"),
    "score": _("rules"),
    "applies": _("for whom"),
    "weight": _("weight"),
    "status": _("on or off"),
    "max_age_months": _("oldest value"),
    "sources": _("what it rests on"),
    "note": _("note"),
    "fields": _("fields"),
    "absence": _("absence"),
    "none": _("absence"),
    "only in the first": _("left out"),
    "only in the second": _("new"),
    "parameters": _("numbers"),
    "banding": _("way of banding"),
    "bandings": _("rules of bands"),
    "leave_out": _("who is left out"),
    "registers": _("registers"),
    "legal_status": _("legal status"),
    "refer_now": _("refer now"),
}


@dataclass(frozen=True, slots=True)
class Note:
    """A note, and whether the reader may take it back."""

    note: SetNote
    is_mine: bool


@dataclass(frozen=True, slots=True)
class Move:
    """A district that surely changes rank: its rank now, and from where to where it may lie under the draft."""

    name: str
    before: int
    best: int
    worst: int
    is_rise: bool


def notes(actor: Actor, found: Iterable[SetNote]) -> dict[str, list[Note]]:
    """Notes by the indicator that they are about."""
    by: dict[str, list[Note]] = {}
    for each in found:
        by.setdefault(each.indicator, []).append(Note(each, policy.may_take_back(actor, each)))
    return by


def whole(of: IndicatorSet, said: Mapping[str, Sequence[Note]], language: str) -> dict[str, Any]:
    """Everything that a page tells of a set."""
    indicators = [_indicator(of, each, said.get(each.id, ()), language) for each in of.indicators]
    known = {each.id for each in of.indicators}
    return {
        "of": of,
        "title": said_in(of.title, language),
        "indicators": indicators,
        "parameters": [
            (name, each.value, said_in(each.unit, language), said_in(each.source, language))
            for name, each in of.parameters.items()
        ],
        "bandings": [
            {
                "name": name,
                "says": said_in(each.says, language),
                "is_used": name == of.banding,
                "rules": [(STATES[band], each.rules[band]) for band in each.order],
            }
            for name, each in of.bandings.items()
        ],
        "literature": list(of.literature.items()),
        "registers": [(name, said_in(each, language)) for name, each in of.registers.items()],
        "notes": said.get("", ()),
        "gone": [(key, each) for key, found in said.items() if key and key not in known for each in found],
    }


def first_of(own: OwnSet) -> str:
    """What stands for the set that a version was copied from, in the command of the operator."""
    name, _space, number = own.copied_from.partition(" ")
    return name if name in list_sets() else f"{name}-{number}.toml"


def effects(own: OwnSet, found: Sequence[SetEffect], language: str) -> list[dict[str, Any]]:
    """What a draft would change, in words."""
    return [_effect(own, each, language) for each in found]


def _indicator(of: IndicatorSet, each: Indicator, said: Sequence[Note], language: str) -> dict[str, Any]:
    return {
        "one": each,
        "name": name_in(each.name, language),
        "sector": sector_in(each.sector, of.sectors[each.sector], language),
        "is_wide": is_wide_only(of, each.id),
        "level": LEVELS[each.level],
        "is_for_all": each.applies.strip() == "always",
        "rules": [(key, each.score[key]) for key in ("3", "2", "1") if key in each.score],
        "absence": [(register, ABSENCE[means]) for register, means in each.absence.items()],
        "grade": GRADES[each.grade[0]],
        "is_doubted": each.grade.endswith("-"),
        "sources": [of.literature[key] for key in each.sources],
        "months": of.max_age_months if each.max_age_months is None else each.max_age_months,
        "note": said_in(each.note, language) if each.note else "",
        "notes": said,
    }


def said_in(text: str, language: str) -> str:
    """What a set says of itself in the reader's language; a sentence of somebody's own set has no other."""
    return said_of_set(text, "th") if language == "th" else text


def name_in(name: str, language: str) -> str:
    """The name in the reader's language, where somebody wrote it; a set's own name has no other."""
    return read_plain_words("th").indicator(name) if language == "th" else name


def sector_in(key: str, name: str, language: str) -> str:
    """A sector, likewise, from its key and its own name."""
    said = read_plain_words("th").register(key) if language == "th" else key
    return said_in(name, language) if said == key else said


def _effect(own: OwnSet, effect: SetEffect, language: str) -> dict[str, Any]:
    told = effect.told
    n, changed = told["n_people"], told["n_changed"]
    share = None if changed is None or not n else max(0, min(100, round(100 * changed / n)))
    return {
        "effect": effect,
        "run": told["run"],
        "as_of": date.fromisoformat(told["as_of"]),
        "share": share,
        "parts": [PARTS.get(part, part) for part in told["parts"]],
        "indicators": [
            (each["id"], name_in(each["name"], language), _what(each["what"])) for each in told["indicators"]
        ],
        "moves": [_move(each, told.get("names", {}), own.area[:2], language) for each in told["areas"]],
        "n_districts": told["n_areas"].get(AreaLevel.DISTRICT.value, 0),
        "flows": [(STATES[each["before"]], STATES[each["after"]], each["n"]) for each in told["flows"]],
    }


def _move(move: Mapping[str, Any], names: Mapping[str, str], country: str, language: str) -> Move:
    first, best, worst = move["rank_before"], move["rank_after"], move.get("rank_until") or move["rank_after"]
    name = called(move["name"], names.get(move["code"], ""), country, language)
    return Move(name, first, best, worst, is_rise=worst < first)


def _what(said: str) -> list[Any]:
    return list(dict.fromkeys(PARTS.get(part, part) for part in said.split(", ")))
