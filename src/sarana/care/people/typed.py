"""What was typed as values to be sealed, and what was sealed as a form shows it: a way that is not safe stays shut."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

import msgspec
from django.http import QueryDict
from django.utils.translation import gettext as _

from sarana.care.people.actions import Facts
from sarana.care.people.fields import Lines, raw
from sarana.care.people.forms import BirthForm, FactsForm, NameForm, PaperForm, StoryForm, WayForm, WhereForm
from sarana.care.people.models import Person
from sarana.care.people.opening import is_usable
from sarana.care.people.values import BirthOf, Contact, DocumentOf, NameOf, Names, Story, WayOf
from sarana.care.people.world import country_name
from sarana.ground.accounts import keyed
from sarana.ground.pages.calendars import buddhist_year

type FindArea = Callable[[str], tuple[str, str]]
"""From what was typed the code of an area, or "" and what is wrong with it."""


@dataclass(slots=True)
class NamesTyped:
    """Names, birth and papers on a page."""

    names: Lines[NameForm]
    birth: BirthForm
    papers: Lines[PaperForm]

    @classmethod
    def of(cls, data: QueryDict | None, saved: Names | None = None, *, more: str = "") -> "NamesTyped":
        """From what was sent, or from what was saved; `more` names the lines of which there shall be more."""
        names = Lines(NameForm, "names", data, initial=_names_shown(saved), more=bool(more))
        papers = Lines(PaperForm, "papers", data, initial=_papers_shown(saved), least=1, more=bool(more))
        birth = (
            BirthForm(data, prefix="birth") if data is not None else BirthForm(prefix="birth", initial=_birth(saved))
        )
        return cls(names, BirthForm(prefix="birth", initial=raw(birth)) if more else birth, papers)

    def is_valid(self) -> bool:
        """Whether all of it is; there has to be a name."""
        fine = all([self.names.is_valid(), self.birth.is_valid(), self.papers.is_valid()])
        if all(each.is_blank for each in self.names):
            self.names.forms[0].add_error(
                "text", _("Write one name at least; where none is known, what the person is called.")
            )
            return False
        return fine

    def values(self, today: dt.date) -> Names:
        """What is sealed."""
        return Names(
            tuple(each.cleaned_data["name"] for each in self.names if not each.is_blank),
            _birth_of(self.birth.cleaned_data, today),
            tuple(_paper_of(each.cleaned_data) for each in self.papers if not each.is_blank),
            self.birth.cleaned_data["gender"],
        )

    def forms(self) -> list[Any]:
        """Every form, for the notice above."""
        return [*self.names, self.birth, *self.papers]


@dataclass(slots=True)
class ContactTyped:
    """Ways to reach her, and where she is, on a page."""

    ways: Lines[WayForm]
    where: WhereForm
    kept: Mapping[str, WayOf] = field(default_factory=dict)
    """Ways that are kept and not shown, by what stands for each."""

    @classmethod
    def of(
        cls,
        data: QueryDict | None,
        saved: Contact | None = None,
        *,
        person: UUID | None,
        now: dt.datetime,
        more: str = "",
    ) -> "ContactTyped":
        """As `NamesTyped.of`; of a way that may not be used now, its line holds a mark and not its value."""
        ways = Lines(WayForm, "ways", data, initial=_ways_shown(saved, person, now), least=1, more=bool(more))
        shown = {"area": saved.area, "address": saved.address} if saved else {}
        where = WhereForm(data, prefix="where") if data is not None else WhereForm(prefix="where", initial=shown)
        kept = {mark_of(person, way): way for way in saved.ways} if saved and person else {}
        return cls(ways, WhereForm(prefix="where", initial=raw(where)) if more else where, kept)

    def is_valid(self, find_area: FindArea) -> bool:
        """Whether all of it is."""
        fine = all([self.ways.is_valid(), self.where.is_valid()])
        broken = [each for each in self.ways if each.is_kept and not each.errors and not self._is_whole(each)]
        fine = fine and not broken
        if fine and self.where.cleaned_data["area"]:
            code, wrong = find_area(self.where.cleaned_data["area"])
            self.where.cleaned_data["area"] = code
            if wrong:
                self.where.add_error("area", wrong)
        return fine and not self.where.errors

    def _is_whole(self, line: WayForm) -> bool:
        """Whether a line without a value has one that is kept, and all that its safety needs."""
        given, was = line.cleaned_data, self.kept.get(line.cleaned_data["mark"])
        if given["gone"] or (was is None and given["value"]):
            return True
        if was is None:
            line.add_error("value", _("This way was changed meanwhile. Write it anew, or take it away."))
        elif given["safety"] == "through-other" and not (given["whose"] or was.whose):
            line.add_error("whose", _("Write through whom."))
        return not line.errors

    def values(self, today: dt.date) -> Contact:
        """What is sealed."""
        told = [each.cleaned_data for each in self.ways if not each.is_blank]
        ways = tuple(self._way(given, today) for given in told if not given["gone"])
        return Contact(ways, self.where.cleaned_data["area"], self.where.cleaned_data["address"])

    def forms(self) -> list[Any]:
        """Every form."""
        return [*self.ways, self.where]

    def _way(self, given: Mapping[str, Any], today: dt.date) -> WayOf:
        was = self.kept.get(given["mark"])
        is_at_hours = given["safety"] == "at-hours"
        made = WayOf(
            given["kind"] or "phone",
            given["value"] or (was.value if was else ""),
            given["whose"] or (was.whose if was else ""),
            given["safety"] or "unknown",
            (int(given["first"]), int(given["last"])) if is_at_hours else None,
            given["say"] or (was.say if was else ""),
            today,
        )
        before = next((way for way in self.kept.values() if _said(way) == _said(made)), None)
        return msgspec.structs.replace(made, said_on=before.said_on) if before else made


@dataclass(slots=True)
class StoryTyped:
    """Her story on a page."""

    story: StoryForm

    @classmethod
    def of(cls, data: QueryDict | None, saved: Story | None = None, *, more: str = "") -> "StoryTyped":
        """As `NamesTyped.of`."""
        shown = {"own_words": saved.own_words, "health": saved.health} if saved else {}
        form = StoryForm(data, prefix="story") if data is not None else StoryForm(prefix="story", initial=shown)
        return cls(StoryForm(prefix="story", initial=raw(form)) if more else form)

    def is_valid(self) -> bool:
        """Whether it is."""
        return self.story.is_valid()

    def values(self) -> Story:
        """What is sealed."""
        return Story(self.story.cleaned_data["own_words"], self.story.cleaned_data["health"])

    def forms(self) -> list[Any]:
        """The form."""
        return [self.story]


def facts_form(data: QueryDict | None, person: Person | None = None, *, more: str = "") -> FactsForm:
    """What stands in the open, on a page."""
    if data is not None:
        form = FactsForm(data, prefix="facts")
        return FactsForm(prefix="facts", initial=raw(form)) if more else form
    return FactsForm(prefix="facts", initial=_facts_shown(person) if person else {})


def facts_of(form: FactsForm) -> Facts:
    """The same as values."""
    given = form.cleaned_data
    return Facts(
        Person.Sex(given["sex"]),
        Person.Stateless(given["stateless"]),
        given["nationalities"],
        given["languages"],
        given["needs_interpreter"],
        Person.Level(given["level"]),
    )


def mark_of(person: UUID | None, way: WayOf) -> str:
    """What stands for a way in a form that does not show it: from it nothing can be read."""
    return keyed.mark("way of a person", str(person), *map(str, _said(way)))[:32]


def _said(way: WayOf) -> tuple[Any, ...]:
    return way.kind, way.value, way.whose, way.safety, way.hours, way.say


def _names_shown(saved: Names | None) -> list[dict[str, Any]]:
    names: Sequence[NameOf] = saved.names if saved else ()
    return [{"text": each.text, "kind": each.kind, "given": each.given, "family": each.family} for each in names]


def _papers_shown(saved: Names | None) -> list[dict[str, Any]]:
    return [
        {
            "kind": each.kind,
            "number": each.number,
            "country": country_name(each.country) if each.country else "",
            "until": each.until,
            "held_by": each.held_by,
        }
        for each in (saved.documents if saved else ())
    ]


def _birth(saved: Names | None) -> dict[str, Any]:
    if saved is None:
        return {}
    found: dict[str, Any] = {"gender": saved.gender}
    if saved.birth:
        birth = saved.birth
        # Without a month as in December: that lay in the year of the same number under either rule.
        is_buddhist, day = birth.calendar == "buddhist", dt.date(birth.year, birth.month or 12, 1)
        year = buddhist_year(day) if is_buddhist else birth.year
        found |= {"year": year, "month": birth.month, "day": birth.day, "calendar": birth.calendar}
        found["give_or_take"] = birth.give_or_take or None
    return found


def _birth_of(given: Mapping[str, Any], today: dt.date) -> BirthOf | None:
    if given["age"] is not None:
        return BirthOf(today.year - given["age"], give_or_take=max(1, given["give_or_take"] or 0))
    if given["year"] is None:
        return None
    calendar: Literal["gregorian", "buddhist"] = "buddhist" if given["calendar"] == "buddhist" else "gregorian"
    return BirthOf(given["common"], given["month"], given["day"], given["give_or_take"] or 0, calendar)


def _paper_of(given: Mapping[str, Any]) -> DocumentOf:
    return DocumentOf(
        given["kind"] or "other", given["number"], given["country_code"], given["until"], given["held_by"] or "unknown"
    )


def _ways_shown(saved: Contact | None, person: UUID | None, now: dt.datetime) -> list[dict[str, Any]]:
    return [_way_shown(each, person, now) for each in (saved.ways if saved else ())]


def _way_shown(way: WayOf, person: UUID | None, now: dt.datetime) -> dict[str, Any]:
    """A line of the form; of a way that may not be used now only its kind and its rule."""
    shown: dict[str, Any] = {"kind": way.kind, "safety": way.safety}
    if way.hours:
        shown |= {"first": str(way.hours[0]), "last": str(way.hours[1])}
    if is_usable(way, now):
        return shown | {"value": way.value, "whose": way.whose, "say": way.say}
    return shown | {"mark": mark_of(person, way)}


def _facts_shown(person: Person) -> dict[str, Any]:
    return {
        "sex": person.sex,
        "stateless": person.stateless,
        "nationalities": person.nationalities,
        "languages": person.languages,
        "needs_interpreter": person.needs_interpreter,
        "level": person.level,
    }
