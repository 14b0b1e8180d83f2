"""Hold a person, and erase her."""

import contextlib
import datetime as dt
from uuid import UUID

from django.db import transaction

from sarana.basics.actors import Actor
from sarana.basics.errors import BadFile, NotYet
from sarana.ground.ledger.actions import record
from sarana.ground.vault.identities import policy, queries
from sarana.ground.vault.identities.actions.applying import applied, note
from sarana.ground.vault.identities.actions.holding import reason_of
from sarana.ground.vault.identities.models import Erased, Subject
from sarana.ground.vault.identities.scrubbing import scrub
from sarana.methods.sealing.erased import LET_GO, hold_ref, said_moment

LONGEST_HOLD = 366
"""So many days a hold stands before somebody looks at it again."""


@applied
def hold(actor: Actor, ref: UUID, *, reason: Subject.Held, review_on: dt.date) -> None:
    """Keep a person from being erased, for a reason, until somebody looks at it again.

    Called again for the same reason it names another day; a hold for another reason is never replaced.

    Raises:
        Refused: VAULT-060 the actor may not. NotYet: VAULT-071 the day of review is over already, or over a year away;
            VAULT-073 she is held for another reason.
        Subject.DoesNotExist: there is none in her agencies.
    """
    subject = queries.get_own(actor, ref, policy.ENDING)
    if not actor.today < review_on <= actor.today + dt.timedelta(days=LONGEST_HOLD):
        raise NotYet(
            "VAULT-071", "A hold is looked at again on a day to come.", cure="Name a later day, a year away at most."
        )
    if subject.held and subject.held != reason:
        raise NotYet(
            "VAULT-073",
            "This person is held for another reason already, which stays until somebody ends it.",
            cure="Look whether that reason is over; where it is, end that hold first.",
        )
    subject.held, subject.held_at, subject.review_on = reason, actor.now, review_on
    subject.save(update_fields=["held", "held_at", "review_on"])
    _listed(actor, subject, reason_of(subject))
    _recorded(actor, "vault.identity-held", subject)


@applied
def let_go(actor: Actor, ref: UUID) -> None:
    """End a hold; where there is none, nothing is done and nothing written down.

    Raises:
        Refused: VAULT-060 the actor may not.
        Subject.DoesNotExist: there is none in her agencies.
    """
    subject = queries.get_own(actor, ref, policy.ENDING)
    if not subject.held:
        return
    subject.held, subject.held_at, subject.review_on = "", None, None
    subject.save(update_fields=["held", "held_at", "review_on"])
    _listed(actor, subject, LET_GO)
    _recorded(actor, "vault.identity-hold-ended", subject)


@applied
def erase(actor: Actor, ref: UUID, *, reason: Erased.Reason) -> None:
    """Erase a person for good: her keys, her tiers, and all that others read her with.

    It stands with its line and its row or not at all; the list outside the database follows as soon as it stands.

    Raises:
        Refused: VAULT-060 the actor may not. NotYet: VAULT-065 she is held; VAULT-017 the key store is being changed.
        BadFile: VAULT-008 the key store cannot be written; VAULT-066, VAULT-067 the list cannot be gone on with.
        Subject.DoesNotExist: there is none in her agencies.
    """
    subject = queries.get_own(actor, ref, policy.ENDING)
    if subject.held:
        raise NotYet(
            "VAULT-065",
            "This person may not be erased now.",
            where=f"to be looked at again on {subject.review_on}",
            cure="End the hold first, where its reason is over.",
        )
    _recorded(actor, "vault.identity-erased", subject)
    Subject.objects.filter(pk=subject.pk).delete()
    note(ref, subject.agency_ref, reason, actor.now)
    transaction.on_commit(scrub)


def _listed(actor: Actor, subject: Subject, reason: str) -> None:
    """A hold, and its end, outlast the restore of an older backup; where the list cannot be written they stand here."""
    with contextlib.suppress(BadFile, NotYet):
        ref = hold_ref(str(subject.ref), said_moment(actor.now), reason)
        note(ref, subject.agency_ref, reason, actor.now)


def _recorded(actor: Actor, act: str, subject: Subject) -> None:
    record(actor, act, thing_kind=policy.KIND, thing_ref=subject.ref, owner_agency_ref=subject.agency_ref)
