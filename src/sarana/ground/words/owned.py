"""What an agency owns of this room."""

from django.db.models import Q

from sarana.ground.owned import Owned

OWNED = (
    Owned(
        "words.Proposal",
        "second-words",
        "What was proposed in it and needed two: who proposed it, who gave the second word, what became of it.",
        lambda ref: Q(agency__ref=ref),
    ),
    Owned(
        "words.Notice",
        "second-words-told",
        "Who was told of each proposal, and when she said that she had read it.",
        lambda ref: Q(proposal__agency__ref=ref),
    ),
)

NOT_OWNED: dict[str, str] = {}
