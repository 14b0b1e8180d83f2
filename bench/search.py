"""`./dev bench search`: is the right person among the first ten, how soon, and what does it take, against others.

People are invented from names that the search was not tuned to (the *unseen* half of each list), and asked for in
spellings that do not come from the search's own rules. A search found whom it should where somebody with the very same
names is among the first ten: nobody can tell those apart by names; `that very one` counts the one alone.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from bench.about import about_text, say
from bench.contenders import Means
from bench.measured import run_measured
from bench.search_contenders import CONTENDERS
from bench.search_lists import SHARED
from bench.search_people import Ask, People
from sarana.methods.search.entry import Entry


def main(arguments: Sequence[str]) -> int:
    """Measure each contender in a process of its own, and print the figures as Markdown."""
    ask = argparse.ArgumentParser(prog="./dev bench search")
    ask.add_argument("--people", type=int, default=100_000)
    ask.add_argument("--each", type=int, default=200, help="searches of each kind and script")
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--half", choices=("unseen", "tuning"), default="unseen")
    ask.add_argument("--only", nargs="*", choices=list(CONTENDERS), default=list(CONTENDERS))
    ask.add_argument("--failed", type=int, default=0, help="show so many searches of each kind that did not find")
    ask.add_argument("--shared", type=Path, default=SHARED, help="the folder of papers with lists of names")
    ask.add_argument("--inside", help="for the processes themselves")
    asked = ask.parse_args(arguments)
    if asked.inside:
        return _inside(asked)
    found = {}
    with tempfile.TemporaryDirectory(prefix="sarana-search-") as folder:
        for name in asked.only:
            say(f"{name}: {asked.people:,} people")
            to = Path(folder) / f"{len(found)}"
            to.mkdir()
            own = ["-m", "bench.search", "--inside", str(to), "--only", name, "--people", str(asked.people)]
            own += [
                "--each",
                str(asked.each),
                "--seed",
                str(asked.seed),
                "--half",
                asked.half,
                "--shared",
                str(asked.shared),
            ]
            cost = run_measured([*own, "--failed", str(asked.failed)], to / "log")
            found[name] = json.loads((to / "found.json").read_text("utf-8")) | {"peak": cost.peak_mib}
            if asked.failed:
                sys.stderr.write((to / "log").read_text("utf-8"))
    print(about_text(Means(1, "no limit")))
    print(f"load: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; {asked.people:,} people, {asked.half} half\n")
    if not asked.shared.is_dir():
        print(f"The lists of {asked.shared} are not there and were not asked.\n")
    print(_costs(found))
    print()
    print(_recalls(found))
    return 0


def _inside(asked: argparse.Namespace) -> int:
    """One contender: load, ask, and leave what was measured in a file."""
    folder, [name] = Path(asked.inside), asked.only
    people = People(asked.people, asked.seed, asked.half, asked.shared)
    asks = people.asks(asked.each)
    contender = CONTENDERS[name]()
    path = folder / "file"
    began, cpu = time.perf_counter(), time.process_time()
    drawn = _Drawn(people.entries())
    contender.load(path, drawn)
    loaded, loaded_cpu = time.perf_counter() - began - drawn.wall, time.process_time() - cpu - drawn.cpu
    size = sum(file.stat().st_size for file in folder.glob("file*")) / 2**20
    for ask in asks[:5]:
        contender.ask(ask.query)
    seconds, cpus, hits, shown = [], [], [], dict[tuple[str, str], int]()
    for ask in asks:
        began, cpu = time.perf_counter(), time.process_time()
        refs = contender.ask(ask.query)
        seconds.append(time.perf_counter() - began)
        cpus.append(time.process_time() - cpu)
        is_found = bool(ask.accepted & set(refs))
        hits.append((ask.kind, ask.script, is_found, ask.ref in refs))
        if not is_found and shown.setdefault((ask.kind, ask.script), 0) < asked.failed:
            shown[ask.kind, ask.script] += 1
            _show(people, ask)
    found = {
        "load": loaded,
        "load CPU": loaded_cpu,
        "size": size,
        "seconds": sorted(seconds),
        "cpus": sorted(cpus),
        "hits": hits,
    }
    (folder / "found.json").write_text(json.dumps(found), "utf-8")
    return 0


class _Drawn:
    """People as they are drawn, and the time that took: it is not the contender's."""

    def __init__(self, people: Iterator[Entry]) -> None:
        self._people = people
        self.wall = self.cpu = 0.0

    def __iter__(self) -> Iterator[Entry]:
        while True:
            wall, cpu = time.perf_counter(), time.process_time()
            some = list(islice(self._people, 1000))
            self.wall += time.perf_counter() - wall
            self.cpu += time.process_time() - cpu
            if not some:
                return
            yield from some


def _show(people: People, ask: Ask) -> None:
    names = next((" ".join(people.written(at)) for at in range(people.n) if people.ref(at) == ask.ref), "")
    for at, (_, own, _) in enumerate(people.listed):
        names = f"{own} {people.beside[at][0]}" if people.ref(people.n + at) == ask.ref else names
    print(f"not found: {ask.kind}, {ask.script}: {ask.query.words} -> {names}")


def _costs(found: dict[str, dict[str, object]]) -> str:
    head = [
        "",
        "load s",
        "load CPU s",
        "file MiB",
        "peak MiB",
        "p50 ms",
        "p95 ms",
        "p99 ms",
        "p50 CPU ms",
        "p95 CPU ms",
    ]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for name, its in found.items():
        wall, cpu = (_at(its[what], shares) for what, shares in (("seconds", (0.5, 0.95, 0.99)), ("cpus", (0.5, 0.95))))
        first = f"{its['load']:.0f} | {its['load CPU']:.0f} | {its['size']:.0f} | {its['peak']:.0f}"
        lines.append(f"| {name} | {first} | {' | '.join([*wall, *cpu])} |")
    return "\n".join(lines)


def _at(seconds: object, shares: Sequence[float]) -> list[str]:
    assert isinstance(seconds, list)
    return [f"{1000 * seconds[min(int(len(seconds) * share), len(seconds) - 1)]:.1f}" for share in shares]


def _recalls(found: dict[str, dict[str, object]]) -> str:
    rows: dict[tuple[str, str], dict[str, list[tuple[bool, bool]]]] = {}
    for name, its in found.items():
        hits = its["hits"]
        assert isinstance(hits, list)
        for kind, script, is_found, is_that in hits:
            rows.setdefault((kind, script), {}).setdefault(name, []).append((is_found, is_that))
    head = ["search", "written in", "n", *(f"{name}, %" for name in found), "that very one (first), %"]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for (kind, script), by in rows.items():
        first = next(iter(by.values()))
        shares = [f"{100 * sum(one for one, _ in hits) / len(hits):.1f}" for hits in by.values()]
        very = f"{100 * sum(two for _, two in first) / len(first):.1f}"
        lines.append("| " + " | ".join([kind, script, str(len(first)), *shares, very]) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
