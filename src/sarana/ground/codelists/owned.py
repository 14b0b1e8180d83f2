"""What an agency takes along of this room: the words that its records use. Lists belong to all."""

from django.db.models import Q

from sarana.ground.owned import Owned

OWNED = (
    Owned(
        "codelists.Edition",
        "lists",
        "Every edition of every list of words and areas: its source, its licence, and when it was in force.",
        None,
    ),
    Owned(
        "codelists.Word",
        "words",
        "The words of the lists in force, with their labels by language; codes in other files are explained here.",
        lambda _ref: Q(edition__state="in-force"),
    ),
    Owned(
        "codelists.Translation",
        "words-translated",
        "Labels that custodians gave to words in further languages.",
        None,
    ),
    Owned(
        "codelists.Purpose",
        "purposes",
        "For what people may be looked at: the words of each purpose, its roles, and from when until when.",
        None,
    ),
)

NOT_OWNED = {
    "codelists.Area": "public lists of areas: their sources and licences stand in the table of lists",
    "codelists.Change": "what became of areas: the same public sources",
}
