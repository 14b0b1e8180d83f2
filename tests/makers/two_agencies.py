"""Our agency and theirs, where everything of theirs carries a mark that must never be seen on our side."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.test import Client

from makers.agencies import NOW, a_person, acting, an_agency
from makers.browsers import sign_in
from sarana.basics.privacy import Privacy
from sarana.ground.accounts import actions
from sarana.ground.accounts.guarded import GIVE_ROLE
from sarana.ground.accounts.models import Account, Agency, Role, Sitting
from sarana.ground.accounts.models.store import owner_mark
from sarana.ground.breaches import actions as breaches
from sarana.ground.ledger.actions import record
from sarana.ground.ledger.models import Entry
from sarana.ground.words.actions import propose
from sarana.learning.population.models import (
    Batch,
    BoundaryFile,
    CodeMeaning,
    HandedFile,
    Judgement,
    Pair,
    Profile,
    Run,
    Source,
)

ADMIN, OFFICER = "organisation-administrator", "data-protection-officer"
MARK = "zqmark"
SEEN_BY_ALL = frozenset({"Agency", "Role", "Edition", "Area", "Change", "Word", "Translation", "Purpose"})
"""Models whose rows the policy opens to everybody who works in the system."""

SEEN_BY_ROLE = frozenset(
    {"Run", "Figure", "Drawing", "Indicator", "Answer", "Better", "BackTest", "OwnSet", "SetNote", "SetEffect"}
)
"""Models whose rows the policy opens by role, whichever agency they belong to: protected tables of areas, and
how people are measured."""

OF_NO_AGENCY = frozenset({"SentForm", "Sitting", "Trial", "Waiting", "Seal", "Backup", "Drill", "LetGo"})
"""Models that hold only numbers and hashes, or are about files of the whole installation; each is here because somebody
looked."""


@dataclass(frozen=True)
class World:
    """Two agencies, and who works in ours."""

    ours: Agency
    theirs: Agency
    people: dict[str, Account]
    marks: tuple[bytes, ...]
    refs: dict[str, tuple[UUID, ...]]
    """Their references by the kind of thing; their agency itself, which everybody may see, is not among them."""


def a_world(*roles: str) -> World:
    """Ours with a person for each role; theirs with an administrator, an officer, a worker, and all that they have."""
    ours, theirs = an_agency("Our house"), an_agency("Their house")
    people = {role: a_person(ours, role, name=f"Our {role}") for role in dict.fromkeys((*roles, ADMIN))}
    staff = {role: a_person(theirs, role, name=f"Their {role}") for role in (ADMIN, OFFICER, "case-worker")}
    for account in staff.values():
        _busy(account, theirs)
    _has_a_source(theirs)
    _has_pairs(theirs)
    propose(acting(staff[ADMIN]), GIVE_ROLE, agency=theirs, subject=staff["case-worker"], role=OFFICER)
    _mark(theirs)
    refs = _refs(theirs)
    marks = tuple(f"{form}".encode() for kind in refs.values() for ref in kind for form in (ref, ref.hex))
    return World(ours, theirs, people, (MARK.encode(), *marks), refs)


def _has_a_source(agency: Agency) -> None:
    """A source of another province than ours, with a file; whoever answers for a province sees what lies in it."""
    source = Source.objects.create(
        agency=agency,
        area="TH57",
        code="health",
        layout="health",
        name=f"{MARK} register",
        custodian=f"{MARK} office",
        as_of=NOW.date(),
        registered_at=NOW,
        registered_by_ref=agency.ref,
    )
    HandedFile.objects.create(
        source=source, part="health.csv", sha256=MARK, n_bytes=1, handed_at=NOW, handed_by_ref=agency.ref
    )
    BoundaryFile.objects.create(
        agency=agency, area="TH57", drawn_by=f"{MARK} survey", as_of=NOW.date(), sha256=MARK, n_bytes=1, content=b"x",
        outlines=b"x", brought_at=NOW, brought_by_ref=agency.ref,
    )  # fmt: skip
    Profile.objects.create(source=source, made_at=NOW, made_by_ref=agency.ref, would_stop=False)
    CodeMeaning.objects.create(
        source=source, field="sex", code=MARK, target=MARK, version=1, said_at=NOW, said_by_ref=agency.ref
    )


def _has_pairs(agency: Agency) -> None:
    """Pairs of a run of another province than ours, one of them judged."""
    run = Run.objects.create(
        agency=agency, name="Elsewhere", area="TH57", as_of=NOW.date(), is_invented=True, indicator_set="x",
        opens_at="district", fingerprint="0", table_hash="0", taken_in_at=NOW,
    )  # fmt: skip
    pair = Pair.objects.create(run=run, place=1, held_by_ref=agency.ref)
    batch = Batch.objects.create(run=run, verdict="same", n_pairs=1, judged_at=NOW, judged_by_ref=agency.ref)
    Judgement.objects.create(
        pair=pair, verdict="same", sealed=b"sealed", batch=batch, judged_at=NOW, judged_by_ref=agency.ref
    )


def _refs(agency: Agency) -> dict[str, tuple[UUID, ...]]:
    found: dict[str, tuple[UUID, ...]] = {}
    of_people = [owner_mark(account.ref) for account in Account.objects.filter(memberships__agency=agency)]
    for row in itertools.chain(rows_of(agency), Sitting.objects.filter(owner_mark__in=of_people)):
        ref = getattr(row, "ref", None)
        if isinstance(ref, UUID):
            found[type(row).__name__] = (*found.get(type(row).__name__, ()), ref)
    return found


def _busy(account: Account, agency: Agency) -> None:
    sign_in(Client(), account)
    actor = replace(acting(account), purpose=f"{MARK}-purpose")
    record(actor, "accounts.role-given", thing_kind=MARK, thing_ref=agency.ref, owner_agency_ref=agency.ref, code=MARK)
    if OFFICER in actor.roles:
        breach = breaches.record_incident(
            acting(account), agency=agency, what="backup", found="staff", since_at=NOW, known_at=NOW
        )
        breaches.count_people(acting(account), breach, agency_ref=agency.ref, tier="names", n_people=3)
    if ADMIN in actor.roles:
        role = Role.objects.get(code="case-worker")
        actions.invite(acting(account), agency=agency, role=role, name="Their newcomer")


def our_models() -> list[type[models.Model]]:
    """Every model of the house that holds rows of its own."""
    return [model for model in apps.get_models() if model.__module__.startswith("sarana.")]


def rows_of(agency: Agency) -> Iterator[models.Model]:
    """Every row of every model that belongs to an agency or to somebody of it."""
    for model in our_models():
        if model.__name__ not in SEEN_BY_ALL | SEEN_BY_ROLE | OF_NO_AGENCY:
            yield from model._default_manager.filter(_belongs(model, agency)).order_by("pk")


def _belongs(model: type[models.Model], agency: Agency) -> Q:
    """How a row of a model belongs to an agency.

    Raises:
        LookupError: nobody said how; a new model has to have one of these fields, or a place in `OF_NO_AGENCY`.
    """
    if model is Account:
        return Q(memberships__agency=agency)
    fields = {field.name for field in model._meta.get_fields()}
    ways = {
        "agency": Q(agency=agency),
        "agency_ref": Q(agency_ref=agency.ref),
        "owner_agency_ref": Q(owner_agency_ref=agency.ref),
        "account": Q(account__memberships__agency=agency),
        "job": Q(job__agency=agency),
        "incident": Q(incident__agency=agency),
        "user": Q(user__memberships__agency=agency),
        "source": Q(source__agency=agency),
        "run": Q(run__agency=agency),
        "pair": Q(pair__run__agency=agency),
    }
    found = [way for name, way in ways.items() if name in fields]
    if not found:
        raise LookupError(f"{model.__name__} belongs to nobody: say how in tests/makers/two_agencies.py")
    return found[0]


def _mark(agency: Agency) -> None:
    """Put a mark into every text of theirs that has no list of its own; the ledger was marked when it was written."""
    numbers = itertools.count()
    for row in rows_of(agency):
        if isinstance(row, Entry):
            continue
        marked = {
            field.name: f"{MARK}-{field.name}-{next(numbers)}"[: field.max_length or 200]
            for field in row._meta.concrete_fields
            if _is_free(field, row)
        }
        if marked:
            type(row)._default_manager.filter(pk=row.pk).update(**marked)


def _is_free(field: Any, row: models.Model) -> bool:
    told = (Privacy.STAFF, Privacy.SENSITIVE, Privacy.IDENTIFYING)
    grades = getattr(row, "PRIVACY", {})
    is_text = isinstance(field, models.CharField | models.TextField) and not isinstance(field, models.UUIDField)
    return is_text and not field.choices and grades.get(field.name) in told and field.name not in ("language", "act")


def kept(agency: Agency) -> list[tuple[str, tuple[Any, ...]]]:
    """All rows of an agency as values, to see whether anything changed; what is only added to is not among them."""
    return [
        (type(row).__name__, tuple(getattr(row, field.attname) for field in row._meta.concrete_fields))
        for row in rows_of(agency)
        if not isinstance(row, Entry)
    ]


__all__ = ["ADMIN", "NOW", "OFFICER", "World", "a_world", "kept", "our_models", "rows_of"]
