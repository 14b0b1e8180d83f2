"""What an agency owns of this room."""

from django.db.models import Q

from sarana.ground.owned import Owned

OWNED = (
    Owned(
        "jobs.Job",
        "long-work",
        "Long work that its people asked for: what, when, how far it came, and how it ended.",
        lambda ref: Q(agency__ref=ref),
    ),
    Owned(
        "jobs.Receipt",
        "long-work-steps",
        "Each step of that work that was done: when it began and ended, and what it did in counts.",
        lambda ref: Q(job__agency__ref=ref),
    ),
)

NOT_OWNED: dict[str, str] = {}
