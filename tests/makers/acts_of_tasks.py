"""The acts on tasks, each prepared for a task that waits for the custodian of the house."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from makers.acts import Act, House, by
from makers.agencies import local
from sarana.ground.tasks import actions
from sarana.ground.tasks.actions import Wanted
from sarana.ground.tasks.models import Task
from sarana.learning.population.opened.tasks import REFER_NOW


def a_task(agency: Any) -> Task:
    """A task that waits for the custodian of an agency."""
    actor, ref = local(timezone.localtime()), uuid4()
    wanted = Wanted(REFER_NOW.code, "data-custodian", ref, "desk:today", (), actor.today, f"about:{ref}")
    actions.make_tasks(actor, agency, [wanted])
    return Task.objects.get(thing_ref=ref)


def _waiting(house: House) -> tuple[UUID, dict[str, Any]]:
    return a_task(house.ours).ref, {}


def _taken(**data: str) -> Callable[[House], tuple[UUID, dict[str, Any]]]:
    def about(house: House) -> tuple[UUID, dict[str, Any]]:
        task = a_task(house.ours)
        actions.take(house.acts("kim"), task)
        return task.ref, data

    return about


ACTS = (
    Act("tasks:take", by("kim", _waiting), ("tasks.taken",)),
    Act("tasks:give-back", by("kim", _taken()), ("tasks.given-back",)),
    Act("tasks:end", by("kim", _taken(outcome="handed-on")), ("tasks.ended",)),
)
