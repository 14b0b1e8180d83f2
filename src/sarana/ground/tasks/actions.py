"""The writing doors of tasks: made by rooms, taken, given back and ended by those for whose role they wait."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import batched
from uuid import UUID

from django.db import IntegrityError, transaction

from sarana.basics.actors import Actor
from sarana.basics.errors import BadSetting
from sarana.ground.accounts.models import Account, Agency
from sarana.ground.ledger.actions import record
from sarana.ground.tasks import policy, queries
from sarana.ground.tasks.kinds import kinds
from sarana.ground.tasks.models import Task
from sarana.ground.walls import postgres
from sarana.ground.walls.guards import OPERATOR

RETURNED = "not-ours"
"""How a task ends that is not for this role; every kind has it."""
NOBODY = UUID(int=0)
GONE = "gone"
"""How a task ends whose page was taken away before anybody did it; nobody chooses it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be done: its kind, for which role, about what, on which page, by when."""

    kind: str
    role: str
    thing_ref: UUID
    address: str
    args: Sequence[UUID]
    due_on: dt.date
    key: str


@transaction.atomic
def make_tasks(actor: Actor, agency: Agency, wanted: Sequence[Wanted]) -> int:
    """Let something wait for a role of an agency; what waits already, or did before, is not made again.

    The room that calls asked its own rule. Rows are made as the machine makes them: whoever asks may see none of them.
    It is done as part of an act that records itself; how many there are is told nowhere.

    Returns:
        How many are new.
    """
    by_key = {each.key: each for each in wanted}
    with postgres.as_task(OPERATOR):
        been = queries.been(by_key.keys())
        new = [_made(actor, agency, each) for key, each in by_key.items() if key not in been]
        Task.objects.bulk_create(new, batch_size=queries.BATCH)
    return len(new)


@transaction.atomic
def end_gone(actor: Actor, keys: Collection[str]) -> None:
    """End what waits about things that are here no more, with an outcome of its own: nobody can do it.

    The room that calls asked its own rule. It is done as part of an act that records itself.
    """
    with postgres.as_task(OPERATOR):
        for some in batched(keys, queries.BATCH, strict=False):
            held = Task.objects.filter(key__in=some, state__in=(Task.State.WAITING, Task.State.TAKEN))
            held.update(state=Task.State.DONE, outcome=GONE, ended_at=actor.now)


@transaction.atomic
def ask_again(actor: Actor, agency: Agency, wanted: Wanted) -> bool:
    """Let something wait that a person asks for; gives whether it is new: what waits already is not made again."""
    with postgres.as_task(OPERATOR):
        try:
            with transaction.atomic():
                task, is_new = _made(actor, agency, wanted), True
                task.save(force_insert=True)
        except IntegrityError:
            task, is_new = queries.get_open(wanted.key), False
    record(actor, "tasks.asked", thing_kind=policy.KIND, thing_ref=task.ref, owner_agency_ref=agency.ref)
    return is_new


@transaction.atomic
def take(actor: Actor, task: Task) -> None:
    """Take a task: from now on it is this person's.

    Raises:
        Refused: TASKS-001; NotYet: TASKS-002 somebody was quicker, or it has ended.
    """
    held = _held(actor, task)
    held.state, held.taken_at = Task.State.TAKEN, actor.now
    held.taken_by = Account.objects.get(ref=actor.account_ref)
    held.save(update_fields=["state", "taken_at", "taken_by"])
    _recorded(actor, "tasks.taken", held)


@transaction.atomic
def give_back(actor: Actor, task: Task) -> None:
    """Give a task back, so that somebody else of the role takes it.

    Raises:
        Refused: TASKS-001; NotYet: TASKS-002.
    """
    held = _held(actor, task)
    held.state, held.taken_at, held.taken_by = Task.State.WAITING, None, None
    held.save(update_fields=["state", "taken_at", "taken_by"])
    _recorded(actor, "tasks.given-back", held)


@transaction.atomic
def end(actor: Actor, task: Task, *, outcome: str) -> None:
    """End a task, saying how.

    Raises:
        Refused: TASKS-001; NotYet: TASKS-002.
        BadSetting: TASKS-003 it cannot end so.
    """
    kind = kinds().get(task.kind)
    if outcome != RETURNED and (kind is None or outcome not in dict(kind.outcomes)):
        raise BadSetting("TASKS-003", "A task of this kind cannot end so.", cure="Choose one of those that are shown.")
    held = _held(actor, task)
    held.state = Task.State.RETURNED if outcome == RETURNED else Task.State.DONE
    held.outcome, held.ended_at = outcome, actor.now
    held.save(update_fields=["state", "outcome", "ended_at"])
    _recorded(actor, "tasks.ended", held)


def sweep(now: dt.datetime) -> int:
    """Forget about whom tasks were that ended a month ago; that there was one, and how it ended, stays.

    In place of what one was about stands a mark, by which the same is not asked for again; after a year and a half,
    when no run from which it came is open any more, that goes, too.
    """
    n = 0
    for some in batched(list(queries.over(now).only("key")), queries.BATCH, strict=False):
        for task in some:
            task.key, task.thing_ref, task.args = queries.mark_of(task.key), NOBODY, []
        n += Task.objects.bulk_update(some, ["key", "thing_ref", "args"])
    return n + queries.long_over(now).update(key="")


def _made(actor: Actor, agency: Agency, wanted: Wanted) -> Task:
    return Task(
        kind=wanted.kind,
        key=wanted.key,
        agency=agency,
        role=wanted.role,
        thing_ref=wanted.thing_ref,
        address=wanted.address,
        args=[str(ref) for ref in wanted.args],
        made_at=actor.now,
        made_by_ref=actor.account_ref,
        due_on=wanted.due_on,
    )


def _held(actor: Actor, task: Task) -> Task:
    """The row, held until this act is done, after its rule was asked of how it stands now."""
    held = Task.objects.select_for_update(of=("self",)).select_related("agency", "taken_by").get(pk=task.pk)
    policy.check_may_change(actor, held)
    return held


def _recorded(actor: Actor, act: str, task: Task) -> None:
    record(actor, act, thing_kind=policy.KIND, thing_ref=task.ref, owner_agency_ref=task.agency.ref)
