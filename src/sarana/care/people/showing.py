"""A person in words: coarse facts, her birth as it was told, her papers, which ways to her are safe in this moment."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from sarana.care.people.forms import HOLDERS, NAME_KINDS, PAPERS, SAFETY, WAYS
from sarana.care.people.models import Person
from sarana.care.people.opening import is_usable
from sarana.care.people.values import (
    BirthOf,
    Contact,
    DocumentOf,
    Names,
    WayOf,
    initials,
    read_contact,
    read_names,
    read_story,
)
from sarana.care.people.world import country_name, language_name
from sarana.ground.pages.calendars import say_day, say_year
from sarana.ground.vault.identities.actions.preserving import Before
from sarana.methods.sealing.identities import Tier

PANELS = (
    ("consents", gettext_lazy("What was agreed to")),
    ("photographs", gettext_lazy("Photographs")),
    ("same", gettext_lazy("Is this person here twice?")),
    ("question", gettext_lazy("Does another agency know this person?")),
    ("conflict", gettext_lazy("Conflicts of interest")),
)
"""What stands on pages of its own about a person, by the name of its address, where that is there."""

TAGS = {"Thai": "th", "Laoo": "lo", "Khmr": "km", "Mymr": "my", "Hani": "zh", "Latn": "und-Latn"}


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of a list: no name but its first letters."""

    person: Person
    initials: str
    sex: str
    languages: str


def listed(people: Iterable[Person], names: dict[UUID, Names]) -> list[Listed]:
    """The lines of a list."""
    return [
        Listed(
            each,
            initials(names[each.ref]) if each.ref in names else "",
            str(each.get_sex_display()),
            ", ".join(map(language_name, each.languages)),
        )
        for each in people
    ]


def facts(person: Person) -> list[tuple[str, str]]:
    """What stands in the open, with its words."""
    return [
        (_("Sex"), str(person.get_sex_display())),
        (_("Nationalities"), ", ".join(map(country_name, person.nationalities)) or _("not known")),
        (_("Without nationality"), str(person.get_stateless_display())),
        (_("Languages"), ", ".join(map(language_name, person.languages)) or _("not known")),
        (_("Interpreter"), _("needed") if person.needs_interpreter else _("not needed")),
        (_("Opened by"), str(person.get_level_display())),
    ]


def names_shown(names: Names) -> dict[str, Any]:
    """The tier of names for the one page on which it is shown."""
    kinds = dict(NAME_KINDS)
    return {
        "all": [
            {"text": each.text, "kind": kinds[each.kind], "given": each.given, "family": each.family,
             "tongue": TAGS.get(each.script, "und")}
            for each in names.names
        ],
        "birth": birth_words(names.birth),
        "gender": names.gender,
        "papers": [_paper(each) for each in names.documents],
        "is_withheld": any(each.held_by == "withheld" for each in names.documents),
    }  # fmt: skip


def birth_words(birth: BirthOf | None) -> str:
    """When she was born, as closely as it is known."""
    if birth is None:
        return ""
    day = dt.date(birth.year, birth.month or 7, birth.day or 1)
    if birth.month and birth.day:
        said = say_day(day)
    elif birth.month:
        said = f"{birth.month:02}/{say_year(day)}"
    else:
        said = say_year(day)
    if birth.give_or_take:
        return ngettext(
            "about %(said)s, give or take %(n)s year", "about %(said)s, give or take %(n)s years", birth.give_or_take
        ) % {"said": said, "n": birth.give_or_take}
    return said


def contact_shown(contact: Contact, now: dt.datetime) -> dict[str, Any]:
    """The ways that are safe in this moment; of the others nothing but why not, and what would have to be known."""
    kinds = dict(WAYS)
    usable = [way for way in contact.ways if is_usable(way, now)]
    return {
        "ways": [
            {"kind": kinds[way.kind], "value": way.value, "whose": way.whose, "say": way.say, "how": _how(way),
             "since": way.said_on}
            for way in usable
        ],
        "shut": [{"kind": kinds[way.kind], "why": why_not(way)} for way in contact.ways if not is_usable(way, now)],
        "address": contact.address,
    }  # fmt: skip


def before_shown(before: Before) -> dict[str, Any]:
    """An earlier version of a tier, whole, for whoever hands it to a court: also ways that nobody may use."""
    kinds, safety = dict(WAYS), dict(SAFETY)
    words: dict[str, Any] = {"until": before.until_at, "version": before.version, "tier": before.tier}
    if before.tier == Tier.NAMES:
        return {**words, "names": names_shown(read_names(before.values))}
    if before.tier == Tier.STORY:
        return {**words, "story": read_story(before.values)}
    contact = read_contact(before.values)
    ways = [
        {"kind": kinds[way.kind], "value": way.value, "whose": way.whose, "how": safety[way.safety],
         "since": way.said_on}
        for way in contact.ways
    ]  # fmt: skip
    return {**words, "contact": {"ways": ways, "area": contact.area, "address": contact.address}}


def why_not(way: WayOf) -> str:
    """Why a way is not shown now, and what would have to be written down."""
    if way.safety == "at-hours" and way.hours:
        first, last = (f"{hour:02}:00" for hour in way.hours)
        return _("Safe from %(first)s to %(last)s only. Open it again then.") % {"first": first, "last": last}
    if way.safety == "unsafe":
        return _(
            "Not safe: shown to nobody. Once the person says that it is safe again, write that down, and when or "
            "through whom."
        )
    return _("Nobody asked whether it is safe. Ask the person, and write down the answer; then it is shown.")


def _how(way: WayOf) -> str:
    if way.safety == "at-hours" and way.hours:
        first, last = (f"{hour:02}:00" for hour in way.hours)
        return _("safe now, until %(last)s (from %(first)s)") % {"first": first, "last": last}
    return str(dict(SAFETY)[way.safety])


def _paper(paper: DocumentOf) -> dict[str, Any]:
    return {
        "kind": dict(PAPERS)[paper.kind],
        "number": paper.number,
        "country": country_name(paper.country) if paper.country else "",
        "until": paper.until,
        "holder": dict(HOLDERS)[paper.held_by],
        "is_withheld": paper.held_by == "withheld",
    }


def panels(ref: UUID, *, only: frozenset[str]) -> list[tuple[Any, str]]:
    """What stands on pages of its own about a person: its words and its address, for the pages that are named."""
    found = []
    for name, words in PANELS:
        if name not in only:
            continue
        try:
            found.append((words, reverse(f"people:{name}", args=[ref])))
        except NoReverseMatch:
            continue
    return found
