"""What each process that serves runs: the program that answers, and beside it the threads of the house in turn."""

import atexit
import threading

from sarana.config.web.keeping import start_keeping
from sarana.config.web.place import SETTINGS
from sarana.config.web.wsgi import application
from sarana.ground.accounts import passphrases

__all__ = ["application"]

ENDS_SECONDS = 20
_stop = threading.Event()
passphrases.share_among(SETTINGS.workers)
_keeper = start_keeping(_stop)


@atexit.register
def _end() -> None:
    """Give work back and seal what still waits; whatever cannot be done in time is done by the next process."""
    _stop.set()
    _keeper.join(timeout=ENDS_SECONDS)
