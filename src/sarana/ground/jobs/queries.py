"""The reading doors of long work."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import models
from django.db.models import Q, QuerySet

from sarana.basics.actors import Actor
from sarana.basics.errors import SaranaError
from sarana.basics.work import Due, Kind
from sarana.ground.jobs import policy
from sarana.ground.jobs.kinds import kinds
from sarana.ground.jobs.models import PATIENCE, Job

State = Job.State


def jobs_for(actor: Actor) -> QuerySet[Job]:
    """The work that an actor may see, the newest first."""
    rows = Job.objects.filter(policy.openable_by(actor)).select_related("account", "agency")
    return rows.order_by("-asked_at", "-id").fetch_mode(models.FETCH_RAISE)


def asked_by_people(rows: QuerySet[Job]) -> QuerySet[Job]:
    """Without what nobody asked for and came to its end: it would hide what people wait for."""
    return rows.exclude(account=None, state=State.DONE)


def get_job(actor: Actor, ref: UUID) -> Job:
    """One piece of work with its receipts.

    Raises:
        Job.DoesNotExist: there is none, or she may not see it.
    """
    return jobs_for(actor).prefetch_related("receipts").get(ref=ref)


def find_state(ref: UUID | None) -> str:
    """How far work came whose reference a room keeps; that room asked its own rule. "" where nobody can tell."""
    return Job.objects.filter(ref=ref).values_list("state", flat=True).first() or "" if ref else ""


@dataclass(frozen=True, slots=True)
class Course:
    """How far work came: its state, how much of it is done where it runs, and the code of what ended it."""

    state: State
    percent: int | None
    code: str


def courses_of(refs: Iterable[UUID | None]) -> dict[UUID, Course]:
    """How far work came whose references a room keeps; that room asked its own rule."""
    rows = Job.objects.filter(ref__in=[ref for ref in refs if ref is not None])
    return {row.ref: Course(State(row.state), _percent(row), row.code) for row in rows}


def _percent(job: Job) -> int | None:
    """How much of running work is done, in hundredths of its present step."""
    if job.state != State.RUNNING or not job.total:
        return None
    return min(99, 100 * job.done // job.total)


def stuck_for(actor: Actor) -> QuerySet[Job]:
    """The work of which nothing was heard for too long, among what an actor may see."""
    silent = Q(state=State.RUNNING, lease_until__lt=actor.now)
    waits = Q(state=State.WAITING, asked_at__lt=actor.now - PATIENCE)
    return jobs_for(actor).filter(silent | waits)


def ended_for(actor: Actor, since: dt.datetime) -> QuerySet[Job]:
    """The work that an actor asked for and that did not come to its end since then."""
    return jobs_for(actor).filter(account__ref=actor.account_ref, state=State.FAILED, ended_at__gte=since)


def kinds_for(actor: Actor) -> list[Kind]:
    """The kinds of work for which an actor may ask."""
    return [kind for kind in kinds().values() if _may(actor, kind)]


def _may(actor: Actor, kind: Kind) -> bool:
    try:
        kind.check(actor, {})
    except SaranaError:
        return False
    return True


def was_asked(due: Due, now: dt.datetime) -> bool:
    """Whether work of this kind was asked for so lately, by whomever, that the schedule does not ask again."""
    return Job.objects.filter(kind=due.code, asked_at__gt=now - due.again).exists()


def find_under_way(actor: Actor, thing: str) -> Job | None:
    """The work on a thing that waits or runs now, if the actor may see it."""
    return jobs_for(actor).filter(thing=thing, state__in=(State.WAITING, State.RUNNING)).first()
