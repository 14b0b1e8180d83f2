"""Writes accounts through the doors of the house until it is killed or its time is up.

    python tests/faults/writing.py PROCESSES THREADS SECONDS

Every save is one transaction with two rows of accounts and two of the ledger. A line on standard output is what a
person would have seen: `ready`; `kept REF SECONDS MOMENT` once the save came back; `lost CODE SECONDS MOMENT` where it
failed.
"""

import datetime as dt
import os
import sys
import threading
import time
from importlib import import_module
from typing import Any
from uuid import uuid4

from sarana.basics.actors import Actor
from sarana.config.web import start

PASSPHRASE = "seven quiet rivers run"  # noqa: S105


class Writers:
    """People who save, each in a thread, as in the process that serves."""

    def __init__(self, *, answers_on: int = 1) -> None:
        """Find the doors; nothing is asked of the database yet."""
        start.start()
        self.answers_on = answers_on
        self.actions: Any = import_module("sarana.ground.accounts.actions")
        self.find_fault: Any = import_module("sarana.ground.pages.faults").find_fault
        self.database: Any = import_module("django.db")
        self.models: Any = import_module("sarana.ground.accounts.models")

    def write(self, threads: int, seconds: float) -> None:
        """Save again and again, in so many threads."""
        actor = Actor.local(dt.datetime.now(dt.UTC))
        kind = self.models.Agency.Kind.SHELTER
        self.agency = self.actions.make_agency(actor, name=f"Agency {uuid4().hex}", kind=kind, country="TH")
        self.role = self.models.Role.objects.get(code="case-worker")
        self.ends = time.monotonic() + seconds
        self.tell("ready")
        running = [threading.Thread(target=self._write_alone) for _ in range(threads)]
        for thread in running:
            thread.start()
        for thread in running:
            thread.join()

    def _write_alone(self) -> None:
        while time.monotonic() < self.ends:
            began = time.monotonic()
            try:
                ref = self.save()
            except Exception as err:
                self.tell(f"lost {self.said(err)} {_since(began)}")
                time.sleep(0.02)
            else:
                self.tell(f"kept {ref} {_since(began)}")
            self.database.connection.close_if_unusable_or_obsolete()

    def save(self) -> str:
        """One account with one role."""
        actor = Actor.local(dt.datetime.now(dt.UTC))
        with self.database.transaction.atomic():
            account = self.actions.make_account(actor, sign_in_name=uuid4().hex, name="Nobody", passphrase=PASSPHRASE)
            self.actions.give_role(actor, account=account, agency=self.agency, role=self.role)
        return str(account.ref.hex)

    def said(self, error: Exception) -> str:
        """The code of the sentence that a person would have read; a mistake has none."""
        fault = self.find_fault(error)
        return str(fault.code if fault else getattr(error, "code", f"mistake:{type(error).__name__}"))

    def tell(self, line: str) -> None:
        """One line in one write, so that a kill leaves no part of it."""
        os.write(self.answers_on, f"{line}\n".encode())


def _since(began: float) -> str:
    """How long it took, and when it was over by the clock that all processes of the machine share."""
    now = time.monotonic()
    return f"{now - began:.3f} {now:.3f}"


def main() -> None:
    """Load the house once, and let so many forks of it write."""
    processes, threads, seconds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    writers = Writers()
    children = []
    for _ in range(processes):
        child = os.fork()
        if child == 0:
            writers.write(threads, seconds)
            os._exit(0)
        children.append(child)
    sys.exit(max(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children))


if __name__ == "__main__":
    main()
