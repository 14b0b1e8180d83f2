"""A boundary file while it comes: kept in memory, for it is about no person, and never more than one at a time."""

from sarana.basics.actors import Actor
from sarana.basics.errors import BadFile, NotYet, SaranaError
from sarana.ground.seats import Seats, give_back
from sarana.learning.population.boundaries.reading import MOST_BYTES
from sarana.learning.population.sources import policy
from sarana.learning.population.sources.taking import Refusing

AT_ONCE = Seats("boundary-file")


class Coming:
    """One file that comes: its bytes, once all of them are here."""

    def __init__(self) -> None:
        """Wait for the first piece.

        Raises:
            NotYet: POPULATION-034 another one comes just now.
        """
        self.fault: SaranaError | None = None
        self.is_whole, self._pieces, self._n_bytes = False, list[bytes](), 0
        self._seat = AT_ONCE.take()
        if self._seat is None:
            raise NotYet(
                "POPULATION-034",
                "Another file is coming in just now.",
                cure="Wait until it is here; then send yours.",
            )

    @property
    def content(self) -> bytes:
        """All that came."""
        return b"".join(self._pieces)

    def take(self, piece: bytes) -> None:
        """The next piece.

        Raises:
            BadFile: POPULATION-102 it is too large.
        """
        self._n_bytes += len(piece)
        if self._n_bytes > MOST_BYTES:
            raise too_large()
        self._pieces.append(piece)

    def end(self) -> None:
        """Nothing more comes."""
        self.is_whole = self._n_bytes > 0

    def let_go(self) -> None:
        """Forget what came, and let the next one come."""
        self._pieces.clear()
        if self._seat is not None:
            give_back(self._seat)
            self._seat = None


def take_for(actor: Actor, n_bytes: int) -> Coming | Refusing:
    """The taker of a form of so many bytes; whoever has no door here sends nothing into memory."""
    try:
        if not policy.may_update(actor):
            raise policy.not_hers()
        if n_bytes > MOST_BYTES:
            raise too_large()
        return Coming()
    except SaranaError as err:
        return Refusing(err)


def too_large() -> BadFile:
    """What is said of a file above the limit."""
    return BadFile(
        "POPULATION-102",
        "The file is larger than a boundary file may be.",
        where=f"{MOST_BYTES // 2**20} MiB",
        cure="Have its lines simplified, and leave out other provinces and all properties but the code.",
    )
