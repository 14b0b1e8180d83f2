"""The reading doors of consent."""

import datetime as dt
from uuid import UUID

from django.db import models
from django.db.models import QuerySet

from sarana.basics.actors import Actor
from sarana.care.consent import policy
from sarana.care.consent.models import Consent


def consents_for(actor: Actor, person: UUID) -> QuerySet[Consent]:
    """What a person agreed to, as far as the actor may read it, the newest first."""
    rows = Consent.objects.filter(policy.openable_by(actor), basis__subject__ref=person).select_related("basis")
    return rows.order_by("-given_at", "-pk").fetch_mode(models.FETCH_RAISE)


def given_to(actor: Actor, person: UUID) -> QuerySet[Consent]:
    """What lets the actor's agencies read a person today."""
    rows = Consent.objects.filter(policy.given_to(actor), basis__subject__ref=person).select_related("basis")
    return rows.order_by("-given_at", "-pk").fetch_mode(models.FETCH_RAISE)


def get_consent(actor: Actor, ref: UUID) -> Consent:
    """One of them.

    Raises:
        Consent.DoesNotExist: there is none, or none for her.
    """
    rows = Consent.objects.filter(policy.openable_by(actor)).select_related("basis__subject")
    found: Consent = rows.fetch_mode(models.FETCH_RAISE).get(ref=ref)
    return found


def has_living(person: UUID, recipient: UUID, purpose: str, day: dt.date) -> bool:
    """Whether a person agreed to something for this agency and purpose already, which lives on a day."""
    return Consent.objects.filter(
        basis__subject__ref=person,
        basis__recipient_ref=recipient,
        basis__purpose=purpose,
        basis__ended_at__isnull=True,
        basis__until__gte=day,
    ).exists()
