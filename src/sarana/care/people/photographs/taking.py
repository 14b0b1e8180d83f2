"""Takes a photograph while it comes: in memory alone, and no more than may be kept."""

from sarana.basics.actors import Actor
from sarana.basics.errors import SaranaError
from sarana.care.people import policy
from sarana.methods.pictures.reading import MOST_BYTES, too_large

FORM_BYTES = 65_536
"""So much the rest of the form may have."""


class Photographed:
    """One photograph while it comes."""

    def __init__(self, fault: SaranaError | None = None) -> None:
        """Nothing came yet."""
        self.fault, self.is_whole, self._data = fault, False, bytearray()

    @property
    def data(self) -> bytes:
        """What came."""
        return bytes(self._data)

    def take(self, piece: bytes) -> None:
        """The next piece.

        Raises:
            BadFile: PICTURES-004 it is too large.
        """
        if len(self._data) + len(piece) > MOST_BYTES:
            raise too_large()
        self._data += piece

    def end(self) -> None:
        """Nothing more comes."""
        self.is_whole = True

    def let_go(self) -> None:
        """The request is over."""
        self._data = bytearray()


def take_for(actor: Actor, n_bytes: int) -> Photographed:
    """The taker of a form of so many bytes; whoever has no door here, or sends too much, sends nothing into memory."""
    try:
        policy.check_may_look(actor)
        if n_bytes > MOST_BYTES + FORM_BYTES:
            raise too_large()
    except SaranaError as err:
        return Photographed(err)
    return Photographed()
