"""The writing doors of consent: give, take back. Each opens or shuts what another agency reads, in one transaction."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet
from sarana.care.consent import policy, queries
from sarana.care.consent.models import Consent
from sarana.ground.accounts.models import Agency
from sarana.ground.ledger.actions import record_list
from sarana.ground.vault.identities.actions.sharing import LONGEST_DAYS, SHARED_TIERS, Terms, end_basis, share_as_agreed
from sarana.ground.vault.identities.models import Basis, Subject
from sarana.ground.vault.identities.policy import PURPOSES
from sarana.ground.vault.identities.queries import get_subject
from sarana.methods.sealing.identities import Tier


@dataclass(frozen=True, slots=True)
class Agreed:
    """What a person agreed to, and how that came about."""

    recipient: UUID
    tiers: Sequence[Tier]
    purpose: str
    until: dt.date
    language: str
    explained: Consent.Explained
    explained_by: UUID
    evidence: Consent.Evidence
    agreed_by: Consent.Speaker = Consent.Speaker.SELF


@transaction.atomic
def give(actor: Actor, person: UUID, agreed: Agreed) -> Consent:
    """Write down what a person agreed to; from this moment the other agency reads it.

    Raises:
        Refused: CONSENT-001 it is not the actor's agency; VAULT-060 she has no door to people.
        NotYet: CONSENT-002 the terms are none that a person can agree to; CONSENT-003 there is one that nobody took
            back; VAULT-061 no purpose is stated.
        Subject.DoesNotExist: there is no such person, or none for her.
    """
    subject = get_subject(actor, person)
    policy.check_may_change(actor, subject.agency_ref)
    # Two at once write one after the other: the second finds what the first wrote.
    Subject.objects.select_for_update(of=("self",)).get(pk=subject.pk)
    _check(actor, subject, agreed)
    made = Consent(
        agency_ref=subject.agency_ref,
        language=agreed.language,
        explained=agreed.explained,
        explained_by_ref=agreed.explained_by,
        agreed_by=agreed.agreed_by,
        evidence=agreed.evidence,
        given_at=actor.now,
        recorded_by_ref=actor.account_ref,
    )

    def stands(basis: Basis) -> None:
        made.basis = basis
        made.save(force_insert=True)

    terms = Terms(agreed.tiers, agreed.recipient, agreed.purpose, agreed.until)
    share_as_agreed(actor, person, terms, stands=stands, act="consent.given")
    return made


@transaction.atomic
def open_given(actor: Actor, person: UUID) -> list[Consent]:
    """What lets the actor's agency read a person now; that somebody looked is written down first.

    Of what was taken back, or is over, another agency learns nothing.

    Raises:
        Refused: VAULT-060 she has no door to people. NotYet: VAULT-061 no purpose is stated.
        Subject.DoesNotExist: there is no such person, or none for her.
    """
    subject = get_subject(actor, person)
    found = list(queries.given_to(actor, person))
    refs = [consent.ref for consent in found]
    record_list(actor, policy.KIND, refs, action="consent.opened", owner_agency_ref=subject.agency_ref)
    return found


@transaction.atomic
def withdraw(actor: Actor, ref: UUID, *, how: Consent.Way) -> Consent:
    """Take a consent back: when this returns, the other agency reads nothing on it any more.

    It asks for no purpose and opens no key, so that it always works.

    Raises:
        Refused: CONSENT-001 it is not the actor's agency. NotYet: CONSENT-004 it ended before.
        Consent.DoesNotExist: there is none, or none for her.
    """
    found = queries.get_consent(actor, ref)
    policy.check_may_change(actor, found.agency_ref)
    consent = Consent.objects.select_for_update(of=("self",)).select_related("basis").get(pk=found.pk)
    if consent.basis.ended_at is not None:
        raise NotYet(
            "CONSENT-004",
            "This ended before: the other agency reads nothing on it any more.",
            cure="Nothing has to be done.",
        )
    consent.basis = end_basis(actor, consent.basis.ref, act="consent.withdrawn")
    consent.withdrawn_at, consent.withdrawn_by_ref, consent.withdrawn_how = actor.now, actor.account_ref, how
    consent.save(update_fields=["withdrawn_at", "withdrawn_by_ref", "withdrawn_how"])
    return consent


def _check(actor: Actor, subject: Subject, agreed: Agreed) -> None:
    last = actor.today + dt.timedelta(days=LONGEST_DAYS)
    has_agency = Agency.objects.filter(ref=agreed.recipient, closed_on__isnull=True).exists()
    is_said = bool(agreed.language) and bool(agreed.tiers) and set(agreed.tiers) <= set(SHARED_TIERS)
    is_timely = actor.today <= agreed.until <= last
    if not (has_agency and is_said and is_timely and agreed.purpose in PURPOSES):
        raise NotYet(
            "CONSENT-002",
            "These are no terms to which a person can agree.",
            cure="Name an agency that works here, what it may read, for what, the language in which it was explained, "
            "and a last day within a year.",
        )
    if queries.has_living(subject.ref, agreed.recipient, agreed.purpose, actor.today):
        raise NotYet(
            "CONSENT-003",
            "The person agreed to something for this agency and this purpose already, which was not taken back.",
            cure="Take that back first, then write down what this person agrees to now.",
        )
