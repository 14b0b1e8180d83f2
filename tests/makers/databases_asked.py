"""Which tests ask for a database: only they need to run on each of the two."""

import pytest

ASKS = frozenset({"db", "transactional_db"})
"""Fixtures of pytest-django behind all others that open the database."""


def asks(item: pytest.Item) -> bool:
    """True for a test that may open the database, and for one that is skipped on one of the two."""
    marks = any(item.get_closest_marker(name) for name in ("django_db", "skipif"))
    return marks or not ASKS.isdisjoint(getattr(item, "fixturenames", ()))


def mark_those_that_ask(items: list[pytest.Item]) -> None:
    """Mark them, for `pytest -m database`."""
    for item in items:
        if asks(item):
            item.add_marker("database")
