"""Who takes a file that is sent to a source: somebody who may, with the fault said where it may not come."""

from sarana.basics.actors import Actor
from sarana.basics.errors import SaranaError
from sarana.learning.population.sources import policy
from sarana.learning.population.sources.incoming import Incoming, check_room


class Refusing:
    """Takes nothing: there is a fault before anything came."""

    is_whole = False

    def __init__(self, fault: SaranaError) -> None:
        """Keep the fault for the page."""
        self.fault: SaranaError | None = fault

    def take(self, piece: bytes) -> None:
        """Nothing."""

    def end(self) -> None:
        """Nothing."""

    def let_go(self) -> None:
        """Nothing is held."""


def take_for(actor: Actor, n_bytes: int) -> Incoming | Refusing:
    """The taker of a form of so many bytes; whoever has no door here sends nothing to the disk."""
    try:
        if not policy.has_role(actor):
            raise policy.not_hers()
        check_room(n_bytes)
        return Incoming()
    except SaranaError as err:
        return Refusing(err)
