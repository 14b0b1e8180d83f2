"""The reading doors of asking: each agency sees its own side, and nothing of the other's."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import QuerySet

from sarana.basics.actors import Actor
from sarana.care.people import policy as people
from sarana.care.people.asking import policy
from sarana.care.people.asking.models import Agreement, Askable, Question, Reached
from sarana.care.people.knowing.queries import whose
from sarana.care.people.models import Conflict, Person
from sarana.ground.walls import postgres
from sarana.ground.walls.guards import OPERATOR


def agreements_for(actor: Actor) -> QuerySet[Agreement]:
    """The agreements of the actor's agencies, the newest first."""
    rows = Agreement.objects.filter(policy.openable_by(actor)).order_by("-proposed_at", "-pk")
    return rows.fetch_mode(models.FETCH_RAISE)


def in_force(actor: Actor, agency: UUID) -> list[Agreement]:
    """Those under which an agency of the actor's may ask, and be asked, today."""
    of_it = models.Q(agency_ref=agency) | models.Q(partner_ref=agency)
    return [row for row in agreements_for(actor).filter(of_it) if row.holds(actor.today)]


def get_agreement(actor: Actor, ref: UUID) -> Agreement:
    """One of them. Raises: Agreement.DoesNotExist: there is none, or none for her."""
    return agreements_for(actor).get(ref=ref)


def askable_of(actor: Actor, person: Person) -> dict[int, Askable]:
    """To which agreements a person of the actor's own said yes, which is not over, by the agreement."""
    rows = Askable.objects.filter(person=person, agency_ref__in=actor.agency_refs, until__gte=actor.today)
    return {row.agreement_id: row for row in rows}


def questions_about(actor: Actor, person: Person) -> QuerySet[Question]:
    """What was asked about a person of the actor's own, the newest first; nothing of what came of it."""
    rows = Question.objects.filter(person=person, agency_ref__in=actor.agency_refs)
    return rows.order_by("-asked_at", "-pk").defer("marks").fetch_mode(models.FETCH_RAISE)


def n_asked_today(actor: Actor, agreement: Agreement, agency: UUID) -> int:
    """How often an agency asked under an agreement since midnight."""
    begins = dt.datetime.combine(actor.today, dt.time(), tzinfo=actor.now.tzinfo)
    return Question.objects.filter(agreement=agreement, agency_ref=agency, asked_at__gte=begins).count()


def reached_for(actor: Actor) -> QuerySet[Reached]:
    """Where another agency asked about somebody whom the actor may open, the newest first.

    Raises:
        Refused: PEOPLE-003; NotYet: PEOPLE-004 as `people.queries.people_for`.
    """
    people.check_may_look(actor)
    mine = whose(people.openable_by(actor))
    rows = Reached.objects.filter(mine, agency_ref__in=actor.agency_refs).select_related("person")
    return rows.order_by("-reached_at", "-pk").fetch_mode(models.FETCH_RAISE)


def get_reached(actor: Actor, ref: UUID) -> Reached:
    """One of them. Raises: as `reached_for`; Reached.DoesNotExist: there is none, or none for her."""
    return reached_for(actor).get(ref=ref)


def n_waiting(actor: Actor) -> int:
    """How many wait to be decided about people whom the actor would open, whatever purpose she stated."""
    mine = whose(people.known_by(actor))
    return Reached.objects.filter(mine, agency_ref__in=actor.agency_refs, outcome="").count()


def kept_from(agency: UUID) -> QuerySet[Conflict, Any]:
    """The rows of people about whom an agency has a conflict of interest: no question of its finds them."""
    return Conflict.objects.filter(against_ref=agency, lifted_at__isnull=True).values("person")


def is_kept_from(question: Question, agency: UUID) -> bool:
    """Whether the agency that is asked has a conflict of interest about the person of whom it was asked."""
    return Conflict.objects.filter(person=question.person_id, against_ref=agency, lifted_at__isnull=True).exists()


def unlooked(before: dt.datetime) -> QuerySet[Question]:
    """Questions that were asked before a moment and that nobody looked at yet."""
    return Question.objects.filter(looked_at__isnull=True, asked_at__lt=before).select_related("agreement")


def waiting(before: dt.datetime) -> list[UUID]:
    """Those, the first asked first, as one from whom no row is hidden."""
    with postgres.as_task(OPERATOR):
        return list(unlooked(before).order_by("pk").values_list("ref", flat=True))


def is_due(before: dt.datetime, today: dt.date) -> bool:
    """Whether something that was asked before a moment waits to be looked at, or something is over."""
    with postgres.as_task(OPERATOR):
        waits = Question.objects.filter(looked_at__isnull=True, asked_at__lt=before).exists()
        is_over = Askable.objects.filter(until__lt=today).exists()
        return waits or is_over or Agreement.objects.filter(until__lt=today, ended_at__isnull=True).exists()
