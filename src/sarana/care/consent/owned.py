"""What an agency owns of this room: what its people agreed to."""

from django.db.models import Q

from sarana.ground.owned import Owned

OWNED = (
    Owned(
        "consent.Consent",
        "consents",
        "What its people agreed to: in which language and how it was explained, what proves it, and how it ended.",
        lambda ref: Q(agency_ref=ref),
    ),
)

NOT_OWNED: dict[str, str] = {}
