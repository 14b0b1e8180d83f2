"""Dates in the era of the one who reads; examples worked by hand."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import translation

from makers.agencies import a_person, an_agency
from makers.browsers import sign_in
from sarana.ground.accounts.models import Account
from sarana.ground.pages import calendars

DAY = dt.date(2026, 11, 29)


@pytest.mark.parametrize(
    ("language", "calendar", "said"),
    [
        ("en", "ce", "29 November 2026"),
        ("en", "be", "29 November 2569 BE"),
        ("th", "be", "29 พฤศจิกายน 2569"),
        ("th", "ce", "29 พฤศจิกายน ค.ศ. 2026"),
    ],
)
def test_a_day_names_its_era_where_the_language_has_another(language: str, calendar: str, said: str) -> None:
    with translation.override(language):
        assert calendars.say_day(DAY, calendar=calendar) == said


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (dt.date(2026, 1, 1), 2569),
        (dt.date(1941, 1, 1), 2484),
        (dt.date(1940, 12, 31), 2483),
        (dt.date(1940, 3, 31), 2482),
        (dt.date(1940, 4, 1), 2483),
    ],
)
def test_the_thai_year_began_in_april_before_1941(day: dt.date, year: int) -> None:
    assert calendars.buddhist_year(day) == year


def test_a_moment_is_told_in_the_time_of_the_installation() -> None:
    late = dt.datetime(2026, 11, 28, 20, 30, tzinfo=dt.UTC)
    with translation.override("en"):
        assert calendars.say_moment(late, calendar="ce") == "29 November 2026 03:30"


def test_a_weekday_stands_before_the_day() -> None:
    with translation.override("en"):
        assert calendars.say_day(DAY, calendar="ce", with_weekday=True) == "Sunday 29 November 2026"
    with translation.override("th"):
        assert calendars.say_day(DAY, calendar="be", with_weekday=True) == "วันอาทิตย์ที่ 29 พฤศจิกายน 2569"


@pytest.mark.django_db
def test_today_is_dated_as_the_person_prefers_and_forgets_it_for_the_next(client: Client) -> None:
    buddhist, common = a_person(an_agency(), name="Alice"), a_person(an_agency("Other"), name="Bob")
    Account.objects.filter(pk=buddhist.pk).update(calendar="be")
    sign_in(client, buddhist)
    assert " BE" in client.get("/").text
    sign_in(client, common)
    assert " BE" not in client.get("/").text
