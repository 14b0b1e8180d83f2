"""The one writing door of the ledger: `record`, called by every action inside its own transaction."""

from collections.abc import Sequence
from uuid import UUID

from sarana.basics.actors import NOBODY, Actor
from sarana.ground.ledger import writing
from sarana.ground.ledger.models import Entry


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
        code: the error code of a refusal or a failure.
        thing_refs: the references of many things.
        n_things: their number, where it is not the length of `thing_refs`.
    """
    entry = Entry(
        at=actor.now,
        actor_ref=actor.account_ref,
        roles=" ".join(sorted(actor.roles)),
        agency_ref=_acting_agency(actor, owner_agency_ref),
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
    entry.save(force_insert=True)
    return entry


def _acting_agency(actor: Actor, owner: UUID | None) -> UUID | None:
    """The agency for which somebody acts: the thing's own where she belongs to it, or else her first."""
    if owner in actor.agency_refs:
        return owner
    return min(actor.agency_refs, default=None)
