"""What sealing costs: the chain on one invented province, sealed and open in turns, in processes of their own.

./dev bench sealed [--people N] [--pairs N]
"""

import argparse
import os
import statistics
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.contenders import COMMAND, SOURCES
from bench.measured import run_measured


def main(arguments: Sequence[str]) -> int:
    """Run in turns and print CPU and wall seconds of each, and the middle of the quotients of pairs."""
    asked = argparse.ArgumentParser(prog="./dev bench sealed", description=__doc__)
    asked.add_argument("--people", type=int, default=175_000)
    asked.add_argument("--pairs", type=int, default=3)
    given = asked.parse_args(arguments)
    quotients = []
    with tempfile.TemporaryDirectory(prefix="sarana-bench-") as temp:
        work = Path(temp)
        os.environ |= {"SARANA_KEYS": str(work / "keys"), "SARANA_HOME": str(work / "home")}
        made = ["invent", "province", "--people", str(given.people), "--seed", "1", "--out", str(work / "province")]
        run_measured(["-c", COMMAND, *made], work / "invent.log")
        for pair in range(given.pairs):
            ways = ("open", "sealed") if pair % 2 else ("sealed", "open")
            cost = {way: _run(work, f"{way}-{pair}", unsealed=way == "open") for way in ways}
            quotients.append(cost["sealed"][0] / cost["open"][0])
            told = "; ".join(f"{way} {cpu:.1f} CPU s, {wall:.1f} s" for way, (cpu, wall) in sorted(cost.items()))
            print(f"pair {pair + 1}: {told}; quotient of CPU seconds {quotients[-1]:.3f}", flush=True)
    print(f"{given.people:,} people, {given.pairs} pairs: the middle quotient is {statistics.median(quotients):.3f}")
    return 0


def _run(work: Path, name: str, *, unsealed: bool) -> tuple[float, float]:
    words = ["population", "run", str(SOURCES), "--data", str(work / "province"), "--out", str(work / name)]
    cost = run_measured(["-c", COMMAND, *words, *(["--unsealed"] if unsealed else [])], work / f"{name}.log")
    return cost.cpu_seconds, cost.wall_seconds
