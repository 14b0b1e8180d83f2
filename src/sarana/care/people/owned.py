"""What an agency owns of this room: its people as they stand in the open, who works with them, how they are related."""

from django.db.models import Q

from sarana.ground.owned import Owned

OWNED = (
    Owned(
        "people.Person",
        "people-helped",
        "The people whom it helps, each by a code, with what one plans with; names lie in the sealed tables.",
        lambda ref: Q(agency_ref=ref),
    ),
    Owned("people.Assigned", "people-assigned", "Who works with which person.", lambda ref: Q(agency_ref=ref)),
    Owned(
        "people.Agreement",
        "people-agreements",
        "Agreements with another agency to ask whether it knows a person; the key is not handed over.",
        lambda ref: Q(agency_ref=ref) | Q(partner_ref=ref),
    ),
    Owned(
        "people.Askable",
        "people-askable",
        "Which of its people agreed to be asked about, until when.",
        lambda ref: Q(agency_ref=ref),
    ),
    Owned(
        "people.Question",
        "people-questions",
        "What it asked, about which of its people.",
        lambda ref: Q(agency_ref=ref),
    ),
    Owned(
        "people.Reached",
        "people-reached",
        "That another agency asked about one of its people, and what that person decided.",
        lambda ref: Q(agency_ref=ref),
    ),
    Owned(
        "people.Alarm",
        "people-alarms",
        "Who of its people opened what nobody needs to open, and when.",
        lambda ref: Q(agency_ref=ref),
    ),
    Owned(
        "people.Likeness",
        "people-alike",
        "Which of its records may be of one person, how much they are alike, and why.",
        lambda ref: Q(agency_ref=ref),
    ),
    Owned(
        "people.SameJudgement",
        "people-judged",
        "What was judged of two records, which of them leads, and whether that was taken back.",
        lambda ref: Q(agency_ref=ref),
    ),
    Owned(
        "people.Emergency",
        "people-emergencies",
        "Who opened which of its people in an emergency, when and for which reason, and who confirmed it.",
        lambda ref: Q(agency_ref=ref),
    ),
    Owned(
        "people.Conflict",
        "people-conflicts",
        "Which agency or colleague is kept out of everything about which of its people, and why.",
        lambda ref: Q(agency_ref=ref),
    ),
    Owned("people.Relation", "people-related", "How its people stand to one another.", lambda ref: Q(agency_ref=ref)),
    Owned(
        "people.Photograph",
        "people-photographs",
        "That there are photographs of its people, and by which hash each is known; what they show stays sealed.",
        lambda ref: Q(agency_ref=ref),
    ),
    Owned(
        "people.MaskedCopy",
        "people-masked-copies",
        "Copies of photographs in which faces and marks are hidden, by which hash each is known.",
        lambda ref: Q(agency_ref=ref),
    ),
    Owned(
        "people.Handed",
        "people-masked-given",
        "To which agency a masked copy was given, and on which basis.",
        lambda ref: Q(agency_ref=ref),
    ),
)

NOT_OWNED: dict[str, str] = {
    "people.Compared": "How far the machine compared its people; it compares them again wherever they are kept.",
    "people.AskMark": "Marks under a key that nobody else has; they are made again when a person says yes.",
    "people.Import": "How far a table was taken in: counts, and a digest by which the same table is known again.",
    "people.ToIndex": "A list of work for the search file, empty when that is done; it says nothing of anybody.",
}
