"""One row for each task: what waits for a named role of an agency, by when, and what became of it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sarana.basics.privacy import Privacy
from sarana.basics.references import new_ref


class Task(models.Model):
    """Something to be done. It holds references and codes: no name, no figure, no word that somebody wrote.

    `address` is the name of the page where it is done, `args` the references that page takes. `key` says what the task
    is about, so that the same waits once.
    """

    class State(models.TextChoices):
        """How far it came."""

        WAITING = "waiting", _("waits")
        TAKEN = "taken", _("taken")
        DONE = "done", _("done")
        RETURNED = "returned", _("returned: not for this role")

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=120)
    agency = models.ForeignKey("accounts.Agency", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=40)
    thing_ref = models.UUIDField()
    address = models.CharField(max_length=80)
    args = models.JSONField(default=list)
    made_at = models.DateTimeField()
    made_by_ref = models.UUIDField()
    due_on = models.DateField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=30, blank=True)

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "ref", "address"), Privacy.TECHNICAL),
        **dict.fromkeys(("agency", "role", "made_at", "due_on", "state"), Privacy.OFFICIAL),
        **dict.fromkeys(("made_by_ref", "taken_by", "taken_at", "ended_at"), Privacy.STAFF),
        # That there is a task about somebody is a fact about that person.
        **dict.fromkeys(("kind", "key", "thing_ref", "args", "outcome"), Privacy.SENSITIVE),
    }

    class Meta:
        """The same waits once; what is taken has somebody, and what has ended says how."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["key"], condition=Q(state__in=("waiting", "taken")), name="tasks_the_same_waits_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="taken") | Q(taken_by__isnull=False), name="tasks_taken_by_somebody"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("done", "returned")) | (Q(ended_at__isnull=False) & ~Q(outcome="")),
                name="tasks_ended_says_how",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["agency", "role", "state", "due_on"], name="tasks_waiting")]

    def __str__(self) -> str:
        """Its reference."""
        return str(self.ref)

    @property
    def is_open(self) -> bool:
        """True until it has ended."""
        return self.state in (self.State.WAITING, self.State.TAKEN)
