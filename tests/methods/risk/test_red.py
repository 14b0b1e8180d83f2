"""People of the highest band who are not found, as the bench counts them."""

from pathlib import Path

import pyarrow as pa
import pytest
from bench.red import Missed, red_not_found

from sarana.methods.engine import Engine

TRUE = {"a": "red", "b": "green"}


def missed(folder: Path, rows: str, ours: str, red: str, true: dict[str, str] = TRUE) -> list[Missed]:
    """What is missed when row n is truly of person rows[n] and by us of person ours[n], and those in `red` are red.

    A dot is a row that we have not; person a is stateless.
    """
    ids = [f"r{n}" for n in range(len(rows))]
    truth = {"source": ["s"] * len(rows), "row_id": ids, "truth": list(rows), "stateless": [x == "a" for x in rows]}
    kept = [n for n, person in enumerate(ours) if person != "."]
    people = {"source": ["s"] * len(kept), "row_id": [ids[n] for n in kept], "person_id": [ours[n] for n in kept]}
    mine = sorted(set(people["person_id"]))
    scores = {"person_id": mine, "band": ["red" if person in red else "yellow" for person in mine]}
    with Engine(threads=1, memory="100MB", temp=folder) as engine:
        engine.load("truth_rows", pa.table(truth))
        engine.load("ours", pa.table(people))
        engine.load("scores", pa.table(scores))
        engine.load("true_scores", pa.table({"person_id": list(true), "band": list(true.values())}))
        return red_not_found(engine, true_scores="true_scores", people="ours", scores="scores")


@pytest.mark.parametrize(
    ("ours", "red", "n_not_found"),
    [
        ("xxxyy", "x", 0),  # one red person of ours holds all her rows
        ("xxxyy", "y", 1),  # the red one is somebody else
        ("xxzyy", "x", 0),  # two rows of three are enough
        ("xxzyy", "z", 1),  # one of three is not
        ("xzwyy", "xzw", 1),  # three red parts, none with a majority
        ("x..yy", "x", 1),  # rows that we have not count as hers
    ],
)
def test_a_red_person_is_found_when_one_red_person_of_ours_holds_most_of_her_rows(tmp_path, ours, red, n_not_found):
    everyone, stateless = missed(tmp_path, "aaabb", ours, red)
    assert (everyone.n_red, everyone.n_not_found) == (1, n_not_found)
    assert (stateless.n_red, stateless.n_not_found) == (1, n_not_found)


def test_half_of_the_rows_is_no_majority(tmp_path):
    assert missed(tmp_path, "aab", "xyz", "x")[0].n_not_found == 1


def test_people_with_papers_do_not_count_as_stateless(tmp_path):
    everyone, stateless = missed(tmp_path, "aabb", "xxyy", "x", {"a": "red", "b": "red"})
    assert (everyone.n_red, everyone.n_not_found, everyone.share) == (2, 1, 0.5)
    assert (stateless.n_red, stateless.n_not_found, stateless.share) == (1, 0, 0.0)


def test_where_nobody_is_red_nobody_is_missed(tmp_path):
    assert [found.share for found in missed(tmp_path, "ab", "xy", "x", {"a": "grey", "b": "green"})] == [0.0, 0.0]
