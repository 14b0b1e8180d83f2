"""Columns of numbered words: whatever is done to words is done to rows."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sarana.methods.coded import Coded, first_of, stacked

VALUES = st.lists(st.none() | st.sampled_from(["", "a", "b", "ก", "ข"]), max_size=30)


def column(values: list[str | None]) -> Coded:
    return Coded.of(pa.array(values, pa.string()))


@settings(deadline=None)
@given(VALUES, st.integers(1, 5))
def test_a_column_gives_back_its_values_however_it_was_cut(values: list[str | None], n: int) -> None:
    whole = pa.array(values, pa.string())
    cut = pa.chunked_array([whole[at : at + n] for at in range(0, len(values), n)], pa.string())
    for given_values in (whole, cut, whole.dictionary_encode(), cut.dictionary_encode()):
        coded = Coded.of(given_values)
        assert coded.plain().to_pylist() == values
        assert coded.to_arrow().to_pylist() == values
        assert coded.counts().sum() == sum(value is not None for value in values)


@settings(deadline=None)
@given(VALUES)
def test_equal_columns_are_kept_as_equal_arrays(values: list[str | None]) -> None:
    many = values * 40
    words = pa.array(["unused", "ข", "ก", "b", "a", "", "a"])
    places = pc.fill_null(pc.index_in(pa.array(many, pa.string()), value_set=words), -1).to_numpy()
    kept, other = column(many).to_arrow(), Coded(places, words).to_arrow()
    assert kept.equals(other)
    assert kept.to_pylist() == many
    if pa.types.is_dictionary(kept.type):
        assert kept.dictionary.to_pylist() == sorted({value for value in values if value is not None}, key=str.encode)


@settings(deadline=None)
@given(VALUES, VALUES)
def test_columns_are_chosen_from_and_put_under_one_another(one: list[str | None], other: list[str | None]) -> None:
    n = min(len(one), len(other))
    a, b = column(one[:n]), column(other[:n])
    first = [x if x is not None else y for x, y in zip(one[:n], other[:n], strict=True)]
    assert first_of([a, b]).plain().to_pylist() == first
    odd = np.arange(n) % 2 == 1
    mixed = [x if at % 2 else y for at, (x, y) in enumerate(zip(one[:n], other[:n], strict=True))]
    assert a.where(odd, b).plain().to_pylist() == mixed
    assert a.only(odd).plain().to_pylist() == [x if at % 2 else None for at, x in enumerate(one[:n])]
    assert stacked([column(one), column(other)]).plain().to_pylist() == one + other


@settings(deadline=None)
@given(VALUES)
def test_rewording_a_word_rewords_its_rows(values: list[str | None]) -> None:
    coded = column(values)
    louder = pa.array([None if word == "a" else f"{word}!" for word in coded.words.to_pylist()], pa.string())
    expected = [None if value in (None, "a") else f"{value}!" for value in values]
    assert coded.reworded(louder).plain().to_pylist() == expected
    assert coded.marked(pc.equal(coded.words, "b")).tolist() == [value == "b" for value in values]


def test_a_column_without_a_value_is_one_too() -> None:
    assert Coded.missing(3).to_arrow().to_pylist() == [None] * 3
    assert Coded.same(2, 7, pa.int64()).to_arrow().to_pylist() == [7, 7]
    assert Coded.of(pa.chunked_array([], pa.string())).plain().to_pylist() == []


@pytest.mark.parametrize("n", [126, 127, 128, 32_766, 32_767, 32_768])
def test_places_are_as_small_as_the_words_allow_and_no_smaller(n: int) -> None:
    values = [f"w{at:06}" for at in range(n)]
    whole = column([*values, None, *values])
    assert whole.places.dtype == (np.int8 if n <= 127 else np.int16 if n <= 32_767 else np.int32)
    assert whole.plain().to_pylist() == [*values, None, *values]
    assert whole.counts().tolist() == [2] * n
    other = column([None, "more"] + [None] * (2 * n - 1))
    assert first_of([whole.only(np.arange(len(whole)) != 1), other]).plain().to_pylist() == [
        values[0], "more", *values[2:], None, *values
    ]  # fmt: skip
    assert stacked([whole, other]).plain().to_pylist() == whole.plain().to_pylist() + other.plain().to_pylist()
    assert whole.reworded(pa.array([value.upper() for value in values])).plain()[n - 1].as_py() == f"W{n - 1:06}"
