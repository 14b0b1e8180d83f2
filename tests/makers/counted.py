"""Counts of the checks: how often a test does what the security paper states a number for, and what came of it.

`SARANA_TEST_SCALE` is the share of the stated counts, 1 for all of them. With `SARANA_CHECKS_OUT` the results of all
tests that are marked with a check are written to that file, for the table of the manual.
"""

import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol

import pytest

SCALE = float(os.environ.get("SARANA_TEST_SCALE", "0.02"))
ONLY = frozenset(os.environ.get("SARANA_CHECKS", "").split())
OUT = os.environ.get("SARANA_CHECKS_OUT", "")
BACKENDS = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


class Counted(Protocol):
    """Takes what is counted and its stated number, gives the number at this scale, and keeps it for the table."""

    def __call__(self, what: str, stated: int, *, least: int = 1, exact: bool = False) -> int:
        """The number; `exact` where it is not scaled but was found."""


@pytest.fixture
def counted(record_property: Any) -> Counted:
    """For a test of a check: how often."""

    def count(what: str, stated: int, *, least: int = 1, exact: bool = False) -> int:
        number = stated if exact else max(least, round(stated * SCALE))
        record_property("counted", [what, number])
        return number

    return count


def shared_out[T](of: Sequence[T]) -> Sequence[T]:
    """All of them at full scale; below it every second one on SQLite, and the others on PostgreSQL."""
    return of if SCALE >= 1 else of[bool(os.environ.get("DATABASE_URL")) :: 2]


def on_one(vendor: str) -> pytest.MarkDecorator:
    """For a test in which nothing hangs on the database: below full scale it runs on this one only, then on both."""
    here = "postgresql" if os.environ.get("DATABASE_URL") else "sqlite"
    reason = f"nothing in it hangs on the database: below full scale it runs on {BACKENDS[vendor]}"
    return pytest.mark.skipif(SCALE < 1 and here != vendor, reason=reason)


def checks_of(item: pytest.Item) -> list[str]:
    """The checks of which a test is a part."""
    return [mark.args[0] for mark in item.iter_markers("check")]


def database_of(item: pytest.Item) -> str:
    """The database on which a test runs: named by its parameter or its installation, or the one of the whole run."""
    if "on_postgresql" in getattr(item, "fixturenames", ()):
        return BACKENDS["postgresql"]
    named = getattr(getattr(item, "callspec", None), "params", {}).values()
    found = [BACKENDS[each] for each in named if isinstance(each, str) and each in BACKENDS]
    return (found or [BACKENDS["postgresql" if os.environ.get("DATABASE_URL") else "sqlite"]])[0]


def note_checks(items: list[pytest.Item]) -> None:
    """Let every report of a marked test say which checks it belongs to; keep only those asked for, if any are."""
    for item in items:
        item.user_properties += [("check", check) for check in checks_of(item)]
        item.user_properties.append(("database", database_of(item)))
    if ONLY:
        items[:] = [item for item in items if ONLY & set(checks_of(item))]


class Kept:
    """Collects the reports of marked tests; with several workers the first process collects for all."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.results: list[dict[str, Any]] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """One line for each test: of its call, or of whatever kept it from being called."""
        found = [value for name, value in report.user_properties if name == "check"]
        if not found or (report.when != "call" and report.outcome == "passed"):
            return
        properties: Iterable[tuple[str, Any]] = report.user_properties
        self.results.append(
            {
                "checks": found,
                "test": report.nodeid,
                "outcome": report.outcome,
                "database": next(value for name, value in properties if name == "database"),
                "counted": [value for name, value in properties if name == "counted"],
            }
        )

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write all down."""
        if OUT and not hasattr(session.config, "workerinput"):
            Path(OUT).write_text(json.dumps({"scale": SCALE, "tests": self.results}, indent=1), encoding="utf-8")
