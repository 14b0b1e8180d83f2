"""Let another agency read tiers of a person, on a basis; and end that."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet
from sarana.ground.ledger.actions import record
from sarana.ground.vault.identities import policy, queries
from sarana.ground.vault.identities.actions.applying import applied, end
from sarana.ground.vault.identities.actions.sealing import share_keys
from sarana.ground.vault.identities.models import Basis, Shared, Subject
from sarana.methods.sealing.identities import Tier

LONGEST_DAYS = 366
"""So long another agency is let read at most: then it is decided, or agreed to, anew."""

SHARED_TIERS = (Tier.NAMES, Tier.CONTACT, Tier.STORY, Tier.MASKED)
"""What another agency may be let read; photographs are not, but for copies in which faces and marks are hidden."""


@dataclass(frozen=True, slots=True)
class Terms:
    """On what another agency reads: which tiers, for which purpose, until which day included."""

    tiers: Sequence[Tier]
    recipient: UUID
    purpose: str
    until: dt.date


@applied
def share(actor: Actor, ref: UUID, terms: Terms, *, ground: Basis.Ground, act: str = "vault.identity-shared") -> Basis:
    """Let another agency read tiers of a person of one's own agency because a law says so: a supervisor decides it.

    Raises:
        Refused: VAULT-060 the actor may not decide it there.
        NotYet: VAULT-061 no purpose is stated; VAULT-068 the terms let nobody in, or too many, or for too long.
        Subject.DoesNotExist: there is none, or none of hers.
    """
    subject = _locked(actor, ref)
    policy.check_may(actor, policy.ENDING, subject.agency_ref)
    basis = _basis(actor, subject, terms, Basis.Kind.LAW, ground)
    Shared.objects.bulk_create(share_keys(actor, subject, basis))
    _recorded(actor, act, subject, basis)
    return basis


@applied
def share_as_agreed(
    actor: Actor, ref: UUID, terms: Terms, *, stands: Callable[[Basis], None], act: str = "vault.identity-shared"
) -> Basis:
    """Let another agency read what a person agreed to.

    `stands` writes down what she agreed to: the database itself gives no key on a consent that is not there.

    Raises:
        Refused: VAULT-060 the actor keeps no identities there. NotYet: VAULT-061, VAULT-068 as `share`.
        Subject.DoesNotExist: there is none, or none of hers.
    """
    subject = _locked(actor, ref)
    basis = _basis(actor, subject, terms, Basis.Kind.CONSENT, "")
    stands(basis)
    Shared.objects.bulk_create(share_keys(actor, subject, basis))
    _recorded(actor, act, subject, basis)
    return basis


def _locked(actor: Actor, ref: UUID) -> Subject:
    policy.check_may_look(actor)
    subject = Subject.objects.select_for_update(of=("self",)).get(policy.openable_by(actor), ref=ref)
    policy.check_may_seal(actor, subject.agency_ref)
    return subject


def _basis(actor: Actor, subject: Subject, terms: Terms, kind: Basis.Kind, ground: str) -> Basis:
    _check(actor, subject, terms)
    basis = Basis(
        subject=subject,
        agency_ref=subject.agency_ref,
        recipient_ref=terms.recipient,
        kind=kind,
        tiers=" ".join(tier for tier in Tier if tier in terms.tiers),
        purpose=terms.purpose,
        begins_at=actor.now,
        until=terms.until,
        ground=ground,
        decided_by_ref=actor.account_ref,
    )
    try:
        with transaction.atomic():
            basis.save(force_insert=True)
    except IntegrityError as err:
        raise _no_terms() from err  # the database knows which agencies work here
    return basis


@transaction.atomic
def end_basis(actor: Actor, ref: UUID, *, act: str = "vault.identity-unshared") -> Basis:
    """End a basis now: what the other agency read with is gone when this returns. Needs no key, so it always works.

    Raises:
        Refused: VAULT-060 the actor keeps no identities there. NotYet: VAULT-069 it ended before.
        Basis.DoesNotExist: there is none in her agencies.
    """
    found = Basis.objects.select_for_update(of=("self",)).filter(agency_ref__in=actor.agency_refs)
    basis = found.select_related("subject").get(ref=ref)
    policy.check_may(actor, policy.SHARING, basis.agency_ref)
    if basis.ended_at is not None:
        raise NotYet("VAULT-069", "This ended before: nobody reads on it any more.", cure="Nothing has to be done.")
    end(basis, actor.now)
    _recorded(actor, act, basis.subject, basis)
    return basis


@transaction.atomic
def end_all_to(actor: Actor, ref: UUID, recipient: UUID) -> int:
    """End every basis on which an agency reads a person; gives how many. Needs no key, so it always works.

    It is done as part of an act that records itself: a conflict of interest of that agency.

    Raises:
        Refused: VAULT-060 the actor may not. Subject.DoesNotExist: there is none in her agencies.
    """
    subject = queries.get_own(actor, ref, policy.CUTTING_OFF)
    found = Basis.objects.select_for_update(of=("self",)).filter(
        subject=subject, recipient_ref=recipient, ended_at__isnull=True
    )
    living = list(found.order_by("pk"))
    for basis in living:
        end(basis, actor.now)
    return len(living)


def sweep_lapsed(now: dt.datetime) -> int:
    """Take away what was given on bases whose last day is over; they opened nothing any more. Gives how many."""
    with transaction.atomic():
        rows = list(queries.lapsed(now.date()).select_for_update(of=("self",)))
        for basis in rows:
            Shared.objects.filter(basis=basis).delete()
            basis.ended_at = now
            basis.save(update_fields=["ended_at"])
    return len(rows)


def _check(actor: Actor, subject: Subject, terms: Terms) -> None:
    last = actor.today + dt.timedelta(days=LONGEST_DAYS)
    is_to_others = terms.recipient != subject.agency_ref
    is_said = bool(terms.tiers) and set(terms.tiers) <= set(SHARED_TIERS) and terms.purpose in policy.PURPOSES
    if not (is_to_others and is_said and actor.today <= terms.until <= last):
        raise _no_terms()


def _recorded(actor: Actor, act: str, subject: Subject, basis: Basis) -> None:
    """On which basis, and to whom, is kept sealed beside the line, as all lists of things are."""
    record(
        actor,
        act,
        thing_kind=policy.KIND,
        thing_ref=subject.ref,
        thing_refs=[basis.ref, basis.recipient_ref],
        n_things=1,
        owner_agency_ref=subject.agency_ref,
    )


def _no_terms() -> NotYet:
    return NotYet(
        "VAULT-068",
        "On these terms nobody may be let read.",
        cure="Name another agency that works here, what it may read (of photographs masked copies only), for "
        "what, and a last day that is not over and within a year.",
    )
