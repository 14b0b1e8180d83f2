"""What changed since the year before: two tables side by side, how sure a change is, and some areas beside others."""

import datetime as dt
from html import unescape
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from makers.agencies import a_person, an_agency, local
from makers.protected import a_run
from makers.sittings import come_in
from sarana.ground.accounts.models import Agency
from sarana.learning.population import actions
from sarana.learning.population.changes.showing import ROSE, rate_of
from sarana.learning.population.models import Figure, Run
from sarana.methods.areas.changes import Rate, change_between, set_beside
from sarana.methods.population.protected_tables import read_protected

DAY = {"as_of": dt.date(2027, 6, 30)}


@pytest.fixture
def centre() -> Agency:
    return an_agency("Centre", kind=Agency.Kind.PROVINCIAL_CENTRE)


@pytest.fixture
def years(centre: Agency, tmp_path: Path) -> tuple[Run, Run]:
    first = read_protected(a_run(tmp_path / "one", set="chiang-mai-28"))
    later = a_run(tmp_path / "two", set="chiang-mai-28", rise=200, after=[first.table_hash], rounded_to=13, card=DAY)
    return actions.take_in(local(), first)[0], actions.take_in(local(), read_protected(later))[0]


def answer_to(centre: Agency, path: str) -> Any:
    answer = come_in(a_person(centre, "analyst")).get(path)
    assert answer.status_code == 200
    return answer


def read(centre: Agency, path: str) -> str:
    return unescape(answer_to(centre, path).content.decode())


@pytest.mark.django_db
def test_two_years_stand_side_by_side_and_say_how_sure(years: tuple[Run, Run], centre: Agency) -> None:
    page = read(centre, reverse("population:changes", args=[years[1].ref]))
    for code in ("5001", "5002", "5003"):
        old, new = (Figure.objects.get(run=run, code=code, level="district", group="all") for run in years)
        assert f"{old.rate:.1f}" in page
        assert f"{new.rate:.1f}" in page
    answer = answer_to(centre, reverse("population:changes", args=[years[1].ref]))
    assert {line.kind for line in answer.context["lines"]} == {ROSE}
    assert "may be off by 12 people" in page
    assert "No earlier run of this province" in read(centre, reverse("population:changes", args=[years[0].ref]))


@pytest.mark.django_db
def test_areas_of_a_programme_are_set_beside_all_others(years: tuple[Run, Run], centre: Agency) -> None:
    page = read(centre, f"{reverse('population:changes', args=[years[1].ref])}?level=district&chosen=5001")
    assert "Beside the others the rate changed by" in page
    every = read(centre, f"{reverse('population:changes', args=[years[1].ref])}?chosen=5001&chosen=5002&chosen=5003")
    assert "no rate is said in both years" in every


@pytest.mark.django_db
def test_the_page_of_an_area_says_what_changed_and_where_its_reasons_are(
    years: tuple[Run, Run], centre: Agency
) -> None:
    old, new = (Figure.objects.get(run=run, code="5001", level="district", group="all") for run in years)
    page = read(centre, reverse("population:area", args=[new.ref]))
    assert f"it was {old.rate:.1f} per 1,000; now it is {new.rate:.1f}" in page
    assert reverse("population:area", args=[old.ref]) in page
    assert "What drives the index here is told with the year before" in page


@pytest.mark.django_db
def test_years_of_two_sets_are_not_compared(years: tuple[Run, Run], centre: Agency) -> None:
    assert years[0].measured_by == years[1].measured_by != ""
    Run.objects.filter(pk=years[0].pk).update(measured_by="of another banding")
    page = read(centre, reverse("population:changes", args=[years[1].ref]))
    assert "not measured alike" in page
    assert "Set them beside the others" not in page


def a_rate(red: int, scored: int, off_by: int = 0) -> Rate:
    share = 1000 * red / scored
    return Rate(red, scored, share - 5, share + 5, off_by)


def test_a_change_is_clear_only_where_rounding_does_not_explain_it_either() -> None:
    assert change_between(a_rate(20, 1000), a_rate(31, 1000)).is_clear
    assert not change_between(a_rate(20, 1000), a_rate(31, 1000, off_by=12)).is_clear
    assert not change_between(a_rate(20, 1000), a_rate(29, 1000)).is_clear
    assert change_between(a_rate(60, 1000), a_rate(20, 1000, off_by=12)).is_clear
    assert change_between(a_rate(20, 1000), a_rate(20, 1000)).rise == 0
    assert a_rate(20, 30, off_by=12).off == 1000, "so few people that rounding may be all of it"


def test_what_rose_everywhere_is_no_work_of_a_programme() -> None:
    both = (a_rate(200, 10_000), a_rate(400, 10_000))
    found = set_beside([both], [both, both])
    assert found is not None
    assert (found.more, found.is_clear) == (0, False)
    better = set_beside([(a_rate(400, 10_000), a_rate(200, 10_000))], [(a_rate(400, 10_000),) * 2] * 3)
    assert better is not None
    assert better.is_clear
    assert better.high < 0
    assert set_beside([], [both]) is None


def test_the_rate_is_the_one_that_its_table_writes() -> None:
    figure = Figure(n_red=49, n_scored=4000, rate=12.3, low=9.0, high=16.0)
    found = rate_of(figure, 0)
    assert found is not None
    assert f"{found.rate:.1f}" == "12.3", "halves go up there, and would go to the even here"
    assert rate_of(Figure(n_red=49, n_scored=4000, rate=None, low=9.0, high=16.0), 0) is None


@pytest.mark.django_db
def test_words_of_an_address_that_mean_nothing_are_as_none(years: tuple[Run, Run], centre: Agency) -> None:
    path = reverse("population:changes", args=[years[1].ref])
    for asked in ("?level=village", "?level=%00&chosen=%00", "?chosen="):
        assert len(answer_to(centre, path + asked).context["lines"]) == 3, asked
    assert come_in(a_person(centre, "analyst")).get(reverse("population:changes", args=[uuid4()])).status_code == 404


@pytest.mark.django_db
def test_a_withdrawn_year_is_compared_with_nothing(years: tuple[Run, Run], centre: Agency) -> None:
    actions.withdraw(local(), years[0].fingerprint, because="wrong-files")
    assert "No earlier run of this province" in read(centre, reverse("population:changes", args=[years[1].ref]))


@pytest.mark.django_db
def test_many_areas_stand_on_pages_and_what_was_ticked_goes_along(centre: Agency, tmp_path: Path) -> None:
    many = {"n_districts": 6, "n_inside": 20, "set": "chiang-mai-28"}
    first = read_protected(a_run(tmp_path / "one", **many))
    later = a_run(tmp_path / "two", **many, rise=200, after=[first.table_hash], rounded_to=13, card=DAY)
    actions.take_in(local(), first)
    run, _is_new = actions.take_in(local(), read_protected(later))
    path = f"{reverse('population:changes', args=[run.ref])}?level=subdistrict"
    pages = [answer_to(centre, f"{path}&page={n}").context["page"] for n in (1, 2, 3, 99, "x")]
    assert [len(page.rows) for page in pages] == [50, 50, 20, 20, 50]
    assert len({line.code for page in pages[:3] for line in page.rows}) == 120
    ticked = pages[0].rows[0].code
    onward = answer_to(centre, f"{path}&page=2&chosen={ticked}")
    assert f'<input type="hidden" name="chosen" value="{ticked}">' in onward.content.decode()
    assert onward.context["beside"].n_chosen == 1
