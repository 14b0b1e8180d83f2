"""Runs the countable checks at their stated counts on both databases, and keeps what came of them.

    ./dev scale checks [CHECK …] [--scale SHARE]

Without names all are run, which takes hours on two cores; with names only those, and what is known of the others stays.
The results go to `reference/checks-run.toml`, from which `./dev fix` makes the table of the manual.
"""

import argparse
import datetime as dt
import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "reference/checks-run.toml"
NAMED = ROOT / "reference/checks.toml"
HEAD = "# What came of the last runs of the checks. Written by `./dev scale checks`; not to be changed by hand.\n"
FAILED, PASSED, SKIPPED, NOT_RUN = "failed", "passed", "skipped", "not run"

Run = dict[str, Any]
Runs = dict[str, dict[str, Run]]


def main(arguments: Sequence[str]) -> int:
    """Run, keep, and say what failed."""
    asked = argparse.ArgumentParser(prog="./dev scale checks", description=__doc__)
    asked.add_argument("checks", nargs="*", help="such as F-01; all if none is named")
    asked.add_argument("--scale", type=float, default=1.0, help="the share of the stated counts")
    given = asked.parse_args(arguments)
    named = tomllib.loads(NAMED.read_text("utf-8"))
    unknown = sorted(set(given.checks) - named.keys())
    if unknown:
        print(f"scale checks: {', '.join(unknown)} is not in reference/checks.toml.", file=sys.stderr)
        return 2
    wanted = given.checks or list(named)
    results = [*_tested(wanted, given.scale, {}), *_on_postgresql(wanted, given.scale)]
    if not results:
        print("scale checks: no test ran, so nothing is known; see above why.", file=sys.stderr)
        return 2
    runs = merged(kept(), gathered(results, wanted, scale=given.scale, on=_today(), commit=_commit()))
    KEPT.write_text(written(runs, named), encoding="utf-8")
    failed = [
        f"{check} on {base}" for check in wanted for base, r in runs.get(check, {}).items() if r["result"] == FAILED
    ]
    print(
        f"{len(results)} tests of {len(wanted)} checks; {'failed: ' + ', '.join(failed) if failed else 'none failed'}."
    )
    print("Kept in reference/checks-run.toml; `./dev fix` makes the table.")
    return int(bool(failed))


def _tested(wanted: Iterable[str], scale: float, more: Mapping[str, str], where: str = "tests") -> list[Run]:
    """What pytest says of every test that is marked with one of these checks."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "checks.json"
        asked = {"SARANA_TEST_SCALE": str(scale), "SARANA_CHECKS": " ".join(wanted), "SARANA_CHECKS_OUT": str(out)}
        subprocess.run(
            [sys.executable, "-m", "pytest", *where.split()], cwd=ROOT, env={**os.environ, **asked, **more}, check=False
        )
        found: list[Run] = json.loads(out.read_text("utf-8"))["tests"] if out.exists() else []
        return found


def _on_postgresql(wanted: Sequence[str], scale: float) -> list[Run]:
    """The rooms once more on a PostgreSQL of this run's own; faults start theirs by themselves, and ran already."""
    folder = Path(tempfile.mkdtemp(prefix="sarana-checks-"))
    folder.chmod(0o755)
    script = ROOT / ".ci/postgres.sh"
    try:
        started = subprocess.run(
            [script, "start", folder / "postgres"], check=False, stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        address = next((line for line in started.stdout.splitlines() if "DATABASE_URL=" in line), "")
        if started.returncode or not address:
            print("scale checks: no PostgreSQL could be started, so nothing was run on it.", file=sys.stderr)
            return []
        url = address.partition("DATABASE_URL=")[2].strip("'\" ")
        return _tested(
            wanted,
            scale,
            {"DATABASE_URL": url},
            "tests/ground tests/gates tests/care tests/learning tests/house/test_law_6_addresses.py",
        )
    finally:
        subprocess.run([script, "stop", folder / "postgres"], check=False, cwd=ROOT)
        shutil.rmtree(folder, ignore_errors=True)


def gathered(results: Iterable[Run], wanted: Iterable[str], *, scale: float, on: dt.date, commit: str) -> Runs:
    """What came of each check on each database: failed if one test did, passed if one passed and none failed."""
    runs: Runs = {check: {} for check in wanted}
    for result in results:
        for check in set(result["checks"]) & runs.keys():
            run = runs[check].setdefault(
                result["database"],
                {
                    "result": NOT_RUN,
                    "tests": 0,
                    "skipped": 0,
                    "scale": scale,
                    "on": on,
                    "commit": commit,
                    "counted": {},
                },
            )
            run["skipped"] += result["outcome"] == SKIPPED
            run["tests"] += result["outcome"] != SKIPPED
            if result["outcome"] == FAILED or (result["outcome"] == PASSED and run["result"] == NOT_RUN):
                run["result"] = result["outcome"]
            for what, n in result["counted"]:
                run["counted"][what] = run["counted"].get(what, 0) + n
    return runs


def kept() -> Runs:
    """What is known from earlier runs."""
    return tomllib.loads(KEPT.read_text("utf-8")) if KEPT.exists() else {}


def merged(before: Mapping[str, Any], now: Runs) -> Runs:
    """Earlier runs, and in their place the new ones of checks that were run on a database."""
    return {
        check: {**before.get(check, {}), **now.get(check, {})} for check in [*before, *(now.keys() - before.keys())]
    }


def written(runs: Runs, named: Iterable[str]) -> str:
    """The file, in the order of the checks."""
    lines = [HEAD]
    for check in named:
        for base in sorted(runs.get(check, {})):
            run = runs[check][base]
            lines.append(f"[{check}.{base}]")
            lines += [f"{key} = {_toml(run[key])}" for key in ("result", "tests", "skipped", "scale", "on", "commit")]
            inside = ", ".join(f"{json.dumps(what)} = {n}" for what, n in sorted(run["counted"].items()))
            lines.append(f"counted = {{ {inside} }}\n" if inside else "counted = {}\n")
    return "\n".join(lines)


def _toml(value: object) -> str:
    return value.isoformat() if isinstance(value, dt.date) else json.dumps(value)


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()


def _commit() -> str:
    """The commit that was run, with a star where the checkout had changes."""
    said = subprocess.run(
        ["git", "describe", "--always", "--dirty=*", "--abbrev=7", "--exclude=*"],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    return said.stdout.strip() or "unknown"
