"""Seal who a person is, and open it: one line each of what was done, before anything is shown."""

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet, Refused, SaranaError
from sarana.basics.references import new_ref
from sarana.ground.ledger.actions import record, record_opening
from sarana.ground.vault.identities import opening, policy, queries
from sarana.ground.vault.identities.actions.applying import applied
from sarana.ground.vault.identities.actions.preserving import preserve
from sarana.ground.vault.identities.models import Basis, Sealed, Shared, Subject
from sarana.ground.vault.identities.parts import code_of
from sarana.ground.vault.identities.places_of import place_of_given, place_of_key, place_of_tier
from sarana.methods.sealing.agencies import AgencyKeys
from sarana.methods.sealing.identities import (
    Tier,
    new_person_key,
    not_open,
    open_padded,
    seal_padded,
    tier_key,
)

type Values = Mapping[str, Any]
"""What a tier holds: plain values as in JSON."""

MOST_BYTES = 256 * 1024
"""So much a tier holds at most."""

READ_AGAIN = 3
"""So often it is read anew where somebody saved between two reads."""


@dataclass(frozen=True, slots=True)
class Opened:
    """One tier, opened; `version` is handed back by whoever saves it again."""

    values: Values
    version: int


@applied
def begin(actor: Actor, *, agency: UUID, values: Mapping[Tier, Values], act: str = "vault.identity-sealed") -> UUID:
    """Seal who a person is, for the first time; gives her reference.

    Args:
        actor: who enters her.
        agency: the agency whose person she is.
        values: what each tier holds.
        act: what is written down.

    Raises:
        Refused: VAULT-060 the actor keeps no identities there. NotYet: VAULT-061 no purpose is stated; VAULT-063 too
            much for one tier; VAULT-002, VAULT-031 the keys do not open.
    """
    policy.check_may_seal(actor, agency)
    keys, person_key = opening.OPENS.sealing(agency, today=actor.today), new_person_key()
    tiers = [tier for tier in Tier if tier in values]
    subject = new_subject(new_ref(), agency, tiers, person_key, keys)
    subject.save(force_insert=True)
    Sealed.objects.bulk_create(sealed_tier(subject, person_key, tier, values[tier], 1) for tier in tiers)
    record(actor, act, thing_kind=policy.KIND, thing_ref=subject.ref, owner_agency_ref=agency)
    return subject.ref


@applied
def seal(
    actor: Actor,
    ref: UUID,
    values: Mapping[Tier, Values],
    *,
    versions: Mapping[Tier, int],
    act: str = "vault.identity-sealed",
    things: Sequence[UUID] = (),
) -> None:
    """Seal tiers of a person anew, each in place of the version that the actor saw (0 where there was none).

    `things` are what in them was changed; their references are kept sealed beside the line. While she is held, what
    was there stays beside (`preserving`).

    Raises:
        Refused: VAULT-060 as `begin`; VAULT-001 what is there was changed.
        NotYet: VAULT-064 somebody else saved meanwhile: nothing was saved; VAULT-063, VAULT-061 as `begin`.
        Subject.DoesNotExist: there is none, or none for her.
    """
    policy.check_may_look(actor)
    subject = Subject.objects.select_for_update(of=("self",)).get(policy.openable_by(actor), ref=ref)
    policy.check_may_seal(actor, subject.agency_ref)
    keys = opening.OPENS.sealing(subject.agency_ref, today=actor.today)
    person_key = _person_key(subject, keys)
    if any(subject.versions.get(tier, 0) != versions.get(tier, 0) for tier in values):
        raise NotYet(
            "VAULT-064",
            "Somebody else saved this person while you were writing, so nothing of yours was saved yet.",
            cure="See what was saved, and save once more: what you wrote is still here.",
        )
    preserve(subject, queries.sealed_of(subject, values), actor.now)
    rows = [sealed_tier(subject, person_key, tier, kept, versions.get(tier, 0) + 1) for tier, kept in values.items()]
    for row in rows:
        new = {"agency_ref": row.agency_ref, "version": row.version, "sealed": row.sealed}
        Sealed.objects.update_or_create(subject=subject, tier=row.tier, defaults=new)
    subject.versions |= {row.tier: row.version for row in rows}
    _seal_key(subject, person_key, keys)
    subject.save(update_fields=["versions", "epoch", "own_key"])
    _share_anew(actor, subject, [Tier(row.tier) for row in rows])
    _recorded(actor, act, subject, things)


@applied
def open_tiers(
    actor: Actor, ref: UUID, tiers: Iterable[Tier], *, act: str = "vault.identity-opened", things: Sequence[UUID] = ()
) -> dict[Tier, Opened]:
    """Open tiers of a person: all that are there for her own agency, and for another those that a basis lets it read.

    What is not there, or not for the actor, is left out. It is written down before anything is given: which parts,
    what in them (`things`), and for another agency on which bases and for which of the actor's agencies.

    Raises:
        Refused: VAULT-060, VAULT-001 as `seal`. NotYet: VAULT-061 no purpose is stated.
        Subject.DoesNotExist: there is none, or none for her.
    """
    subject, wanted = queries.get_subject(actor, ref), frozenset(tiers)
    for _time in range(READ_AGAIN):
        try:
            found, bases = _read(actor, subject, wanted)
            break
        except Refused:
            # Somebody who saves or erases between two reads is no forger: only what stays so is told as one.
            seen, subject = subject, queries.get_subject(actor, ref)
            if (bytes(seen.own_key), seen.versions) == (bytes(subject.own_key), subject.versions):
                raise
    else:
        found, bases = _read(actor, subject, wanted)
    record_opening(
        actor,
        policy.KIND,
        subject.ref,
        action=act,
        owner_agency_ref=subject.agency_ref,
        parts=code_of(found),
        on=[*things, *(basis.ref for basis in bases), *sorted({basis.recipient_ref for basis in bases})],
        acting_for=min((basis.recipient_ref for basis in bases), default=None),
    )
    return found


def _read(actor: Actor, subject: Subject, wanted: frozenset[Tier]) -> tuple[dict[Tier, Opened], tuple[Basis, ...]]:
    """The tiers, and on which bases another agency reads them."""
    rows = queries.sealed_of(subject, wanted)
    is_own = policy.may(actor, policy.KIND, subject.agency_ref)
    _check_versions(subject, wanted if is_own else wanted & rows.keys(), rows)
    if not is_own:
        return _opened_for_another(actor, subject, wanted, rows)
    return open_own(actor, subject, rows), ()


def open_own(actor: Actor, subject: Subject, rows: Mapping[Tier, Sealed]) -> dict[Tier, Opened]:
    """Open rows of a person of the actor's own agency. Not written down: whoever calls does.

    Raises:
        Refused: VAULT-001 what is there was changed.
    """
    _check_versions(subject, frozenset(rows), rows)
    person_key = _person_key(subject, opening.OPENS.keys(subject.agency_ref, today=actor.today))
    return {tier: _opened(subject, row, tier_key(person_key, tier, row.version)) for tier, row in rows.items()}


def share_keys(actor: Actor, subject: Subject, basis: Basis, only: Sequence[Tier] = tuple(Tier)) -> list[Shared]:
    """What the agency of a basis reads its tiers with, sealed to its public half. Not written down: `share` does.

    What is sealed later is given as it is sealed.

    Raises:
        BadFile: VAULT-007 its keys were changed. Refused: VAULT-001 those of the person were.
    """
    keys = opening.OPENS.keys(subject.agency_ref, today=actor.today)
    person_key, theirs = _person_key(subject, keys), opening.OPENS.sealing(basis.recipient_ref, today=actor.today)
    epoch, public = theirs.file.newest, theirs.file.public()
    return [
        Shared(
            basis=basis,
            agency_ref=basis.agency_ref,
            recipient_ref=basis.recipient_ref,
            tier=tier,
            version=version,
            epoch=epoch,
            form=Shared.Form.GIVEN,
            sealed=public.seal(
                tier_key(person_key, tier, version), place_of_given(subject.ref, basis, tier, version).label()
            ),
        )
        for tier in basis.all_tiers()
        if tier in only and (version := subject.versions.get(tier, 0))
    ]


def _share_anew(actor: Actor, subject: Subject, tiers: Sequence[Tier]) -> None:
    """Each version of a tier has a key of its own: it is given to those whom a living basis lets read the tier.

    Whose keys are not here is given none: the loss of another agency keeps nobody from saving.
    """
    Shared.objects.filter(basis__subject=subject, tier__in=tiers).delete()
    for basis in Basis.objects.filter(subject=subject, ended_at__isnull=True, until__gte=actor.today):
        with contextlib.suppress(SaranaError):
            Shared.objects.bulk_create(share_keys(actor, subject, basis, tiers))


def _opened_for_another(
    actor: Actor, subject: Subject, wanted: frozenset[Tier], rows: Mapping[Tier, Sealed]
) -> tuple[dict[Tier, Opened], tuple[Basis, ...]]:
    found, bases = {}, {}
    for given in queries.shared_for(actor).filter(basis__subject=subject, tier__in=list(wanted)):
        tier = Tier(given.tier)
        if tier not in rows or rows[tier].version != given.version:
            raise not_open(tier)
        place = place_of_given(subject.ref, given.basis, tier, given.version)
        keys = opening.OPENS.keys(given.recipient_ref, today=actor.today)
        way = keys.open_own if given.form == Shared.Form.OWN else keys.open_given
        found[tier] = _opened(subject, rows[tier], way(bytes(given.sealed), given.epoch, place))
        bases[tier] = given.basis
    return found, tuple({basis.ref: basis for basis in bases.values()}.values())


def _check_versions(subject: Subject, wanted: frozenset[Tier], rows: Mapping[Tier, Sealed]) -> None:
    """A tier that is not there as the person's row tells was taken away, or put back from earlier."""
    for tier in wanted:
        if subject.versions.get(tier, 0) != (rows[tier].version if tier in rows else 0):
            raise not_open(tier)


def _person_key(subject: Subject, keys: AgencyKeys) -> bytes:
    return keys.open_own(
        bytes(subject.own_key), subject.epoch, place_of_key(subject.ref, subject.agency_ref, subject.versions)
    )


def _recorded(actor: Actor, act: str, subject: Subject, things: Sequence[UUID]) -> None:
    record(
        actor,
        act,
        thing_kind=policy.KIND,
        thing_ref=subject.ref,
        thing_refs=things,
        n_things=1,
        owner_agency_ref=subject.agency_ref,
    )


def _seal_key(subject: Subject, person_key: bytes, keys: AgencyKeys) -> None:
    place = place_of_key(subject.ref, subject.agency_ref, subject.versions)
    subject.epoch, subject.own_key = keys.file.newest, keys.seal_own(person_key, place)


def new_subject(ref: UUID, agency: UUID, tiers: Sequence[Tier], person_key: bytes, keys: AgencyKeys) -> Subject:
    """The row of a person who is not kept yet, with her key sealed."""
    subject = Subject(ref=ref, agency_ref=agency, versions={str(tier): 1 for tier in tiers})
    _seal_key(subject, person_key, keys)
    return subject


def sealed_tier(subject: Subject, person_key: bytes, tier: Tier, values: Values, version: int) -> Sealed:
    """The row of a tier, sealed.

    Raises:
        NotYet: VAULT-063 as `sealed_bytes`.
    """
    sealed = sealed_bytes((subject.agency_ref, subject.ref), person_key, tier, values, version)
    return Sealed(subject=subject, agency_ref=subject.agency_ref, tier=tier, version=version, sealed=sealed)


def sealed_bytes(whose: tuple[UUID, UUID], person_key: bytes, tier: Tier, values: Values, version: int) -> bytes:
    """What a tier holds, sealed for its row; `whose` is the agency and the person.

    Raises:
        NotYet: VAULT-063 it is more than one tier holds.
    """
    data = msgspec.json.encode(values)
    if len(data) > MOST_BYTES:
        raise NotYet(
            "VAULT-063",
            "This is more than is kept of one person in one place.",
            where=f"{len(data):,} bytes",
            cure="Shorten the longest text: about a hundred pages are kept. Papers and pictures go elsewhere.",
        )
    agency, ref = whose
    return seal_padded(data, tier_key(person_key, tier, version), place_of_tier(ref, agency, tier, version))


def _opened(subject: Subject, row: Sealed, key: bytes) -> Opened:
    place = place_of_tier(subject.ref, subject.agency_ref, Tier(row.tier), row.version)
    return Opened(msgspec.json.decode(open_padded(bytes(row.sealed), key, place)), row.version)
