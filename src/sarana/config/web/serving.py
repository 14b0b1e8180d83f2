"""One process that answers: granian with this house's program."""

from granian import Granian
from granian.constants import Interfaces


def serve(*, host: str, port: int) -> None:
    """Answer until asked to end.

    The process that answers is a child: where the system ends it, for instance because memory is short, another one
    begins within seconds; one that ends again at once ends all.
    """
    Granian(
        "sarana.config.web.served:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=4,
        websockets=False,
        log_access=False,
        respawn_failed_workers=True,
    ).serve()
