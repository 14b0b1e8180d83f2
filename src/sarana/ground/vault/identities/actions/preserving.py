"""While a person is held, what is changed of her stays as it was before, for whoever asked for the hold.

Each version of a tier is sealed under a key of its own, which is derived from that of the person: an earlier one needs
no second seal, follows every rotation, and ends with her.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import msgspec

from sarana.basics.actors import Actor
from sarana.ground.ledger.actions import record, record_opening
from sarana.ground.vault.identities import opening, policy, queries
from sarana.ground.vault.identities.actions.applying import applied
from sarana.ground.vault.identities.models import Earlier, Sealed, Subject
from sarana.ground.vault.identities.parts import code_of
from sarana.ground.vault.identities.places_of import place_of_key, place_of_tier
from sarana.ground.walls import postgres
from sarana.ground.walls.guards import OPERATOR
from sarana.methods.sealing.identities import Tier, not_open, open_padded, tier_key

KEPT_AFTER_DAYS = 30
"""So many days after a hold ended earlier versions are kept: an end by mistake is seen, a hold set again keeps them."""


PRESERVED = (Tier.NAMES, Tier.CONTACT, Tier.STORY)
"""Tiers of pictures hold keys of files alone, and while somebody is held none is taken out of them."""


@dataclass(frozen=True, slots=True)
class Before:
    """What a tier held in an earlier version, and until when that was what is kept of the person."""

    tier: Tier
    version: int
    until_at: dt.datetime
    values: object


def preserve(subject: Subject, rows: Mapping[Tier, Sealed], now: dt.datetime) -> None:
    """Keep versions that are about to be replaced, where somebody holds the person; her row is locked.

    Not written down: the change itself is.
    """
    if subject.held:
        Earlier.objects.bulk_create(
            Earlier(
                subject=subject, agency_ref=row.agency_ref, tier=row.tier, version=row.version, sealed=row.sealed,
                until_at=now,
            )
            for tier, row in rows.items()
            if tier in PRESERVED
        )  # fmt: skip


@applied
def open_earlier(actor: Actor, ref: UUID) -> list[Before]:
    """Open what was changed of a person since she is held, whole, the first change first: for a court.

    Raises:
        Refused: VAULT-060 the actor is no custodian of her agency; VAULT-001 one of them was changed or moved.
        NotYet: VAULT-061 no purpose is stated for which this opens; VAULT-002, VAULT-031 the keys do not open.
        Subject.DoesNotExist: there is none in her agencies.
    """
    policy.check_may_look_back(actor)
    subject = queries.get_own(actor, ref, policy.EARLIER)
    rows = list(queries.earlier_of(subject))
    keys = opening.OPENS.keys(subject.agency_ref, today=actor.today)
    place = place_of_key(subject.ref, subject.agency_ref, subject.versions)
    person_key = keys.open_own(bytes(subject.own_key), subject.epoch, place)
    found = [_opened(subject, row, person_key) for row in rows]
    record_opening(
        actor,
        policy.KIND,
        subject.ref,
        action="vault.identity-earlier-opened",
        owner_agency_ref=subject.agency_ref,
        parts=code_of(before.tier for before in found),
    )
    return found


def let_earlier_go(actor: Actor) -> int:
    """Take away what was kept for holds that ended 30 days ago, as the machine; gives how many versions went.

    The day is set when it first sees that nobody holds the person, and taken off where somebody does again: so it
    does not matter who ended the hold, nor whether a backup brought it back.

    Raises:
        Refused: VAULT-060 somebody else than the machine asks.
    """
    policy.check_is_machine(actor)
    with postgres.as_task(OPERATOR):
        kept, gone = Earlier.objects.exclude(subject__held=""), Earlier.objects.filter(subject__held="")
        kept.filter(goes_on__isnull=False).update(goes_on=None)
        gone.filter(goes_on__isnull=True).update(goes_on=actor.today + dt.timedelta(days=KEPT_AFTER_DAYS))
        n, _by_kind = gone.filter(goes_on__lte=actor.today).delete()
        if n:
            record(actor, "vault.identity-earlier-gone", thing_kind=policy.KIND, n_things=n)
    return n


def _opened(subject: Subject, row: Earlier, person_key: bytes) -> Before:
    tier = Tier(row.tier)
    if row.version >= subject.versions.get(tier, 0):
        raise not_open(tier)
    key, place = tier_key(person_key, tier, row.version), place_of_tier(subject.ref, row.agency_ref, tier, row.version)
    values = msgspec.json.decode(open_padded(bytes(row.sealed), key, place))
    return Before(tier, row.version, row.until_at, values)
