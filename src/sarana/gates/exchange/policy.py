"""Who hands an agency over what it owns: the operator at the machine, after two of the agency have spoken."""

from pathlib import Path

from sarana.basics.actors import Actor
from sarana.basics.errors import BadFile, NotYet, Refused
from sarana.ground.accounts.models import Agency


def check_may_hand_over(actor: Actor, agency: Agency) -> None:
    """The operator does it at the machine's own line, for an agency that is open, so that its people can be asked."""
    if not actor.is_local:
        raise Refused("EXCHANGE-006", "What an agency owns is handed over by the operator, at the command line.")
    if agency.closed_on is not None:
        raise NotYet(
            "EXCHANGE-002",
            "This agency is closed, so nobody in it can say that it wants this.",
            cure="Open it again, let two of its people speak, hand it over, and close it then.",
        )


def check_is_free(target: Path) -> None:
    """Nothing that is there is written over."""
    if target.exists():
        raise BadFile("EXCHANGE-003", "There is a file of this name.", where=str(target), cure="Name another file.")
