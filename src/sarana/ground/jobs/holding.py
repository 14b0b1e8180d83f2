"""Holding work: taking it for a while, and saving only while it is still one's own.

Every transaction of a step first writes to the job's row under the number with which the work was taken. Where somebody
took it over, that number is old, no row is found, and the transaction ends there with nothing written.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.db.models import DateTimeField, ExpressionWrapper, F, Q, Value
from django.db.models.functions import Coalesce, Now

from sarana.basics.actors import Actor
from sarana.basics.work import Args
from sarana.ground.jobs.models import LEASE, Job
from sarana.ground.walls import postgres
from sarana.ground.walls.guards import OPERATOR, WORKING

State = Job.State
TELL_EVERY_SECONDS = 1.0
MOST_IDLE = 5
"""So often work is taken without coming any further; then it has failed and kills no further worker."""


class Lost(Exception):
    """Another worker has taken the work over; whatever this one still holds is not written."""


class Stopped(Exception):
    """Somebody asked to stop this work."""


class Ending(Exception):
    """The worker itself was asked to end; another one goes on."""


def lease_from_now() -> Any:
    """The moment until which work is held, by the database's own clock."""
    return ExpressionWrapper(Now() + Value(LEASE), output_field=DateTimeField())


def take(worker: str) -> Job | None:
    """Take the oldest work that waits, or whose worker fell silent; None where there is none."""
    free = Q(state=State.WAITING) | Q(state=State.RUNNING, lease_until__lt=Now())
    with postgres.as_task(WORKING):
        if not Job.objects.filter(free).exists():
            return None
    with transaction.atomic(), postgres.as_task(WORKING):
        rows = Job.objects.filter(free).order_by("asked_at", "id")
        rows = rows.select_for_update(skip_locked=True) if connection.vendor == "postgresql" else rows
        job = rows.first()
        if job is None:
            return None
        held = Job.objects.filter(pk=job.pk, fence=job.fence, state=job.state)
        held.update(
            state=State.RUNNING,
            fence=F("fence") + 1,
            n_idle=F("n_idle") + 1,
            worker=worker[:60],
            lease_until=lease_from_now(),
            began_at=Coalesce("began_at", Now()),
        )
        return Job.objects.select_related("account", "agency").get(pk=job.pk)


@dataclass(slots=True)
class Held:
    """Work that a worker holds, as its steps see it."""

    job: Job
    actor: Actor
    ending: threading.Event
    told_at: float = field(default=0.0)

    @property
    def args(self) -> Args:
        """What the work was told."""
        found: Args = self.job.args
        return found

    def standing(self) -> AbstractContextManager[None]:
        """One transaction in which the database works for whoever asked for this."""
        if self.job.account is None:
            return postgres.as_task(OPERATOR)
        return postgres.standing(
            account=str(self.job.account.pk),
            account_ref=str(self.actor.account_ref),
            agencies=",".join(sorted(str(ref) for ref in self.actor.agency_refs)),
            paths=",".join(sorted({grant.branch for grant in self.actor.grants} - {""})),
        )

    @contextmanager
    def saving(self, done: int, total: int) -> Iterator[None]:
        """One transaction that stands only while this worker holds the work.

        Raises:
            Ending, Lost, Stopped: the work ends here for this worker, and nothing of the transaction is written.
        """
        if self.ending.is_set():
            raise Ending
        with transaction.atomic(), self.standing():
            self.keep(done=done, total=total, n_idle=0)
            yield

    def report(self, done: int, total: int, what: str) -> None:
        """Take note of how far a step is, once a second at most; ends it where the work was stopped."""
        del what
        if time.monotonic() - self.told_at < TELL_EVERY_SECONDS:
            return
        self.told_at = time.monotonic()
        with self.saving(done, total):
            pass

    def keep(self, *, may_be_stopped: bool = True, **values: Any) -> None:
        """Write to the job's row, and hold it longer; called inside a transaction.

        Raises:
            Lost: another worker took it over; Stopped: somebody asked to stop it.
        """
        rows = Job.objects.filter(pk=self.job.pk, fence=self.job.fence, state=State.RUNNING)
        if not rows.update(**{"lease_until": lease_from_now(), **values}):
            raise Lost
        if may_be_stopped and Job.objects.filter(pk=self.job.pk, stop_asked_at__isnull=False).exists():
            raise Stopped
