"""What the server runs: the program that answers, and beside it the threads that seal the ledger and do long work."""

import atexit
import threading

from sarana.config.web.place import SETTINGS
from sarana.config.web.wsgi import application
from sarana.ground.jobs.working import start_working
from sarana.ground.ledger.sealing import start_sealing

__all__ = ["application"]

_stop = threading.Event()
_sealer = start_sealing(_stop)
_worker = start_working(_stop) if SETTINGS.work == "inside" else None


@atexit.register
def _end() -> None:
    """Give work back and seal what still waits; whatever cannot be done in time is done by the next process."""
    _stop.set()
    if _worker is not None:
        _worker.join(timeout=10)
    _sealer.join(timeout=10)
