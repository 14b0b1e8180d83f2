"""What people judged of pairs holds in every later run, and what contradicts is told."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from methods.linkage.making import Row, are_one, link, make_town, persons
from sarana.basics.errors import BadTable
from sarana.methods.engine import Engine
from sarana.methods.linkage.clusters import cluster_rows
from sarana.methods.linkage.judged import Judged, bind_rows, load_judged

ACCEPT, UNSEEN = 49, -400
TOWN, _ = make_town(300)
FILES = ("people", "review", "links", "link_model")

Judgement = tuple[str, str, str]


def judge(engine: Engine, *judgements: Judgement) -> None:
    columns = list(zip(*judgements, strict=True)) or [(), (), ()]
    names = ("left", "right", "verdict")
    engine.lend("judged", pa.table({n: pa.array(c, pa.string()) for n, c in zip(names, columns, strict=True)}))


def told(engine: Engine, rows: Iterable[Row], *judgements: Judgement) -> dict[str, int]:
    judge(engine, *judgements)
    counts = link(engine, rows).counts
    return {key.removeprefix("judged_"): int(n) for key, n in counts.items() if key.startswith("judged_")}


MADE = st.integers(2, 10).flatmap(
    lambda n: st.tuples(
        st.lists(
            st.tuples(st.sampled_from(list(combinations(range(n), 2))), st.integers(-900, 1500)),
            unique_by=lambda pair: pair[0],
            max_size=20,
        ),
        st.lists(st.integers(0, 3), min_size=n, max_size=n),
        st.lists(
            st.tuples(st.sampled_from(list(combinations(range(n), 2))), st.sampled_from(["same", "not-same", "?"])),
            unique_by=lambda pair: pair[0],
            max_size=8,
        ),
    )
)

Made = tuple[list[tuple[tuple[int, int], int]], list[int], list[tuple[tuple[int, int], str]]]


def clustered(made: Made) -> tuple[list[int], Judged, Sequence[bool]]:
    """People of made pairs under judgements, and which of the *same* held."""
    pairs, ids, said = made
    points = dict(pairs)
    said = sorted(said)
    a, b = (np.array([pair[at] for pair, _ in said], dtype=np.int64) for at in range(2))
    is_same, is_other = (np.array([v == word for _, v in said], dtype=np.bool_) for word in ("same", "not-same"))
    judged = Judged(a, b, is_same, is_other, {}, 0)
    known = np.array(ids, dtype=np.int64)
    bound = bind_rows(judged, np.array([points.get(pair, -900) for pair, _ in said], dtype=np.int64), known)
    lines = sorted(pairs)
    x, y = (np.array([pair[at] for pair, _ in lines], dtype=np.int64) for at in range(2))
    value = np.array([n for _, n in lines], dtype=np.int64)
    found = cluster_rows((x, y, value), known, accept_points=ACCEPT, unseen_points=UNSEEN, bound=bound)
    return found.tolist(), judged, bound.is_kept.tolist()


@settings(deadline=None, max_examples=150)
@given(MADE)
def test_not_same_always_holds_and_same_gives_way_only_to_it(made: Made) -> None:
    people, judged, is_kept = clustered(made)
    ids = made[1]
    for a, b, is_same, is_other, kept in zip(judged.a, judged.b, judged.is_same, judged.is_other, is_kept, strict=True):
        assert not (is_other and people[a] == people[b])
        assert kept == (is_same and people[a] == people[b])
    for person in set(people):
        assert person == people.index(person)
        assert len({id_ for id_, of in zip(ids, people, strict=True) if of == person and id_}) <= 1
    if not judged.is_other.any() and not any(ids):
        assert is_kept == judged.is_same.tolist()


@settings(deadline=None, max_examples=60)
@given(MADE)
def test_judgements_of_nobody_else_change_nothing_for_the_others(made: Made) -> None:
    """Groups in which no row was judged come out as without judgements."""
    people, judged, _ = clustered(made)
    before, _, _ = clustered((made[0], made[1], []))
    likely = np.array([pair for pair, points in made[0] if points > ACCEPT] or np.empty((0, 2)), dtype=np.int64)
    touched = set(judged.a.tolist()) | set(judged.b.tolist())
    while True:
        wider = touched | {int(row) for pair in likely if touched & set(pair.tolist()) for row in pair}
        if wider == touched:
            break
        touched = wider
    assert all(person == before[row] for row, person in enumerate(people) if row not in touched)


def test_a_doubtful_pair_that_was_judged_is_decided_and_does_not_come_back(engine: Engine) -> None:
    link(engine, TOWN)
    apart = engine.row(
        'SELECT "left", "right" FROM review WHERE list_contains(evidence, \'left-apart\') ORDER BY ALL LIMIT 1'
    )
    joined = engine.row(
        'SELECT "left", "right" FROM links WHERE probability < 1 AND "left" <> $1 AND "right" <> $2 '
        "ORDER BY ALL LIMIT 1",
        [*apart],
    )
    n = told(engine, TOWN, (*apart, "same"), (*reversed(joined), "not-same"))
    assert are_one(engine, *apart)
    assert not are_one(engine, *joined)
    assert n == {"same": 1, "not_same": 1, "cannot_say": 0, "rows_gone": 0, "contradicted": 0}
    again = {(left, right) for left, right in engine.rows('SELECT "left", "right" FROM review')}
    assert not again & {apart, joined}
    chance, evidence = engine.row(
        'SELECT probability, evidence FROM links WHERE "left" = $1 AND "right" = $2', [*apart]
    )
    assert (chance, evidence[-1]) == (1.0, "judged-same")


def test_cannot_say_and_rows_that_are_gone_change_no_table(engine: Engine) -> None:
    link(engine, TOWN)
    before = {name: engine.table(name) for name in FILES}
    [left, right] = engine.row('SELECT "left", "right" FROM review ORDER BY ALL LIMIT 1')
    n = told(engine, TOWN, (left, right, "cannot-say"), (left, "health:gone", "same"))
    assert n == {"same": 1, "not_same": 0, "cannot_say": 1, "rows_gone": 1, "contradicted": 0}
    assert all(engine.table(name).equals(table) for name, table in before.items())


def test_two_rows_that_no_key_brings_together_are_one_when_a_person_says_so(engine: Engine) -> None:
    one = Row(row_id="1")
    again = Row("school", "2", given="วิไลพร", family="ศรีสุข", sex="female", birth="1999-02-03", village="50020202")
    assert told(engine, [one, again], ("health:1", "school:2", "same"))["contradicted"] == 0
    assert are_one(engine, "health:1", "school:2")


def test_what_was_judged_apart_stays_apart_also_over_a_third_row(engine: Engine) -> None:
    rows = [Row(row_id="1"), Row("school", "2"), Row("cases", "3")]
    link(engine, rows)
    assert are_one(engine, "health:1", "school:2", "cases:3")
    told(engine, rows, ("health:1", "school:2", "not-same"))
    assert len({persons(engine)[row] for row in ("health:1", "school:2")}) == 2
    assert len(set(persons(engine).values())) == 2


def test_judgements_that_contradict_each_other_and_valid_ids_are_told(engine: Engine) -> None:
    rows = [Row(row_id="1"), Row("school", "2", birth="1981-05-17"), Row("cases", "3", family="ทองคำดี")]
    rows += [Row(row_id="4", id="3500000000007"), replace(Row("school", "5"), id="3500000000014")]
    said = (
        ("health:1", "school:2", "same"),
        ("cases:3", "school:2", "same"),
        ("health:1", "cases:3", "not-same"),
        ("health:4", "school:5", "same"),
    )
    assert told(engine, rows, *said)["contradicted"] == 2
    assert not are_one(engine, "health:1", "cases:3")
    assert are_one(engine, "health:1", "school:2") or are_one(engine, "cases:3", "school:2")
    assert not are_one(engine, "health:4", "school:5")


@pytest.mark.parametrize(
    "text",
    [
        "left,right\nhealth:1,school:2\n",
        "left,right,verdict\nhealth:1,school:2,maybe\n",
        "left,right,verdict\nhealth:1,health:1,same\n",
        "left,right,verdict\n1,2,same\n",
        "left,right,verdict\nhealth:1,school:2,same,more\n",
    ],
)
def test_a_file_that_holds_no_judgements_is_refused_in_words(engine: Engine, tmp_path: Path, text: str) -> None:
    file = tmp_path / "judged.csv"
    file.write_text(text, "utf-8")
    with pytest.raises(BadTable) as refused:  # noqa: PT012 - the file is read when it is loaded, or when it is used
        load_judged(engine, file)
        link(engine, [Row(row_id="1"), Row("school", "2")])
    assert refused.value.code == "LINK-002"
