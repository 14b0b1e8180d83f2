"""`./dev bench people`: people taken in, the search file made, searches, and every page of the room among so many.

All of it goes through the doors: sealed identities, rows, lines of the ledger, the file, the rights of whoever asks.
"""

import argparse
import contextlib
import csv
import os
import secrets
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from bench.about import about_text, say
from bench.contenders import Means
from bench.search_people import People

MAP = """
[fields]
name = "NAME"
nickname = "NICK"
national_id = "CID"
birth = "BIRTH"
sex = "SEX"
phone = "TEL"
"""
SHOWN = 200
CLOSED_EACH = 20
"""One of so many is kept so closely that the asker does not know of her."""


def main(arguments: Sequence[str]) -> int:
    """Measure, and print the figures as Markdown."""
    ask = argparse.ArgumentParser(prog="./dev bench people")
    ask.add_argument("--people", type=int, default=100_000)
    ask.add_argument("--searches", type=int, default=300)
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--again", action="store_true", help="make the search file once more, alone")
    ask.add_argument("--url", default="", help="a PostgreSQL of its own; a file of SQLite unless said")
    asked = ask.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="sarana-people-") as text:
        folder = Path(text)
        os.environ |= {
            "SARANA_MODE": "development",
            "SARANA_HOME": str(folder / "home"),
            "SARANA_KEYS": str(folder / "keys"),
            "SARANA_KEYFILE": str(folder / "stick" / "open.key"),
            "DATABASE_URL": asked.url,
            "DJANGO_SETTINGS_MODULE": "sarana.config.web.settings",
        }
        sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
        found = _measure(folder, asked)
    print(about_text(Means(1, "no limit")))
    print(f"load: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; {asked.people:,} people\n")
    print("| what | figure |\n|---|---|")
    for what, figure in found:
        print(f"| {what} | {figure} |")
    return 0


def _measure(folder: Path, asked: argparse.Namespace) -> list[tuple[str, str]]:
    import django  # noqa: PLC0415  # the settings are named first
    from django.core.management import call_command  # noqa: PLC0415

    (folder / "home").mkdir()
    (folder / "keys").mkdir(mode=0o700)
    (folder / "keys" / "secret.key").write_text(secrets.token_urlsafe(50), "ascii")
    django.setup()
    call_command("migrate", verbosity=0)
    from makers.second_wall import as_a_mere_role  # noqa: PLC0415

    with as_a_mere_role():
        return _measured(folder, asked)


def _measured(folder: Path, asked: argparse.Namespace) -> list[tuple[str, str]]:
    from makers.identities import keys_for_commands, two_houses  # noqa: PLC0415
    from makers.ledger import a_key_folder  # noqa: PLC0415
    from sarana.care.people.finding import files  # noqa: PLC0415
    from sarana.care.people.finding.actions import building  # noqa: PLC0415
    from sarana.care.people.importing import taking  # noqa: PLC0415

    keys_for_commands(folder)
    a_key_folder(folder / "keys")
    houses = two_houses()
    people = People(asked.people, asked.seed, "unseen")
    table, told = folder / "people.csv", folder / "map.toml"
    told.write_text(MAP, encoding="utf-8")
    _write(people, table)
    say(f"{asked.people:,} people: {table.stat().st_size / 1e6:.0f} MB of CSV")
    parts: dict[str, tuple[float, float]] = {}
    with _timed(parts, "taken in, found, and compared"):
        taken = taking.take_in(
            partial(contextlib.nullcontext, houses.worker),
            houses.ours.ref,
            table,
            told,
            folder / "aside.csv",
            progress=_Said(),
        )
    assert taken.n_aside == 0, taken
    if asked.again:
        with _timed(parts, "the file made anew, alone"):
            building.build(_machine(houses), houses.ours.ref, _Said())
    _count_rows()
    file = next(iter(files.lying(houses.ours.ref).values()))
    clock, cpu = _searches(houses, people, asked)
    pages = _pages(houses)
    rows = [(name, f"{passed:.0f} s by the clock, {spent:.0f} CPU s") for name, (passed, spent) in parts.items()]
    rows += [
        (
            "database",
            "PostgreSQL" if asked.url else f"{(folder / 'home' / 'sarana.sqlite3').stat().st_size / 2**20:.0f} MiB",
        ),
        ("search file", f"{file.stat().st_size / 2**20:.0f} MiB"),
        ("a search, all of it, CPU: half, 95 in 100", _halves(cpu)),
        ("a search, all of it, by the clock and not held: half, 95 in 100", _halves(clock)),
    ]
    slowest = max(pages, key=lambda page: pages[page])
    half, most = _halves(list(pages.values())), pages[slowest] * 1000
    rows.append((f"{len(pages)} pages of the room, each at its second asking: half, 95 in 100", half))
    rows.append(("the slowest of them", f"{slowest}: {most:.0f} ms"))
    shutil.rmtree(folder / "home")
    return rows


def _count_rows() -> None:
    """Let PostgreSQL count what came, as it does by itself within a minute where it is in use."""
    from django.db import connection  # noqa: PLC0415

    from makers.second_wall import as_owner  # noqa: PLC0415

    if connection.vendor == "postgresql":
        with as_owner(), connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _searches(houses: Any, people: People, asked: argparse.Namespace) -> tuple[list[float], list[float]]:
    from sarana.basics.errors import NotYet  # noqa: PLC0415
    from sarana.care.people.finding.actions import searching  # noqa: PLC0415
    from sarana.care.people.models import Person  # noqa: PLC0415

    Person.objects.filter(pk__in=range(0, asked.people, CLOSED_EACH)).update(level="closed")
    searching.STEP_SECONDS, searching.SEARCHES_A_DAY = 1e-6, 10**9
    clock, cpu = [], []
    asks = [each.query for each in people.asks(max(1, asked.searches // 10))]
    np.random.default_rng(asked.seed).shuffle(asks)  # type: ignore[arg-type]
    for query in asks[: asked.searches]:
        began, spent = time.perf_counter(), time.process_time()
        with contextlib.suppress(NotYet):
            searching.find(houses.supervisor, houses.ours.ref, query)
        clock.append(time.perf_counter() - began)
        cpu.append(time.process_time() - spent)
    return clock, cpu


def _pages(houses: Any) -> dict[str, float]:
    """Seconds by the clock of each page that a supervisor opens among so many, and of what she posts to one of them."""
    from django.conf import settings  # noqa: PLC0415

    settings.SECRET_KEY, settings.ALLOWED_HOSTS = "of the bench alone", ["*"]
    from care.people.conftest import comes  # noqa: PLC0415
    from makers.addresses import addresses  # noqa: PLC0415
    from sarana.care.people.models import Person  # noqa: PLC0415

    ref = Person.objects.filter(agency_ref=houses.ours.ref, level="audited").order_by("pk").first().ref
    client = comes(houses.supervisor)
    ours = [each for each in addresses() if each.name.startswith("people:") and len(each.arguments) < 2]
    paths = ["/", *(each.paths([ref])[0] for each in ours)]
    paths += [f"/people/?of=newest&order={order}" for order in ("", "-since", "code", "-code", "sex", "level")]
    found = {}
    for path in paths:
        for _again in range(2):
            began = time.perf_counter()
            answer = client.get(path)
            passed = time.perf_counter() - began
        if answer.status_code == SHOWN:
            found[f"GET {path.replace(str(ref), 'REF')}"] = passed
    for what in ("name", "contact", "story"):
        began = time.perf_counter()
        answer = client.post(f"/people/{ref}/{what}/")
        assert answer.status_code == SHOWN, answer.status_code
        found[f"POST /people/REF/{what}/"] = time.perf_counter() - began
    return found


def _write(people: People, table: Path) -> None:
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("NAME", "NICK", "CID", "BIRTH", "SEX", "TEL"))
        for number, entry in enumerate(people.entries()):
            named = {name.kind: name.text for name in entry.names}
            writer.writerow((
                named.get("legal", ""), named.get("nickname", ""),
                entry.identifiers[0].value if entry.identifiers else f"{number:013}",
                entry.birth.year if entry.birth else "", entry.sex or "",
                entry.phones[0] if entry.phones else "",
            ))  # fmt: skip


def _machine(houses: Any) -> Any:
    from sarana.basics.actors import Actor  # noqa: PLC0415

    return Actor.local(houses.worker.now)


@contextlib.contextmanager
def _timed(parts: dict[str, tuple[float, float]], name: str) -> Iterator[None]:
    began, spent = time.perf_counter(), _cpu()
    yield
    parts[name] = (time.perf_counter() - began, _cpu() - spent)
    say(f"{name}: {parts[name][0]:.0f} s, {parts[name][1]:.0f} CPU s")


def _cpu() -> float:
    """Seconds of this process and of those that it started and that have ended."""
    told = os.times()
    return told.user + told.system + told.children_user + told.children_system


class _Said:
    """Says now and then how far it is."""

    def __init__(self) -> None:
        self.last = time.monotonic()

    def report(self, done: int, total: int, what: str) -> None:
        """A line every half minute."""
        if time.monotonic() - self.last > 30:
            self.last = time.monotonic()
            say(f"  {done:,} of {total:,} {what}")


def _halves(seconds: list[float]) -> str:
    half, most = np.percentile(np.array(seconds) * 1000, [50, 95])
    return f"{half:.0f} and {most:.0f} ms"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
