"""The kinds of tasks that the rooms of this house have."""

from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from sarana.basics.tasks import TaskKind


@cache
def kinds() -> dict[str, TaskKind]:
    """Every kind by its code."""
    return {kind.code: kind for name in settings.SARANA_TASKS for kind in import_string(name)}
