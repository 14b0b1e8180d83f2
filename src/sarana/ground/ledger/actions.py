"""The one writing door of the ledger: `record`, called by every action inside its own transaction.

Beside it stand three ways of calling it: for what was opened, for a list that was opened, and for what was refused.
If nothing can be written down, nothing is done and nothing is shown (LEDGER-002).
"""

from collections.abc import Sequence
from uuid import UUID

from django.db import DatabaseError, transaction

from sarana.basics.actors import NOBODY, Actor
from sarana.basics.errors import NotYet, Refused
from sarana.ground.ledger import writing
from sarana.ground.ledger.models import Entry

ROLES_LENGTH = 200


def record(
    actor: Actor,
    action: str,
    *,
    thing_kind: str = "",
    thing_ref: UUID | None = None,
    owner_agency_ref: UUID | None = None,
    result: Entry.Result = Entry.Result.DONE,
    code: str = "",
    thing_refs: Sequence[UUID] = (),
    n_things: int | None = None,
    acting_for: UUID | None = None,
) -> Entry:
    """Write down one act, in the transaction in which it happens: if this fails, the act does not stand.

    An act on many things is one entry: `thing_refs` are kept as a sealed list, with their count in the open.

    Args:
        actor: who does it; her roles and her agency are kept as they are now.
        action: a code of `reference/acts.toml`, `<room>.<what happened>`.
        thing_kind: what kind of thing it was done to.
        thing_ref: its reference, for one thing.
        owner_agency_ref: the agency to which the thing belongs.
        result: done, refused or failed.
        code: the error code of a refusal or a failure; of what was done, which parts of the thing, as its room says it.
        thing_refs: the references of many things.
        n_things: their number, where it is not the length of `thing_refs`.
        acting_for: the agency of hers for which she acts, where the thing belongs to none of hers.

    Raises:
        NotYet: LEDGER-001 the writer's key is missing; LEDGER-002 the database took no entry.
    """
    entry = Entry(
        at=actor.now,
        actor_ref=actor.account_ref,
        roles=_roles(actor),
        agency_ref=_acting_agency(actor, acting_for or owner_agency_ref),
        action=action,
        thing_kind=thing_kind,
        thing_ref=thing_ref,
        owner_agency_ref=owner_agency_ref,
        purpose=actor.purpose,
        result=result,
        code=code,
        n_things=len(thing_refs) or 1 if n_things is None else n_things,
        request_ref=None if actor.request_ref == NOBODY else actor.request_ref,
    )
    entry.things_sealed = writing.seal_list(entry.ref, thing_refs) if thing_refs else None
    entry.writer_mac = writing.sign(entry)
    try:
        entry.save(force_insert=True)
    except DatabaseError as err:
        raise NotYet(
            "LEDGER-002",
            "What was asked for could not be written down, so it was not done.",
            cure="Try again in a minute; if it stays so, tell the operator: the disk or the database may be full.",
        ) from err
    return entry


@transaction.atomic
def record_opening(
    actor: Actor,
    kind: str,
    ref: UUID,
    *,
    action: str = "ledger.opened",
    owner_agency_ref: UUID | None = None,
    parts: str = "",
    on: Sequence[UUID] = (),
    acting_for: UUID | None = None,
) -> Entry:
    """Write down that one thing was opened, before it is shown.

    Args:
        actor: who opens it.
        kind: what kind of thing it is.
        ref: its reference.
        action: what is written down.
        owner_agency_ref: the agency to which it belongs.
        parts: which parts of it, in a code of its room.
        on: what lets her open it, kept as a sealed list.
        acting_for: the agency of hers for which she opens it.
    """
    return record(
        actor,
        action,
        thing_kind=kind,
        thing_ref=ref,
        owner_agency_ref=owner_agency_ref,
        code=parts,
        thing_refs=on,
        n_things=1,
        acting_for=acting_for,
    )


@transaction.atomic
def record_list(
    actor: Actor,
    kind: str,
    refs: Sequence[UUID],
    *,
    action: str = "ledger.list-opened",
    owner_agency_ref: UUID | None = None,
    n_things: int | None = None,
    thing_ref: UUID | None = None,
) -> Entry:
    """Write down that a list was opened or searched, before it is shown: one entry, its references sealed.

    `thing_ref` may stand for what was asked, as a mark that only a key makes: the same words have the same mark.
    """
    n = len(refs) if n_things is None else n_things
    return record(
        actor,
        action,
        thing_kind=kind,
        thing_ref=thing_ref,
        thing_refs=refs,
        n_things=n,
        owner_agency_ref=owner_agency_ref,
    )


@transaction.atomic
def record_ended_badly(
    actor: Actor, err: Exception, *, thing_kind: str = "", thing_ref: UUID | None = None, code: str = ""
) -> Entry:
    """Write down what was refused or failed, apart from the act itself, after that was rolled back.

    Called from one place only: where an error of a request or of a command is turned into words. `code` stands for an
    error that has none of its own, such as a page that is not there for this person.
    """
    is_refusal = isinstance(err, Refused) or code == NOT_THERE
    return record(
        actor,
        "ledger.refused" if is_refusal else "ledger.failed",
        thing_kind=thing_kind[:KIND_LENGTH],
        thing_ref=thing_ref,
        result=Entry.Result.REFUSED if is_refusal else Entry.Result.FAILED,
        code=getattr(err, "code", "") or code or OWN_MISTAKE,
    )


KIND_LENGTH = 40
NOT_THERE = "LEDGER-009"
"""Somebody asked for something by its reference that is not there, or not for her."""

OWN_MISTAKE = "COMMAND-001"


def _roles(actor: Actor) -> str:
    """Her roles in words with blanks between, as many as there is room for."""
    roles = " ".join(sorted(actor.roles))
    return roles if len(roles) <= ROLES_LENGTH else roles[:ROLES_LENGTH].rsplit(" ", 1)[0]


def _acting_agency(actor: Actor, owner: UUID | None) -> UUID | None:
    """The agency for which somebody acts: the thing's own where she belongs to it, or else her first."""
    if owner in actor.agency_refs:
        return owner
    return min(actor.agency_refs, default=None)
