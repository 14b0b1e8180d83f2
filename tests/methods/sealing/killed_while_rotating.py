"""Run by a test: the keys of an organisation are rotated in a child that is killed at any moment, again and again.

    python killed_while_rotating.py FOLDER KILLS

Prints one line of JSON: how often the rotation had ended before, how many keys of runs did not open after a kill, and
how many epochs are left once a rotation came to its end.
"""

import contextlib
import json
import os
import random
import signal
import sys
import time
from pathlib import Path

from methods.sealing.making import TODAY, some_store
from sarana.methods.sealing.organisation import OrganisationKeys
from sarana.methods.sealing.runkeys import make_run_key, open_run_key
from sarana.methods.sealing.store import KeyStore, finish_rotation, rotate_store
from sarana.methods.sealing.unlocking import Given, unlock

N_RUNS = 12


def rotate(store: KeyStore, given: Given) -> None:
    """As the command does it."""
    with store.changing():
        rotate_store(store, unlock(store.get_keyset(), given), today=TODAY)


def words_of(store: KeyStore, keys: OrganisationKeys) -> dict[str, str]:
    """What each key of a run opens to."""
    return {key.run: open_run_key(key, keys, today=TODAY).words() for key in store.run_keys()}


def kill_one(store: KeyStore, given: Given, after: float) -> bool:
    """Let a child rotate and kill it; True where it had come to its end before."""
    child = os.fork()
    if child == 0:
        rotate(store, given)
        os._exit(0)
    time.sleep(after)
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def main() -> None:
    """Kill so many times, and look after each."""
    kills, dice = int(sys.argv[2]), random.Random(12)
    store, file = some_store(Path(sys.argv[1]))
    given = Given(key_file=file)
    keys = unlock(store.get_keyset(), given)
    with store.changing():
        for _ in range(N_RUNS):
            store.keep_run_key(make_run_key(keys, folder="x", made_on=TODAY, until=TODAY))
    words = words_of(store, keys)
    began = time.monotonic()
    rotate(store, given)
    lasts, ended, lost = 1.1 * (time.monotonic() - began), 0, 0
    for _ in range(kills):
        ended += kill_one(store, given, dice.uniform(0, lasts))
        found = words_of(store, unlock(store.get_keyset(), given))
        lost += sum(found.get(run) != word for run, word in words.items())
    with store.changing():
        whole = finish_rotation(store, unlock(store.get_keyset(), given))
    told = {"ended": ended, "lost": lost, "epochs": len(whole.file.epochs), "runs": len(store.run_keys())}
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
