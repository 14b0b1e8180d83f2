"""Days that people type in one of two eras."""

import datetime as dt

import pytest
from django import forms

from sarana.ground.days import DayField


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2026-11-29", dt.date(2026, 11, 29)),
        ("2569-11-29", dt.date(2026, 11, 29)),
        ("2567-02-29", dt.date(2024, 2, 29)),
        ("2399-01-01", dt.date(2399, 1, 1)),
        ("2400-01-01", dt.date(1857, 1, 1)),
        (dt.date(2569, 1, 1), dt.date(2569, 1, 1)),
    ],
)
def test_a_year_that_can_only_be_buddhist_is_read_as_one(typed: object, meant: dt.date) -> None:
    assert DayField().clean(typed) == meant


@pytest.mark.parametrize("typed", ["2568-02-29", "25690-01-01", "tomorrow"])
def test_what_is_no_day_in_either_era_is_refused(typed: str) -> None:
    with pytest.raises(forms.ValidationError):
        DayField().clean(typed)
