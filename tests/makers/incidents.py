"""Makes incidents as an officer records them, and what her forms send."""

import datetime as dt
from typing import Any

from sarana.basics.actors import Actor
from sarana.ground.accounts.models import Agency
from sarana.ground.breaches import actions
from sarana.ground.breaches.models import Duty, Incident


def moment(now: dt.datetime, hours: int) -> str:
    """So many hours ago, as a browser sends it."""
    return (now - dt.timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M")


def incident_form(agency: Agency, now: dt.datetime) -> dict[str, Any]:
    """A new incident."""
    return {
        "agency": str(agency.ref),
        "what": "backup",
        "found": "staff",
        "since_at": moment(now, 30),
        "known_at": moment(now, 3),
    }


def an_incident(actor: Actor, agency: Agency) -> Incident:
    """One that was found three hours ago."""
    known = actor.now - dt.timedelta(hours=3)
    since = known - dt.timedelta(days=1)
    return actions.record_incident(actor, agency=agency, what="backup", found="staff", since_at=since, known_at=known)


def all_told(actor: Actor, incident: Incident) -> Incident:
    """The same, counted, and everybody told."""
    actions.count_people(actor, incident, agency_ref=incident.agency.ref, tier="names", n_people=12)
    for duty in Duty.objects.filter(incident=incident).select_related("incident__agency"):
        actions.note_told(actor, duty, told_at=actor.now - dt.timedelta(hours=1))
    return incident
