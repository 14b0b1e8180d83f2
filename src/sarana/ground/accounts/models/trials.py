"""Trials: how often a sign-in was tried of late, for one name from one place, without storing either."""

from typing import ClassVar

from django.db import models

from sarana.basics.privacy import Privacy


class Trial(models.Model):
    """The trials of the last minute under one mark, as seconds, and how often in a row they filled the measure."""

    mark = models.CharField(max_length=64, unique=True)
    recent = models.JSONField(default=list)
    n_times_full = models.PositiveSmallIntegerField(default=0)
    since_at = models.DateTimeField(db_index=True)
    wait_until = models.DateTimeField(null=True, blank=True)

    PRIVACY: ClassVar = {
        "id": Privacy.TECHNICAL,
        "mark": Privacy.SECRET,
        "recent": Privacy.TECHNICAL,
        "n_times_full": Privacy.TECHNICAL,
        "since_at": Privacy.TECHNICAL,
        "wait_until": Privacy.TECHNICAL,
    }

    def __str__(self) -> str:
        """The row number: the mark is nobody's business."""
        return str(self.pk)
