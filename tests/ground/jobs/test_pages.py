"""The pages of long work: asked for, watched, stopped, gone on with; hidden and absent are the same."""

import datetime as dt
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from makers.agencies import a_person, an_agency
from makers.sittings import come_in
from makers.work import Trial, put_up, work
from sarana.basics.actors import Actor
from sarana.ground.accounts.models import Agency
from sarana.ground.jobs import actions
from sarana.ground.jobs.models import Job

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency() -> Agency:
    return an_agency()


@pytest.fixture
def client(agency: Agency, monkeypatch: pytest.MonkeyPatch) -> Client:
    put_up(monkeypatch, Trial())
    return come_in(a_person(agency, "data-custodian", name="Kim"))


def test_work_is_asked_for_watched_stopped_and_gone_on_with(client: Client) -> None:
    assert "No work was asked for" in client.get("/jobs/").content.decode()
    page = client.post("/jobs/ask/", {"kind": "trial.count"})["Location"]
    assert "waits" in client.get(page).content.decode()
    client.post(f"{page}stop/")
    assert "Go on" in client.get(page).content.decode()
    client.post(f"{page}go-on/")
    work()
    done = client.get(page).content.decode()
    assert "2 / 2" in done
    assert "parts: 5" in done
    assert "Go on" not in done
    assert "data-watch" not in done


def test_how_far_it_is_and_that_it_is_stuck_stands_on_its_page(client: Client) -> None:
    page = client.post("/jobs/ask/", {"kind": "trial.count"})["Location"]
    now = timezone.now()
    began = now - dt.timedelta(seconds=600)
    running = {"state": "running", "step": 0, "done": 1000, "total": 4000, "step_began_at": began}
    Job.objects.update(lease_until=now + dt.timedelta(seconds=60), **running)
    text = client.get(page).content.decode()
    assert "1,000 of 4,000; about 30 minutes left of this step" in text
    assert "Nothing was heard" not in text
    Job.objects.update(lease_until=now - dt.timedelta(seconds=60))
    assert "Nothing was heard" in client.get(page).content.decode()
    assert "stuck" in client.get("/jobs/").content.decode()
    assert "is stuck" in client.get("/").content.decode()


def test_the_same_work_twice_is_one_sentence(client: Client) -> None:
    client.post("/jobs/ask/", {"kind": "trial.count"})
    answer = client.post("/jobs/ask/", {"kind": "trial.count"}, follow=True)
    assert "waits or runs already" in answer.content.decode()
    assert "has no such work" in client.post("/jobs/ask/", {"kind": "x"}, follow=True).content.decode()
    assert Job.objects.count() == 1


def test_the_work_of_others_is_not_there(client: Client, agency: Agency) -> None:
    page = client.post("/jobs/ask/", {"kind": "trial.count"})["Location"]
    other = come_in(a_person(agency, "case-worker", name="Other"))
    nowhere = f"/jobs/{uuid4()}/"
    assert other.get(page).status_code == other.get(nowhere).status_code == 404
    assert other.post(f"{page}stop/").status_code == 404
    assert Job.objects.get().state == "waiting"


def test_what_the_schedule_did_by_itself_does_not_hide_what_people_wait_for(client: Client, agency: Agency) -> None:
    operator = come_in(a_person(agency, "system-operator", name="Op"))
    actions.ask(Actor.local(timezone.localtime()), "trial.count", {"thing": "night"})
    assert "Show them too" not in operator.get("/jobs/").content.decode(), "it waits: it is not done"
    work()
    client.post("/jobs/ask/", {"kind": "trial.count"})
    short = operator.get("/jobs/").content.decode()
    assert "did one piece of work by itself" in short
    assert (short.count('scope="row"'), operator.get("/jobs/?all=1").content.decode().count('scope="row"')) == (1, 2)
