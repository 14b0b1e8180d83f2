"""One row for each piece of long work, and a receipt for each step that is done."""

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from sarana.basics.privacy import Privacy
from sarana.basics.references import new_ref

LEASE = dt.timedelta(seconds=60)
"""So long a worker may be silent; then another one takes the work over."""

PATIENCE = dt.timedelta(minutes=5)
"""So long work may wait for a worker before somebody is told."""


class Job(models.Model):
    """A piece of long work. `fence` grows each time a worker takes it: whoever holds an older number writes nothing."""

    class State(models.TextChoices):
        """How far it came."""

        WAITING = "waiting", _("waits")
        RUNNING = "running", _("runs")
        STOPPED = "stopped", _("stopped")
        DONE = "done", _("done")
        FAILED = "failed", _("did not come to its end")

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    kind = models.CharField(max_length=60)
    args = models.JSONField(default=dict)
    about = models.CharField(max_length=200, blank=True)
    thing = models.CharField(max_length=120)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey("accounts.Agency", null=True, on_delete=models.PROTECT, related_name="+")
    was_strong = models.BooleanField(default=False)
    purpose = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    asked_at = models.DateTimeField()
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    stop_asked_at = models.DateTimeField(null=True)
    step = models.PositiveSmallIntegerField(default=0)
    n_steps = models.PositiveSmallIntegerField(default=0)
    step_began_at = models.DateTimeField(null=True)
    done_before = models.BigIntegerField(default=0)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    worker = models.CharField(max_length=60, blank=True)
    fence = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    n_idle = models.PositiveSmallIntegerField(default=0)
    code = models.CharField(max_length=20, blank=True)
    says = models.CharField(max_length=400, blank=True)
    cure = models.CharField(max_length=400, blank=True)

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "ref", "thing", "worker", "fence", "lease_until", "n_idle"), Privacy.TECHNICAL),
        **dict.fromkeys(("kind", "args", "about", "agency", "state", "step", "n_steps"), Privacy.OFFICIAL),
        **dict.fromkeys(("done_before", "done", "total", "code", "says", "cure"), Privacy.OFFICIAL),
        **dict.fromkeys(("account", "was_strong", "purpose", "asked_at", "began_at"), Privacy.STAFF),
        **dict.fromkeys(("ended_at", "stop_asked_at", "step_began_at"), Privacy.STAFF),
    }

    class Meta:
        """Two pieces of work on one thing never wait or run beside each other; what runs has a worker."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["thing"], condition=models.Q(state__in=("waiting", "running")), name="jobs_one_for_each_thing"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="running") | models.Q(lease_until__isnull=False), name="jobs_running_is_held"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "lease_until"], name="jobs_to_take"),
            models.Index(fields=["-asked_at", "-id"], name="jobs_newest"),
        ]

    def __str__(self) -> str:
        """Its reference."""
        return str(self.ref)

    def is_stuck(self, now: dt.datetime) -> bool:
        """True where nothing was heard from its worker, or no worker came."""
        if self.state == self.State.RUNNING:
            return self.lease_until is not None and self.lease_until < now
        return self.state == self.State.WAITING and self.asked_at + PATIENCE < now

    def seconds_left(self, now: dt.datetime) -> int | None:
        """How long the present step still takes at the pace that it has had; None while that is not known."""
        came = self.done - self.done_before
        if self.state != self.State.RUNNING or self.step_began_at is None or came <= 0:
            return None
        pace = (now - self.step_began_at).total_seconds() / came
        return max(0, round(pace * (self.total - self.done)))


class Receipt(models.Model):
    """A step that is done: when, how long, and what it did in counts. Written once."""

    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="receipts")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    fence = models.PositiveIntegerField()
    counts = models.JSONField(default=dict)

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "job", "number", "fence"), Privacy.TECHNICAL),
        **dict.fromkeys(("name", "began_at", "ended_at", "counts"), Privacy.OFFICIAL),
    }

    class Meta:
        """A step has one receipt."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["job", "number"], name="jobs_each_step_once")]

    def __str__(self) -> str:
        """Its number."""
        return str(self.number)
