"""What sealed identities cost: sealing, opening and giving one person, and turning the keys of a whole agency.

./dev bench vault [--people N] [--given N] [--url DATABASE_URL]

Rows are made and turned in blocks, so that a million people take no more memory than a block. While keys are turned
another process opens people without a pause, each with its line in the ledger, as one that serves does.
"""

import argparse
import contextlib
import multiprocessing
import os
import resource
import tempfile
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


def main(arguments: Sequence[str]) -> int:
    """Seal so many people, turn their keys, and print seconds and microseconds each."""
    asked = argparse.ArgumentParser(prog="./dev bench vault", description=__doc__)
    asked.add_argument("--people", type=int, default=1_000_000)
    asked.add_argument("--given", type=int, default=MOST_GIVEN, help="so many are given to another agency at most")
    asked.add_argument("--url", default="", help="a PostgreSQL of its own; a file of SQLite unless said")
    given = asked.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="sarana-bench-") as temp:
        folder = Path(temp)
        os.environ |= {
            "SARANA_MODE": "development", "SARANA_HOME": str(folder), "SARANA_KEYS": str(folder / "keys"),
            "SARANA_KEYFILE": str(folder / "stick" / "open.key"), "DATABASE_URL": given.url,
            "DJANGO_SETTINGS_MODULE": "sarana.config.web.settings",
        }  # fmt: skip
        django.setup()
        call_command("migrate", verbosity=0)
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
        with _others_open(houses, refs):
            began, cpu = time.perf_counter(), time.process_time()
            done = rotate(actor, agency=agency)
            took, cpu = time.perf_counter() - began, time.process_time() - cpu
        print(f"{done:,} {whose} turned in {took:.1f} s, {cpu:.1f} CPU s ({cpu / done * 1e6:.1f} us each)", flush=True)
    load, peak = os.getloadavg()[0], resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"load {load:.1f} on {os.process_cpu_count()} cores; memory at most {peak:.0f} MiB", flush=True)


def _told(what: str, times: int, work: Callable[[], object]) -> None:
    began = time.perf_counter()
    for _ in range(times):
        work()
    print(f"{what}: {(time.perf_counter() - began) / times * 1000:.2f} ms", flush=True)


@contextlib.contextmanager
def _others_open(houses: "object", refs: Sequence[UUID]) -> Iterator[None]:
    """Another process opens people from before this begins until after it ends; it is told how that went."""
    from django.db import connections  # noqa: PLC0415

    connections.close_all()  # none goes along to a child
    forked = multiprocessing.get_context("fork")
    ended, (ours, theirs) = forked.Event(), forked.Pipe()
    child = forked.Process(target=_open_until, args=(houses, refs, ended, theirs))
    child.start()
    ours.recv()
    try:
        yield
    finally:
        ended.set()
        n, n_failed, slowest = ours.recv()
        child.join()
    print(f"meanwhile {n:,} people opened, {n_failed:,} failed, the slowest in {slowest * 1000:.0f} ms", flush=True)


def _open_until(houses: Any, refs: Sequence[UUID], ended: Any, told: Any) -> None:
    from django.db import DatabaseError  # noqa: PLC0415

    from sarana.basics.errors import SaranaError  # noqa: PLC0415
    from sarana.ground.vault.identities.actions.sealing import open_tiers  # noqa: PLC0415
    from sarana.methods.sealing.identities import Tier  # noqa: PLC0415

    n, n_failed, slowest = 0, 0, 0.0
    while n == 0 or not ended.is_set():
        began = time.perf_counter()
        try:
            n_failed += not open_tiers(houses.worker, refs[n % len(refs)], Tier)
        except (SaranaError, DatabaseError):
            n_failed += 1
        slowest, n = max(slowest, time.perf_counter() - began), n + 1
        if n == 1:
            told.send(n)
    told.send((n, n_failed, slowest))


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
