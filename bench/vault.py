"""What sealed identities cost: sealing, opening and giving one person, and turning the keys of a whole agency.

./dev bench vault [--people N] [--given N] [--url DATABASE_URL]

Rows are made and turned in blocks, so that a million people take no more memory than a block. While keys are turned, a
process of its own opens and seals people all the time, as those who work do: no opening may fail.
"""

import argparse
import contextlib
import json
import os
import pickle
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import django
from django.core.management import call_command

BLOCK = 20_000
MOST_GIVEN = 100_000
"""So much is given to another agency at most: to seal it to a public half takes longer than to turn it."""

PAUSE = 0.02
"""Seconds between two openings of those who work meanwhile."""

SEALS_EACH = 10
"""After so many openings somebody new is sealed."""


def main(arguments: Sequence[str]) -> int:
    """Seal so many people, turn their keys, and print seconds and microseconds each."""
    asked = argparse.ArgumentParser(prog="./dev bench vault", description=__doc__)
    asked.add_argument("--people", type=int, default=1_000_000)
    asked.add_argument("--given", type=int, default=MOST_GIVEN, help="so many are given to another agency at most")
    asked.add_argument("--url", default="", help="a PostgreSQL of its own; a file of SQLite unless said")
    asked.add_argument("--inside", action="store_true", help="for the process that works meanwhile")
    given = asked.parse_args(arguments)
    if given.inside:
        return _works()
    with tempfile.TemporaryDirectory(prefix="sarana-bench-") as temp:
        folder = Path(temp)
        os.environ |= {
            "SARANA_MODE": "development", "SARANA_HOME": str(folder), "SARANA_KEYS": str(folder / "keys"),
            "SARANA_KEYFILE": str(folder / "stick" / "open.key"), "DATABASE_URL": given.url,
            "DJANGO_SETTINGS_MODULE": "sarana.config.web.settings",
        }  # fmt: skip
        django.setup()
        call_command("migrate", verbosity=0)
        from makers.second_wall import as_a_mere_role  # noqa: PLC0415  # Django starts first

        with as_a_mere_role():
            _measure(folder, given.people, given.given)
    return 0


def _measure(folder: Path, n: int, most_given: int) -> None:
    from makers.identities import ALL, keys_for_commands, let_read, two_houses  # noqa: PLC0415  # Django starts first
    from makers.ledger import a_key_folder  # noqa: PLC0415
    from sarana.ground.vault.identities.actions.sealing import begin, open_tiers  # noqa: PLC0415
    from sarana.ground.vault.identities.actions.turning import rotate  # noqa: PLC0415
    from sarana.methods.sealing.identities import Tier  # noqa: PLC0415

    keys_for_commands(folder)
    a_key_folder(folder / "keys")
    houses = two_houses()
    refs = [begin(houses.worker, agency=houses.ours.ref, values=ALL)]
    _told(
        "seal a person (three tiers)",
        200,
        lambda: refs.append(begin(houses.worker, agency=houses.ours.ref, values=ALL)),
    )
    each = iter(refs)
    _told("let another agency read a tier", 100, lambda: let_read(houses, next(each)))
    each = iter(refs)
    _told("open a person (three tiers)", 200, lambda: open_tiers(houses.worker, next(each), Tier))
    each = iter(refs)
    _told("open one as another agency", 100, lambda: open_tiers(houses.police, next(each), Tier))
    began = time.perf_counter()
    _fill(houses, n)
    print(f"{n:,} people's keys put into the database in {time.perf_counter() - began:.1f} s", flush=True)
    given = min(n, most_given)
    _give(houses, given)
    theirs = replace(houses.custodian, grants=(replace(houses.custodian.grants[0], agency_ref=houses.theirs.ref),))
    for whose, actor, agency in (
        ("keys of people", houses.custodian, houses.ours.ref),
        ("keys given by others", theirs, houses.theirs.ref),
        ("keys given by others, once more", theirs, houses.theirs.ref),
    ):
        with _somebody_works(houses, refs):
            began, cpu = time.perf_counter(), time.process_time()
            done = rotate(actor, agency=agency)
            took, cpu = time.perf_counter() - began, time.process_time() - cpu
        print(f"{done:,} {whose} turned in {took:.1f} s, {cpu:.1f} CPU s ({cpu / done * 1e6:.1f} us each)", flush=True)
    load, peak = os.getloadavg()[0], resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"load {load:.1f} on {os.process_cpu_count()} cores; memory at most {peak:.0f} MiB", flush=True)


@contextlib.contextmanager
def _somebody_works(houses: "object", refs: Sequence[UUID]) -> Iterator[None]:
    """Somebody opens and seals people in a process of her own meanwhile; how often, how long at most, what failed."""
    from makers.identities import TwoHouses  # noqa: PLC0415

    assert isinstance(houses, TwoHouses)
    worker = subprocess.Popen(
        [sys.executable, "-m", "bench.vault", "--inside"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert worker.stdin is not None
    assert worker.stdout is not None
    pickle.dump((houses.worker, houses.ours.ref, list(refs)), worker.stdin)
    worker.stdin.flush()
    assert worker.stdout.readline().strip() == b"ready"
    try:
        yield
    finally:
        worker.stdin.close()
        told = json.loads(worker.stdout.read())
        worker.wait()
    print(
        f"meanwhile {told['opened']:,} people opened and {told['sealed']:,} sealed, {len(told['failed']):,} failed "
        f"({told['halves']}) {' '.join(sorted(set(told['failed'])))}",
        flush=True,
    )


def _works() -> int:
    """Open people, and seal some, until whoever started this closes its pipe; then print what came of it."""
    django.setup()
    from makers.second_wall import as_a_mere_role  # noqa: PLC0415

    with as_a_mere_role():
        print(json.dumps(_opened_and_sealed()))
    return 0


def _opened_and_sealed() -> dict[str, Any]:
    from makers.identities import ALL  # noqa: PLC0415
    from sarana.ground.vault.identities.actions.sealing import begin, open_tiers  # noqa: PLC0415
    from sarana.methods.sealing.identities import Tier  # noqa: PLC0415

    worker, agency, refs = pickle.load(sys.stdin.buffer)  # noqa: S301  # from the bench itself
    stop = threading.Event()

    def wait_for_the_end() -> None:
        sys.stdin.buffer.read()
        stop.set()

    threading.Thread(target=wait_for_the_end, daemon=True).start()
    print("ready", flush=True)
    values: Any = ALL
    seconds: list[float] = []
    failed: list[str] = []
    n_sealed = 0
    while not (seconds and stop.wait(PAUSE)):
        began = time.perf_counter()
        try:
            tiers = open_tiers(worker, refs[len(seconds) % len(refs)], Tier)
            if {tier: tiers[tier].values for tier in ALL} != ALL:
                failed.append("another content")
        except Exception as err:
            failed.append(getattr(err, "code", type(err).__name__))
        seconds.append(time.perf_counter() - began)
        if len(seconds) % SEALS_EACH == 0:
            try:
                refs.append(begin(worker, agency=agency, values=values))
                n_sealed += 1
            except Exception as err:
                failed.append(f"sealing: {getattr(err, 'code', type(err).__name__)}")
    half, most = sorted(seconds)[len(seconds) // 2], max(seconds)
    halves = f"half within {half * 1000:.0f} ms, all within {most * 1000:.0f} ms"
    return {"opened": len(seconds), "halves": halves, "sealed": n_sealed, "failed": failed}


def _told(what: str, times: int, work: Callable[[], object]) -> None:
    began = time.perf_counter()
    for _ in range(times):
        work()
    print(f"{what}: {(time.perf_counter() - began) / times * 1000:.2f} ms", flush=True)


def _fill(houses: "object", n: int) -> None:
    """Rows as `begin` makes them, without tiers, in blocks."""
    from makers.identities import TwoHouses  # noqa: PLC0415
    from sarana.ground.vault.identities import opening  # noqa: PLC0415
    from sarana.ground.vault.identities.models import Subject  # noqa: PLC0415
    from sarana.ground.vault.identities.places_of import place_of_key  # noqa: PLC0415
    from sarana.methods.sealing.identities import new_person_key  # noqa: PLC0415

    assert isinstance(houses, TwoHouses)
    agency = houses.ours.ref
    keys = opening.OPENS.keys(agency, today=houses.worker.today)
    for begin in range(0, n, BLOCK):
        rows = []
        for ref in (uuid4() for _ in range(min(BLOCK, n - begin))):
            sealed = keys.seal_own(new_person_key(), place_of_key(ref, agency, {"names": 1}))
            rows.append(Subject(ref=ref, agency_ref=agency, epoch=1, own_key=sealed, versions={"names": 1}))
        Subject.objects.bulk_create(rows)


def _give(houses: "object", n: int) -> None:
    """Let the other agency read the names of so many, as `share` does, in blocks."""
    from makers.identities import TwoHouses, terms  # noqa: PLC0415
    from sarana.ground.vault.identities.actions.sealing import share_keys  # noqa: PLC0415
    from sarana.ground.vault.identities.models import Basis, Shared, Subject  # noqa: PLC0415

    assert isinstance(houses, TwoHouses)
    said = terms(houses)
    with_bases = Subject.objects.filter(bases__isnull=True).order_by("id")
    for begin in range(0, n, BLOCK):
        people = list(with_bases[: min(BLOCK, n - begin)])
        bases = [
            Basis(subject=each, agency_ref=each.agency_ref, recipient_ref=said.recipient,
                  kind=Basis.Kind.LAW, ground=Basis.Ground.ORDER, decided_by_ref=houses.supervisor.account_ref,
                  tiers="names", purpose=said.purpose, begins_at=houses.worker.now, until=said.until)
            for each in people
        ]  # fmt: skip
        Basis.objects.bulk_create(bases)
        Shared.objects.bulk_create(
            given for each, basis in zip(people, bases, strict=True)
            for given in share_keys(houses.worker, each, basis)
        )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
