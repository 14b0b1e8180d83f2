"""Who objected: by the reference of the person, and by marks of her rows, which the next run has too."""

from uuid import UUID

from django.db.models import Q

from sarana.basics.errors import NotYet
from sarana.ground.walls import postgres
from sarana.ground.walls.guards import OPERATOR
from sarana.learning.population.opened.models import Correction
from sarana.learning.population.opened.objections.marks import key_check

HOLDING = Q(kind=Correction.Kind.OBJECTION, outcome__in=("", Correction.Outcome.UPHELD))


def objected() -> tuple[set[UUID], set[str]]:
    """References and marks of all whose objection waits or was upheld: wherever it was said, for people move.

    It is asked as the machine asks: whoever opens a list must miss nobody's objection, whatever she may see herself.
    """
    with postgres.as_task(OPERATOR):
        rows = list(Correction.objects.filter(HOLDING).values_list("person_ref", "marks"))
    return {ref for ref, _marks in rows}, {mark for _ref, marks in rows for mark in marks}


def all_known_again() -> bool:
    """False where an objection was recorded under another key: whom it hides cannot be told any more."""
    with postgres.as_task(OPERATOR):
        return not Correction.objects.filter(HOLDING).exclude(key_check__in=("", key_check())).exists()


def check_all_known_again() -> None:
    """Make sure that nobody is shown of whom it cannot be told whether she objected.

    Raises:
        NotYet: POPULATION-100 an objection was recorded under another key.
    """
    if not all_known_again():
        raise NotYet(
            "POPULATION-100",
            "Somebody objected to standing on a list, and who it was cannot be told here, so no list is shown.",
            cure="Tell the operator: the key folder is another one than when it was written down. Once its file "
            "secret.key of that time is back, the lists are too.",
        )
