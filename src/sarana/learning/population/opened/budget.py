"""How many people somebody may open in a day, counted in the lines of what she did, so that no list is harvested."""

from uuid import UUID

from sarana.basics.actors import Actor
from sarana.basics.errors import Refused
from sarana.ground.ledger.queries import things_of_today

OPENED, NAMED = "population.person-seen", "population.name-seen"
MOST = {OPENED: 40, NAMED: 20}
"""Different people a day: more than a worker visits, fewer than a subdistrict's list. Opening one again costs none."""


def check_budget(actor: Actor, act: str, person: UUID) -> None:
    """Make sure that the day's number is not used up; the refusal is written down, and is worth a question.

    Raises:
        Refused: POPULATION-096 it is.
    """
    seen = things_of_today(actor, act)
    if person not in seen and len(seen) >= MOST[act]:
        raise Refused(
            "POPULATION-096",
            "You have opened as many people today as one day allows.",
            cure="Go on tomorrow. Who needs help now is helped without this page. That this was reached is written "
            "down, and your data-protection officer may ask.",
        )
