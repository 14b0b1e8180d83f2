"""Work of minutes beside the thread that holds a job: it goes on in a thread of its own while the job is held."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from sarana.basics.progress import Progress
from sarana.basics.work import Work

EVERY_SECONDS = 1.0


class Ended(Exception):
    """The job was stopped or taken over: what goes on beside it ends at its next word."""


@dataclass(slots=True)
class Told:
    """How far the work is, as its thread says and the job's thread hands on."""

    done: int = 0
    total: int = 0
    is_over: threading.Event = field(default_factory=threading.Event)

    def report(self, done: int, total: int, what: str) -> None:
        """Take note; ends the work here where nobody wants it any more.

        Raises:
            Ended: the job was stopped, taken over, or its process ends.
        """
        del what
        if self.is_over.is_set():
            raise Ended
        self.done, self.total = done, total


def beside[T](work: Work, do: Callable[[Progress], T]) -> T:
    """Do something that touches no row, in a thread of its own, while the job is held and its progress is told.

    Raises:
        Whatever `do` raises, and what ends the job.
    """
    told, found, faults = Told(), list[T](), list[BaseException]()

    def run() -> None:
        try:
            found.append(do(told))
        except BaseException as err:
            faults.append(err)

    thread = threading.Thread(target=run, name="jobs-beside", daemon=True)
    thread.start()
    try:
        while thread.is_alive():
            thread.join(EVERY_SECONDS)
            work.report(told.done, told.total, "")
    finally:
        told.is_over.set()
        thread.join()
    if faults:
        raise faults[0]
    return found[0]
