"""The reading doors of tasks."""

import datetime as dt
from collections.abc import Collection
from itertools import batched
from uuid import UUID

from django.db import models
from django.db.models import QuerySet

from sarana.basics.actors import Actor
from sarana.ground.accounts import keyed
from sarana.ground.tasks import policy
from sarana.ground.tasks.models import Task

BATCH = 500
KEPT = dt.timedelta(30)
"""So long a task that has ended says about whom it was."""

MARK_KEPT = dt.timedelta(550)
"""So long it is known again that there was one: as long as a run is open."""

MARKED = "mark:"


def tasks_for(actor: Actor) -> QuerySet[Task]:
    """The tasks that wait for a role of an actor, and those that ended.

    Raises:
        Refused: TASKS-001 nothing could wait for her.
    """
    policy.check_may_look(actor)
    found = Task.objects.filter(policy.openable_by(actor)).select_related("agency", "taken_by")
    return found.fetch_mode(models.FETCH_RAISE)


def open_for(actor: Actor) -> QuerySet[Task]:
    """Those that have not ended, the ones that are due first; none for whoever has no such role."""
    if not policy.has_role(actor):
        return Task.objects.none()
    return tasks_for(actor).filter(state__in=(Task.State.WAITING, Task.State.TAKEN)).order_by("due_on", "pk")


def get_task(actor: Actor, ref: UUID) -> Task:
    """One task.

    Raises:
        Refused: TASKS-001 nothing could wait for her.
        Task.DoesNotExist: it is not for her role, or there is none.
    """
    return tasks_for(actor).get(ref=ref)


def get_open(key: str) -> Task:
    """The one task about something that has not ended, for the action that would make another."""
    return Task.objects.get(key=key, state__in=(Task.State.WAITING, Task.State.TAKEN))


def been(keys: Collection[str]) -> set[str]:
    """About which of these things there is or was a task, for actions that make each once.

    One that ended so long ago that nobody is to know about whom it was is known again by its mark.
    """
    found: set[str] = set()
    for some in batched(keys, BATCH, strict=False):
        by_name = {key: key for key in some} | {mark_of(key): key for key in some}
        held = Task.objects.filter(key__in=by_name).values_list("key", flat=True)
        found.update(by_name[name] for name in held)
    return found


def mark_of(key: str) -> str:
    """What stands in place of a key once it is forgotten: nobody reads from it what the task was about."""
    return MARKED + keyed.mark("task", key)


def over(now: dt.datetime) -> QuerySet[Task]:
    """Those that ended so long ago that about whom they were is nobody's to know any more."""
    return Task.objects.filter(ended_at__lt=now - KEPT).exclude(key="").exclude(key__startswith=MARKED)


def long_over(now: dt.datetime) -> QuerySet[Task]:
    """Those that ended so long ago that the same cannot be asked for again."""
    return Task.objects.filter(ended_at__lt=now - MARK_KEPT, key__startswith=MARKED)


def to_forget(now: dt.datetime) -> bool:
    """Whether anything of tasks that ended is to be forgotten."""
    return over(now).exists() or long_over(now).exists()


def open_of(kinds: Collection[str]) -> list[tuple[str, list[str]]]:
    """Key and arguments of all tasks of some kinds that have not ended, for the room that ends what is gone."""
    found = Task.objects.filter(kind__in=kinds, state__in=(Task.State.WAITING, Task.State.TAKEN))
    return list(found.values_list("key", "args"))
