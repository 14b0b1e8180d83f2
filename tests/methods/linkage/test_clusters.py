"""From pairs to people: examples worked by hand, and laws that hold for any pairs."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sarana.methods.linkage.clusters import cluster_rows, join_components

ACCEPT, UNSEEN = 49, -400

Pair = tuple[int, int, int]


def cluster(pairs: list[Pair], ids: list[int]) -> list[int]:
    """The person of each row; pairs may come in any order."""
    a, b, points = (np.array([pair[at] for pair in pairs], dtype=np.int64) for at in range(3))
    known = np.array(ids, dtype=np.int64)
    found = cluster_rows((a, b, points), known, accept_points=ACCEPT, unseen_points=UNSEEN)
    return [int(person) for person in found]


def naive_components(pairs: list[tuple[int, int]], n_rows: int) -> list[int]:
    """Union and find, the plain way."""
    root = list(range(n_rows))

    def find(row: int) -> int:
        while root[row] != row:
            row = root[row]
        return row

    for x, y in pairs:
        one, other = find(x), find(y)
        root[max(one, other)] = min(one, other)
    return [find(row) for row in range(n_rows)]


@pytest.mark.parametrize(
    ("says", "pairs", "ids", "people"),
    [
        ("nobody", [], [], []),
        ("one row alone", [], [0], [0]),
        ("a likely pair", [(0, 1, 500)], [0, 0], [0, 0]),
        ("an unlikely pair", [(0, 1, -10)], [0, 0], [0, 1]),
        ("a pair at the bound", [(0, 1, ACCEPT)], [0, 0], [0, 1]),
        ("a pair just over it", [(0, 1, ACCEPT + 1)], [0, 0], [0, 0]),
        ("a pair with one ID", [(0, 1, 500)], [7, 7], [0, 0]),
        ("a pair with two IDs", [(0, 1, 5000)], [7, 8], [0, 1]),
        ("three, all likely", [(0, 1, 300), (0, 2, 300), (1, 2, 300)], [0, 0, 0], [0, 0, 0]),
        ("a chain whose ends were never compared", [(0, 1, 300), (1, 2, 250)], [0, 0, 0], [0, 0, 2]),
        ("a chain whose ends speak against it", [(0, 1, 300), (0, 2, -500), (1, 2, 250)], [0, 0, 0], [0, 0, 2]),
        ("a chain whose ends are doubtful", [(0, 1, 300), (0, 2, 10), (1, 2, 250)], [0, 0, 0], [0, 0, 0]),
        ("the stronger end of a chain wins", [(0, 1, 250), (1, 2, 300)], [0, 0, 0], [0, 1, 1]),
        ("a row between two IDs goes to the nearer", [(0, 1, 300), (1, 2, 310)], [7, 0, 8], [0, 1, 1]),
        ("equal pulls go to the smaller rows", [(0, 1, 300), (1, 2, 300)], [7, 0, 8], [0, 0, 2]),
        (
            "no single pair outweighs a group",  # 690 for and 600 against, for two pairs: too little
            [(0, 1, 690), (2, 3, 690), (0, 2, 5000), (0, 3, -900), (1, 2, -900), (1, 3, -900)],
            [0, 0, 0, 0],
            [0, 1, 0, 3],
        ),
        ("two people far apart", [(0, 3, 300), (1, 2, 300)], [0, 0, 0, 0], [0, 1, 1, 0]),
    ],
)
def test_rows_are_joined(says: str, pairs: list[Pair], ids: list[int], people: list[int]) -> None:
    assert cluster(pairs, ids) == people, says


PAIRS = st.integers(2, 12).flatmap(
    lambda n: st.tuples(
        st.lists(
            st.tuples(st.sampled_from(list(combinations(range(n), 2))), st.integers(-900, 1500)),
            unique_by=lambda pair: pair[0],
            max_size=24,
        ),
        st.lists(st.integers(0, 4), min_size=n, max_size=n),
    )
)


@settings(deadline=None, max_examples=50)
@given(PAIRS)
def test_nobody_carries_two_ids(made: tuple[list[tuple[tuple[int, int], int]], list[int]]) -> None:
    pairs, ids = made
    people = cluster([(x, y, points) for (x, y), points in pairs], ids)
    for person in set(people):
        assert len({id_ for id_, of in zip(ids, people, strict=True) if of == person and id_}) <= 1


@settings(deadline=None, max_examples=50)
@given(PAIRS)
def test_people_are_numbered_by_their_smallest_row_and_held_by_likely_pairs(
    made: tuple[list[tuple[tuple[int, int], int]], list[int]],
) -> None:
    pairs, ids = made
    people = cluster([(x, y, points) for (x, y), points in pairs], ids)
    likely = naive_components([pair for pair, points in pairs if points > ACCEPT], len(ids))
    for row, person in enumerate(people):
        assert person == min(other for other, of in enumerate(people) if of == person)
        assert likely[row] == likely[person]


@settings(deadline=None, max_examples=50)
@given(PAIRS, st.randoms(use_true_random=False))
def test_the_order_of_pairs_changes_nothing(
    made: tuple[list[tuple[tuple[int, int], int]], list[int]], chance: object
) -> None:
    pairs, ids = made
    lines = [(x, y, points) for (x, y), points in pairs]
    mixed = list(lines)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert cluster(mixed, ids) == cluster(lines, ids)


@settings(deadline=None, max_examples=50)
@given(PAIRS)
def test_pairs_that_all_agree_give_the_groups_they_form(
    made: tuple[list[tuple[tuple[int, int], int]], list[int]],
) -> None:
    """Complete groups without unlike IDs are people as they are."""
    _, ids = made
    group = [id_ % 3 for id_ in ids]
    pairs = [(x, y, 200) for x, y in combinations(range(len(ids)), 2) if group[x] == group[y]]
    assert cluster(pairs, [0] * len(ids)) == naive_components([(x, y) for x, y, _ in pairs], len(ids))


@settings(deadline=None, max_examples=50)
@given(st.integers(1, 40).flatmap(lambda n: st.tuples(
    st.just(n), st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=60))))  # fmt: skip
def test_components_are_those_of_a_plain_union_and_find(made: tuple[int, list[tuple[int, int]]]) -> None:
    n_rows, pairs = made
    a, b = (np.array([pair[at] for pair in pairs], dtype=np.int64) for at in range(2))
    assert join_components(a, b, n_rows).tolist() == naive_components(pairs, n_rows)


def test_a_long_chain_is_one_component() -> None:
    n_rows = 5000
    order: NDArray[np.int64] = np.random.default_rng(1).permutation(n_rows).astype(np.int64)
    assert join_components(order[:-1], order[1:], n_rows).tolist() == [0] * n_rows
