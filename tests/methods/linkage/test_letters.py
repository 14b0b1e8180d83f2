"""Names with one sign a letter."""

import pyarrow as pa
import pytest

from sarana.methods.linkage.letters import Letters

SCRIPTS = {
    "Thai": ("กขคงจ", "กขฃงจ"),
    "Lao": ("ກຂຄງຈ", "ກຂຊງຈ"),
    "Khmer": ("កខគឃង", "កខចឃង"),
    "Burmese": ("ကခဂဃင", "ကခစဃင"),
    "Vietnamese": ("Phượng", "Phưang"),
}


@pytest.mark.parametrize("script", SCRIPTS)
def test_two_names_with_one_letter_changed_differ_in_one_sign(script: str) -> None:
    one, other = Letters.of(pa.array(SCRIPTS[script])).signs.to_pylist()
    assert len(one) == len(other) == len(SCRIPTS[script][0])
    assert sum(x != y for x, y in zip(one, other, strict=True)) == 1


def test_latin_letters_are_what_they_are_without_their_marks() -> None:
    letters = Letters.of(pa.array(["Nguyễn", "Nguyen", "Łucja"]))
    assert letters.signs.to_pylist()[:2] == ["Nguyen", "Nguyen"]
    assert set(letters.script) == {0}


def test_names_of_two_scripts_are_not_held_against_each_other_letter_by_letter() -> None:
    letters = Letters.of(pa.array(["สมชาย", "", "ສົມຊາຍ", "Somchai", "张伟", "李"]))
    x, y = letters.sides(*(pa.array(numbers).to_numpy() for numbers in ([1, 1, 4, 5, 2], [3, 4, 2, 6, 2])))
    assert x.is_null().to_pylist() == y.is_null().to_pylist() == [True, True, False, False, False]


def test_no_names_are_no_letters() -> None:
    assert len(Letters.of(pa.array([], pa.string())).signs) == 0
    assert Letters.of(pa.array([""])).signs.to_pylist() == [""]
