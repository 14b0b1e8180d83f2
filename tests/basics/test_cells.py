"""Texts in cells: what a spreadsheet would take for a formula is guarded, and nothing else is touched."""

import pytest

from sarana.basics.cells import BLANK, FORMULA, guarded


@pytest.mark.parametrize("sign", FORMULA)
@pytest.mark.parametrize("before", ["", *BLANK, " \u200b "])
def test_a_formula_is_guarded_also_behind_what_is_not_seen(before: str, sign: str) -> None:
    assert guarded(f"{before}{sign}1+1") == f"'{before}{sign}1+1"


@pytest.mark.parametrize("text", ["", " ", "\u200b", "Area 5001", " Area", "\x0bA", "a=1", "ที่ 5001"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert guarded(text) == text
