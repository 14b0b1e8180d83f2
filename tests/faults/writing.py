"""Writes accounts through the doors of the house until it is killed or its time is up.

    python tests/faults/writing.py THREADS SECONDS

Every save is one transaction with two rows of accounts and two of the ledger. A line on standard output is what a
person would have seen: `ready`; `kept REF SECONDS` once the save came back; `lost CODE SECONDS` where it failed.
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

    def __init__(self, seconds: float) -> None:
        """Begin with one agency, in which all accounts are made."""
        self.ends = time.monotonic() + seconds
        start.start()
        self.actions: Any = import_module("sarana.ground.accounts.actions")
        self.find_fault: Any = import_module("sarana.ground.pages.faults").find_fault
        self.database: Any = import_module("django.db")
        models: Any = import_module("sarana.ground.accounts.models")
        actor = Actor.local(dt.datetime.now(dt.UTC))
        self.agency = self.actions.make_agency(
            actor, name=f"Agency {uuid4().hex}", kind=models.Agency.Kind.SHELTER, country="TH"
        )
        self.role = models.Role.objects.get(code="case-worker")

    def write(self) -> None:
        """Save again and again."""
        while time.monotonic() < self.ends:
            began = time.monotonic()
            try:
                ref = self.save()
            except Exception as err:
                fault = self.find_fault(err)
                said = fault.code if fault else f"mistake:{type(err).__name__}"
                tell(f"lost {said} {time.monotonic() - began:.3f}")
                time.sleep(0.02)
            else:
                tell(f"kept {ref} {time.monotonic() - began:.3f}")
            self.let_go()

    def save(self) -> str:
        """One account with one role."""
        actor = Actor.local(dt.datetime.now(dt.UTC))
        with self.database.transaction.atomic():
            account = self.actions.make_account(actor, sign_in_name=uuid4().hex, name="Nobody", passphrase=PASSPHRASE)
            self.actions.give_role(actor, account=account, agency=self.agency, role=self.role)
        return str(account.ref.hex)

    def let_go(self) -> None:
        """What the end of a request does with the connection."""
        self.database.connection.close_if_unusable_or_obsolete()


def tell(line: str) -> None:
    """One line in one write, so that a kill leaves no part of it."""
    os.write(1, f"{line}\n".encode())


def main() -> None:
    """Start the threads and wait for them."""
    threads, seconds = int(sys.argv[1]), float(sys.argv[2])
    writers = Writers(seconds)
    tell("ready")
    running = [threading.Thread(target=writers.write) for _ in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()


if __name__ == "__main__":
    main()
