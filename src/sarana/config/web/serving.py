"""One process that answers: granian with this house's program."""

from granian import Granian
from granian.constants import Interfaces


def serve(*, host: str, port: int) -> None:
    """Answer until asked to end."""
    Granian(
        "sarana.config.web.served:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=4,
        websockets=False,
        log_access=False,
    ).serve()
