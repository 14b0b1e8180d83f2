"""The threads of the house, in one of the processes that serve: they seal the ledger and do long work.

Whichever process has the keeper's seat has them; where it ends, another one takes the seat within a second and goes on.
"""

import logging
import threading

from sarana.config.web.place import SETTINGS
from sarana.ground.jobs.working import start_working
from sarana.ground.ledger.sealing import seal_what_waits, start_sealing
from sarana.ground.seats import Seats

KEEPER = Seats("keeper")
LOOKS_SECONDS = 1.0
"""How often a process without the seat looks whether it became free."""

log = logging.getLogger(__name__)


def start_keeping(stop: threading.Event) -> threading.Thread:
    """Keep the house in a thread of this process, once it is its turn, until told to stop."""
    thread = threading.Thread(target=_keep_until, args=(stop,), name="keeper", daemon=True)
    thread.start()
    return thread


def _keep_until(stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            with KEEPER.taken() as is_ours:
                if is_ours:
                    _keep(stop)
        except OSError as err:
            log.error("WEB-017 The keeper's seat could not be taken (%s); it is tried again.", type(err).__name__)  # noqa: TRY400
        stop.wait(LOOKS_SECONDS)
    # Whoever was not the keeper may have written since the keeper sealed for the last time.
    seal_what_waits()


def _keep(stop: threading.Event) -> None:
    threads = [start_sealing(stop)]
    if SETTINGS.work == "inside":
        threads.append(start_working(stop))
    for thread in threads:
        thread.join()
