"""How young the youngest people of a source are."""

import datetime as dt
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sarana.basics.errors import BadTable
from sarana.methods.doors import PLAIN
from sarana.methods.population.later import refuse_older, youngest

DAY = dt.timedelta(days=1)
END = dt.date(2026, 6, 30)


def rows(*, n: int = 3_000, end: dt.date = END, source: str = "health") -> pa.Table:
    """People of whom one is born each day before the end; of some the birth is not known."""
    births = [end - DAY * at for at in range(n)] + [None] * 10
    return pa.table({"source": pa.array([source] * len(births)).dictionary_encode(), "birth": pa.array(births)})


def kept(table: pa.Table, folder: Path) -> Path:
    pq.write_table(table, folder / "standardised.parquet")
    return folder


def test_the_youngest_are_one_in_a_thousand_and_twenty_at_least() -> None:
    assert youngest(rows()) == {"health": END - 19 * DAY}
    assert youngest(rows(n=30_000)) == {"health": END - 29 * DAY}
    assert youngest(rows(n=1_999)) == {}
    assert youngest(pa.concat_tables([rows(), rows(source="school", end=END - DAY)]).unify_dictionaries()) == {
        "health": END - 19 * DAY,
        "school": END - 20 * DAY,
    }


def test_files_of_three_months_before_are_older(tmp_path: Path) -> None:
    run = kept(rows(), tmp_path)
    refuse_older(rows(end=END + 365 * DAY), run, PLAIN)
    refuse_older(rows(end=END - 90 * DAY), run, PLAIN)
    with pytest.raises(BadTable, match=r"UPDATE-004 .* born about 2026-03, those of the run about 2026-06"):
        refuse_older(rows(end=END - 91 * DAY), run, PLAIN)


def test_wrong_births_do_not_make_old_files_young(tmp_path: Path) -> None:
    run = kept(rows(), tmp_path)
    wrong = rows(n=15, end=END + 30 * DAY)
    with pytest.raises(BadTable, match="UPDATE-004"):
        refuse_older(pa.concat_tables([rows(end=END - 365 * DAY), wrong]).unify_dictionaries(), run, PLAIN)


def test_what_was_erased_or_is_new_or_small_is_not_judged(tmp_path: Path) -> None:
    refuse_older(rows(), tmp_path, PLAIN)
    run = kept(rows(source="school"), tmp_path)
    refuse_older(rows(end=END - 365 * DAY), run, PLAIN)
    refuse_older(rows(n=1_000, end=END - 365 * DAY, source="school"), run, PLAIN)
