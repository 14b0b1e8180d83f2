"""What an agency owns of this room."""

from django.db.models import Q

from sarana.ground.owned import Owned

OWNED = (
    Owned(
        "breaches.Incident",
        "breaches",
        "Its record of breaches: what was readable, since when, when it was known, and when it was closed.",
        lambda ref: Q(agency__ref=ref),
    ),
    Owned(
        "breaches.Affected",
        "breaches-people",
        "How many people each breach touches, by the agency whose data it is and by what could be read.",
        lambda ref: Q(incident__agency__ref=ref),
    ),
    Owned(
        "breaches.Duty",
        "breaches-told",
        "Who had to be told of each breach, by when, and when it was done.",
        lambda ref: Q(incident__agency__ref=ref),
    ),
)

NOT_OWNED: dict[str, str] = {}
