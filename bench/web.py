"""What the map costs those who work with it: the figures of a province on the web, and fifty people at their desks.

    ./dev bench web [--people 1750000] [--data FOLDER]

A province is invented, linked and taken into a demonstration, as an operator does it; then people of every role that
may read the map go on from page to page, each after a pause, all at once. Beside the pages of Population stand Today
and a plain page of Django that says hello, asked in the same way on the same machine in the same run. Memory is that
of all processes that serve, the largest of what was seen while they answered.

Before that one person asks for one page after the other, each for the first time and then again: what a page costs of
a processor hangs least on what else the machine does. With `--data` the province and its run are kept.
"""

import argparse
import itertools
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path

from bench.contenders import Means, invent, run_ours
from bench.serve import cpu_seconds, demonstration, group, hello, resident_mib
from bench.update import SECTORS
from makers.serving import Browser, served

AT_ONCE = 50
GOALS = {"map": 0.300, "panel": 0.100}
"""Seconds within which 19 of 20 answers have to be there."""
MOST_MIB = 512
ALONE = 60
"""Pages of a kind that one person asks for alone."""

NO_ANSWER = 0
LINK = re.compile(r'href="(/population/[0-9a-f-]{36}/)"')
AREA = re.compile(r'href="(/population/areas/[0-9a-f-]{36}/)')
DISTRICT = re.compile(r'<option value="([A-Z]{0,2}[0-9][A-Z0-9.]*)"')


@dataclass(slots=True)
class Taken:
    """The seconds of answers for each kind of page, and what did not answer as it should."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, what: str, path: str, seconds: float, status: int) -> None:
        """Keep one answer."""
        with self.lock:
            self.seconds.setdefault(what, []).append(seconds)
            if status != 200:
                self.wrong.append(f"{path}: {status}")


def main(arguments: Sequence[str]) -> int:
    """Measure, print, and fail where a goal is not reached."""
    asked = argparse.ArgumentParser(prog="./dev bench web", description=__doc__)
    asked.add_argument("--people", type=int, default=1_750_000, help="people in the province (1,750,000: full scale)")
    asked.add_argument("--at-once", type=int, default=AT_ONCE, help="people at work")
    asked.add_argument("--pause", type=float, default=5.0, help="seconds that each reads before the next page")
    asked.add_argument("--seconds", type=float, default=90.0, help="for how long they work")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--data", type=Path, help="a folder whose province and run are used; made there if it is empty")
    asked.add_argument("--only-make", action="store_true", help="make what --data names, and measure nothing")
    given = asked.parse_args(arguments)
    if given.only_make and not given.data:
        asked.error("--only-make needs --data, the folder in which the province is made")
    with tempfile.TemporaryDirectory() as folder:
        return _measured(given, Path(folder))


def _measured(given: argparse.Namespace, folder: Path) -> int:
    run, n_rows = made_run(given, given.data or folder)
    if given.only_make:
        print(f"{n_rows:,} rows are made in {given.data}: the next ./dev bench web --data {given.data} takes them.")
        return 0
    installed = demonstration(folder)
    installed.sarana("population", "take-in", str(run))
    told = f"{n_rows:,} rows taken in; {given.at_once} people, a page each {given.pause:g} s, {given.seconds:g} s"
    print(f"{told}; {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}.")
    with served(installed) as (browser, process):
        alone(browser, process)
    print(f"\n{'all at once':<34}{'answers':>8}{'p50 ms':>9}{'p95 ms':>9}{'goal ms':>9}")
    with hello(folder) as (plain, _process, _start):
        found = Taken()
        worked([(plain, [("plain Django hello", "/")])] * given.at_once, given, found)
        _tell(found, {})
    with served(installed) as (browser, process):
        at_work = people(browser, given.at_once)
        found, before = Taken(), cpu_seconds(process)
        most = worked(at_work, given, found, process)
        late = _tell(found, {"map": GOALS["map"], "panel": GOALS["panel"], "Today": GOALS["map"]})
        spent = cpu_seconds(process) - before
        n = sum(map(len, found.seconds.values()))
        n_processes = len(group(process))
        print(f"memory of all that serves ({n_processes} processes), at most: {most:.0f} MiB (goal {MOST_MIB}).")
        print(f"A page costs {spent / n * 1000:.0f} ms of a processor; load {os.getloadavg()[0]:.1f} at the end.")
    if found.wrong:
        print(f"not answered as they should be: {', '.join(found.wrong[:5])}", file=sys.stderr)
    return int(bool(late) or bool(found.wrong) or most > MOST_MIB)


def made_run(given: argparse.Namespace, folder: Path) -> tuple[Path, int]:
    """The run of the invented province, made in this folder unless it lies there already; and of how many rows."""
    told = folder / "made.json"
    asked = {"people": given.people, "seed": given.seed}
    if not told.exists():
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise SystemExit(f"bench web: {folder} holds something that was not finished: name an empty folder.")
        province = invent(given.people, given.seed, 1.0, folder)
        run_ours(province, folder, Means(2, "5GB"))
        n_rows = sum(sum(1 for _line in (province / f"{name}.csv").open("rb")) - 1 for name in SECTORS)
        told.write_text(json.dumps({**asked, "rows": n_rows}))
    made = json.loads(told.read_text())
    if {name: made[name] for name in asked} != asked:
        raise SystemExit(f"bench web: {folder} was made of {made}, and {asked} is asked for: name another folder.")
    return folder / "run", made["rows"]


def people(browser: Browser, at_once: int) -> list[tuple[Browser, list[tuple[str, str]]]]:
    """So many people, in turn of every role that may read the map, each with the pages that she may open."""
    doors = re.findall(r"/demonstration/[0-9a-f-]{36}/", browser.get("/demonstration/").text)
    may = [door for door in dict.fromkeys(doors) if LINK.search(_entered(browser.port, door).get("/population/").text)]
    if not may:
        raise SystemExit("bench web: no role of the demonstration may read the map.")
    found = []
    for door in itertools.islice(itertools.cycle(may), at_once):
        person = _entered(browser.port, door)
        found.append((person, pages_of(person)))
    return found


def _entered(port: int, door: str) -> Browser:
    person = Browser(port)
    answer = person.post(door, {}, page="/demonstration/")
    assert answer.status == 302, answer.status
    return person


def pages_of(person: Browser) -> list[tuple[str, str]]:
    """The pages that somebody goes through: maps at each level, one district near to, areas, Today."""
    link = LINK.search(person.get("/population/").text)
    assert link is not None
    run = link[1]
    first = person.get(f"{run}?level=subdistrict").text
    districts = list(dict.fromkeys(DISTRICT.findall(first)))
    assert districts, "the map names no district"
    levels = [f"{run}?level={level}" for level in ("subdistrict", "district")]
    maps = [*levels, *(f"{levels[0]}&within={code}" for code in districts)]
    areas = list(dict.fromkeys(AREA.findall(first)))
    assert areas, "the map shows no area"
    return [*(("map", path) for path in maps), *(("panel", path) for path in areas), ("Today", "/")]


def alone(browser: Browser, process: subprocess.Popen[str]) -> None:
    """Say what each kind of page costs of a processor, asked for by one person, one after the other."""
    person, pages = people(browser, 1)[0]
    print(f"{'one after the other':<34}{'pages':>8}{'CPU ms first':>14}{'CPU ms again':>14}")
    for kind in sorted({what for what, _path in pages}):
        paths = [path for what, path in pages if what == kind][:ALONE]
        paths *= max(1, ALONE // len(paths)) if len(paths) == 1 else 1
        costs = []
        for _again in range(2):
            before = cpu_seconds(process)
            for path in paths:
                person.get(path)
            costs.append((cpu_seconds(process) - before) / len(paths) * 1000)
        print(f"{kind:<34}{len(paths):>8}{costs[0]:>14.1f}{costs[1]:>14.1f}")


def worked(
    at_work: Iterable[tuple[Browser, list[tuple[str, str]]]],
    given: argparse.Namespace,
    found: Taken,
    process: subprocess.Popen[str] | None = None,
) -> float:
    """Let all of them work; gives the largest memory that was seen, in MiB."""
    until = time.monotonic() + given.seconds
    threads = [
        threading.Thread(
            target=_work,
            args=(random.Random(given.seed * 1_000 + n), Browser(browser.port, dict(browser.cookies)), pages),  # noqa: S311
            kwargs={"pause": given.pause, "until": until, "found": found},
        )
        for n, (browser, pages) in enumerate(at_work)
    ]
    for thread in threads:
        thread.start()
    most = 0.0
    while any(thread.is_alive() for thread in threads):
        most = max(most, resident_mib(process)) if process else most
        time.sleep(1)
    return most


def _work(
    chance: random.Random, browser: Browser, pages: list[tuple[str, str]], *, pause: float, until: float, found: Taken
) -> None:
    kinds = sorted({what for what, _path in pages})
    time.sleep(chance.random() * pause)
    while time.monotonic() < until:
        kind = chance.choice(kinds)
        what, path = chance.choice([page for page in pages if page[0] == kind])
        began = time.monotonic()
        try:
            status = browser.get(path).status
        except (OSError, HTTPException):
            status = NO_ANSWER
        found.note(what, path, time.monotonic() - began, status)
        time.sleep(pause * (0.5 + chance.random()))


def _tell(found: Taken, goals: dict[str, float]) -> list[str]:
    """A line for each kind of page; gives those that came too late."""
    late = []
    for what, took in sorted(found.seconds.items()):
        p95 = sorted(took)[int(0.95 * len(took))]
        goal = goals.get(what)
        late += [what] if goal is not None and p95 > goal else []
        told = f"{goal * 1000:.0f}" if goal is not None else ""
        print(f"{what:<34}{len(took):>8}{statistics.median(took) * 1000:>9.1f}{p95 * 1000:>9.1f}{told:>9}")
    return late
