"""What an agency owns of this room."""

from django.db.models import Q

from sarana.ground.owned import Owned

OWNED = (
    Owned(
        "tasks.Task",
        "tasks",
        "What waited for its roles: what kind, by when, who took it, how it ended; about whom only as a reference.",
        lambda ref: Q(agency__ref=ref),
    ),
)

NOT_OWNED: dict[str, str] = {}
