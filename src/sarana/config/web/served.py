"""What the server runs: the program that answers, and beside it the thread that seals the ledger."""

import atexit
import threading

from sarana.config.web.wsgi import application
from sarana.ground.ledger.sealing import start_sealing

__all__ = ["application"]

_stop = threading.Event()
_sealer = start_sealing(_stop)


@atexit.register
def _end() -> None:
    """Seal what still waits before the process ends; whatever cannot be sealed in time is sealed by the next one."""
    _stop.set()
    _sealer.join(timeout=10)
