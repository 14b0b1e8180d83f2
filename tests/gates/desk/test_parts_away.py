"""F-18: what the house asks of others is away, and pages say so in words; what does not need it goes on."""

from typing import Any

import pytest
from django.test import Client

from makers.agencies import a_person, acting, an_agency
from makers.browsers import sign_in
from makers.counted import Counted
from makers.lists import few
from makers.work import work
from sarana.basics.errors import BadFile
from sarana.ground.codelists import sources
from sarana.ground.codelists.models import Edition
from sarana.ground.jobs import actions
from sarana.ground.jobs.models import Job
from sarana.ground.pages import charts, fetched

pytestmark = [pytest.mark.django_db, pytest.mark.check("F-18")]


@pytest.fixture
def client() -> Client:
    """An operator, signed in."""
    return sign_in(Client(), a_person(an_agency(), "system-operator", name="Op"))


def test_f_18_without_the_program_that_draws_a_page_says_so_and_shows_its_table(
    client: Client, monkeypatch: pytest.MonkeyPatch, counted: Counted
) -> None:
    def gone(*_: Any, **__: Any) -> None:
        raise FileNotFoundError("python")

    monkeypatch.setattr(charts.subprocess, "run", gone)
    monkeypatch.setattr(charts, "_drawn", {})
    client.get("/search/?q=baan")
    said = client.get("/system/activity/")
    assert (said.status_code, "PAGES-002" in said.text, "<table" in said.text) == (200, True, True)
    counted("parts taken away", 1, exact=True)


def test_f_18_without_outlines_the_map_says_how_to_mend_it_and_other_pages_go_on(
    client: Client, monkeypatch: pytest.MonkeyPatch, counted: Counted
) -> None:
    monkeypatch.setattr(fetched, "_folder", lambda: None)
    said = client.get("/settings/agencies/map/")
    assert (said.status_code, "PAGES-001" in said.text) == (409, True)
    assert client.get("/settings/agencies/").status_code == 200
    counted("parts taken away", 1, exact=True)


def test_f_18_where_tables_of_a_country_are_away_its_areas_stay_and_the_work_says_which(
    monkeypatch: pytest.MonkeyPatch, counted: Counted
) -> None:
    def some(country: sources.Country) -> tuple[bytes, bytes]:
        if country.code == "KH":
            raise BadFile("CODELISTS-002", "The areas of this country were not fetched.", where=country.name)
        return few(country)

    monkeypatch.setattr(sources, "rows_of_areas", some)
    custodian = acting(a_person(an_agency(), "data-custodian", name="Kim"))
    actions.ask(custodian, "codelists.load-areas", {"countries": "LA,KH"})
    while work():
        pass
    job = Job.objects.get()
    assert (job.state, job.code, job.says[:8]) == ("failed", "CODELISTS-002", "Cambodia")
    assert [(each.list_code, each.state) for each in Edition.objects.all()] == [("areas.LA", "in-force")]
    counted("parts taken away", 1, exact=True)
