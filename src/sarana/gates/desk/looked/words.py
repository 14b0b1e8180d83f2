"""Entries as people read them: names beside references, acts and roles in the language of the page."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sarana.basics.actors import NOBODY, Actor
from sarana.gates.desk.kinds import kind_words
from sarana.ground.accounts import queries as accounts
from sarana.ground.codelists.queries import purposes_for
from sarana.ground.ledger.models import Entry
from sarana.ground.ledger.queries import AccessRow, Pattern, Question, WorkerCount
from sarana.ground.vault.identities.parts import words_of as parts_words
from sarana.methods.reference import read_reference


@dataclass(frozen=True, slots=True)
class Names:
    """Names of people and agencies that the actor may see; everybody else stays without a name."""

    people: Mapping[UUID, str]
    agencies: Mapping[UUID, str]
    roles: Mapping[str, str]
    purposes: Mapping[str, str]

    def person(self, ref: UUID) -> str:
        """Her name at work, or what can be said instead."""
        if ref == NOBODY:
            return _("the machine itself")
        return self.people.get(ref, _("somebody of another agency"))

    def agency(self, ref: UUID | None) -> str:
        """The name of an agency."""
        return self.agencies.get(ref, "") if ref else ""

    def purpose_words(self, code: str) -> str:
        """A purpose in words; one that no list has any more by its code."""
        return self.purposes.get(code, code)

    def role_words(self, codes: str) -> str:
        """Roles in words."""
        return ", ".join(self.roles.get(code, code) for code in codes.split())


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as it stands in a list."""

    entry: Entry
    who: str
    roles: str
    agency: str
    owner: str
    act: str
    result: str
    kind: str
    purpose: str
    parts: str

    @property
    def code(self) -> str:
        """The code of a refusal or a failure; parts that were opened have words."""
        return "" if self.parts else self.entry.code


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One row of an access report."""

    row: AccessRow
    roles: str
    agency: str
    act: str
    result: str
    purpose: str


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """One thing that is worth a question."""

    question: Question
    who: str
    says: str


@dataclass(frozen=True, slots=True)
class CountLine:
    """How often one worker did one kind of thing."""

    who: str
    act: str
    count: WorkerCount


def names_for(actor: Actor) -> Names:
    """The names an actor may see, with the doors of the room that keeps them."""
    return Names(
        people={
            actor.account_ref: _("you"),
            **dict(accounts.memberships_for(actor).order_by().values_list("account__ref", "account__name")),
        },
        agencies=accounts.agency_names(actor, get_language() or "en"),
        roles={role.code: role.called(get_language() or "en") for role in accounts.roles()},
        purposes={each.code: each.called(get_language() or "en") for each in purposes_for(actor)},
    )


def lines(names: Names, entries: Iterable[Entry]) -> list[Line]:
    """Entries as lines."""
    return [
        Line(
            entry=entry,
            who=names.person(entry.actor_ref),
            roles=names.role_words(entry.roles),
            agency=names.agency(entry.agency_ref),
            owner=names.agency(entry.owner_agency_ref),
            act=act_words(entry.action),
            result=result_words(entry.result),
            kind=kind_words(entry.thing_kind),
            purpose=names.purpose_words(entry.purpose),
            parts=parts_words(entry.code),
        )
        for entry in entries
    ]


def report_lines(names: Names, rows: Iterable[AccessRow]) -> list[ReportLine]:
    """An access report as lines."""
    return [
        ReportLine(
            row=row,
            roles=names.role_words(row.roles),
            agency=names.agency(row.agency_ref),
            act=act_words(row.action),
            result=result_words(row.result),
            purpose=names.purpose_words(row.purpose),
        )
        for row in rows
    ]


def question_lines(names: Names, questions: Iterable[Question]) -> list[QuestionLine]:
    """What is worth a question, in careful words."""
    says = {
        Pattern.NIGHT: _("opened records %(n)d times between ten in the evening and five in the morning"),
        Pattern.BULK: _("opened %(n)d records in one day, in lists or one by one"),
        Pattern.REFUSALS: _("asked %(n)d times for something that was refused"),
        Pattern.FOREIGN: _("opened %(n)d records that are kept by other agencies"),
        Pattern.AGAIN: _("opened one and the same record %(n)d times"),
    }
    return [QuestionLine(each, names.person(each.actor_ref), says[each.pattern] % {"n": each.n}) for each in questions]


def count_lines(names: Names, counts: Iterable[WorkerCount]) -> list[CountLine]:
    """Counts by the alphabet of names and acts: nobody stands above anybody."""
    found = [CountLine(names.person(each.actor_ref), act_words(each.action), each) for each in counts]
    return sorted(found, key=lambda line: (line.who.casefold(), str(line.count.actor_ref), line.act))


def act_words(code: str) -> str:
    """An act in the language of the page; its code where nobody wrote words for it."""
    return str(_acts().get(code, {}).get("th" if _is_thai() else "en", code))


def act_choices() -> list[tuple[str, str]]:
    """Every act there is, by its words."""
    return sorted(((code, act_words(code)) for code in _acts()), key=lambda choice: choice[1])


def result_words(result: str) -> str:
    """How an act ended."""
    return {"done": _("done"), "refused": _("refused"), "failed": _("could not be done")}.get(result, result)


def day_in(at: dt.date, zone: dt.tzinfo | None) -> dt.datetime:
    """The beginning of a day where the request is made."""
    return dt.datetime.combine(at, dt.time(), tzinfo=zone)


@cache
def _acts() -> Mapping[str, Mapping[str, Any]]:
    return read_reference("acts.toml")


def _is_thai() -> bool:
    return (get_language() or "en").startswith("th")
