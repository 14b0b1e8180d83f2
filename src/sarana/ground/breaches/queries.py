"""The reading doors: incidents with whom to tell, what is overdue, and what lay here at the time."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import QuerySet

from sarana.basics.actors import Actor
from sarana.basics.errors import SaranaError
from sarana.ground.accounts import queries as accounts
from sarana.ground.accounts.models import Agency
from sarana.ground.breaches import policy
from sarana.ground.breaches.models import Duty, Incident
from sarana.ground.vault import queries as vault
from sarana.ground.vault.models import Backup
from sarana.methods.sealing.organisation import Epoch
from sarana.methods.sealing.store import STORE, KeyStore

MOST_BACKUPS = 20


@dataclass(frozen=True, slots=True)
class Lay:
    """What lay here while it was readable: backups, keys of sealed runs, epochs and locks of the keyset."""

    backups: list[Backup]
    n_backups: int
    n_runs: int
    epochs: list[Epoch]
    locks: list[str]
    knows_keys: bool


def incidents_for(actor: Actor) -> QuerySet[Incident]:
    """The incidents that an actor may see, the newest first."""
    rows = Incident.objects.filter(policy.openable_by(actor)).select_related("agency")
    return rows.prefetch_related("duties", "affected").order_by("-known_at", "-id").fetch_mode(models.FETCH_RAISE)


def get_incident(actor: Actor, ref: UUID) -> Incident:
    """One incident.

    Raises:
        Incident.DoesNotExist: there is none, or she may not see it.
    """
    return incidents_for(actor).get(ref=ref)


def get_duty(actor: Actor, ref: UUID) -> Duty:
    """One of those who have to be told.

    Raises:
        Duty.DoesNotExist: there is none, or she may not see it.
    """
    return Duty.objects.filter(policy.openable_duties(actor)).select_related("incident__agency").get(ref=ref)


def waiting_for(actor: Actor) -> QuerySet[Duty]:
    """Whom nobody has told yet, the soonest deadline first."""
    rows = Duty.objects.filter(policy.openable_duties(actor), told_at__isnull=True, incident__closed_at__isnull=True)
    return rows.order_by("due_at").fetch_mode(models.FETCH_RAISE)


def kept_agencies(actor: Actor) -> list[Agency]:
    """The agencies whose record of breaches an actor keeps."""
    return [agency for agency in accounts.agencies_for(actor) if policy.may_keep(actor, agency)]


def what_lay_here(actor: Actor, incident: Incident) -> Lay:
    """What was there between the moment at which it began and the one at which it was known; names no person."""
    made = vault.backups_for(actor).filter(code="", made_at__lte=incident.known_at)
    first, last = incident.since_at.date(), incident.known_at.date()
    try:
        store = KeyStore(Path(settings.SARANA_KEYS) / STORE)
        keyset = store.find_keyset()
        runs = [key for key in store.run_keys() if key.made_on <= last and key.until >= first]
    except SaranaError:
        return Lay(list(made[:MOST_BACKUPS]), made.count(), 0, [], [], knows_keys=False)
    epochs = [epoch for epoch in keyset.epochs if epoch.began_on <= last] if keyset else []
    locks = [lock.name for lock in keyset.locks] if keyset else []
    return Lay(list(made[:MOST_BACKUPS]), made.count(), len(runs), epochs, locks, knows_keys=True)


def days_of(incident: Incident) -> tuple[dt.date, dt.date]:
    """The days between which somebody may have looked."""
    return incident.since_at.date(), incident.known_at.date()
