"""The page of backups: what is wrong stands there in words, and goes away when it is done."""

import datetime as dt
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from makers.agencies import a_person, an_agency, local
from makers.sittings import come_in
from makers.vaults import Place, a_place
from sarana.ground.jobs.models import Job
from sarana.ground.vault import actions
from sarana.ground.vault.journal import Made, Tried

pytestmark = pytest.mark.django_db

PAGE = "/system/backups/"


@pytest.fixture
def place(tmp_path: Path, settings: Any) -> Place:
    return a_place(tmp_path, settings)


def someone(role: str) -> Client:
    return come_in(a_person(an_agency(), role, name="Kim"))


def text(client: Client) -> str:
    return client.get(PAGE).content.decode()


def note(place: Place, *, days: int = 0, drilled: int | None = None) -> Made:
    """A backup so many days ago, of which the file lies there, and a drill of it."""
    now = timezone.now()
    file = place.home / "one.backup"
    file.write_bytes(b"x" * 2_048)
    made = Made(str(uuid4()), str(file), now - dt.timedelta(days=days), 2_048, 7, "ab" * 32, "House, epoch 1", "stick")
    actions.note_backup(local(), made)
    if drilled is not None:
        tried = Tried(str(uuid4()), now - dt.timedelta(days=drilled), file.name, backup=made.id, n_rows=7)
        actions.note_drill(local(), tried)
    return made


def test_nothing_yet_is_said_in_words_and_the_buttons_lead_to_long_work(place: Place) -> None:
    client = someone("system-operator")
    page = text(client)
    for said in ("No backup was made for 3 days", "No backup was tried for 30 days", "No backup was made yet", "never"):
        assert said in page
    assert "No backup was made for 3 days" in client.get("/").content.decode()
    assert PAGE in client.get("/settings/").content.decode()
    leads = client.post("/jobs/ask/", {"kind": "vault.back-up"})["Location"]
    assert Job.objects.get().state == "waiting"
    page = text(client)
    assert leads in page
    assert "Back up now" not in page


def test_all_is_well_after_a_backup_and_a_drill_and_not_after_their_time(place: Place) -> None:
    client = someone("system-operator")
    made = note(place, days=2, drilled=29)
    page = text(client)
    for said in (
        "All is well",
        "2.0",
        "7 rows",
        "House, epoch 1",
        "stick",
        made.where,
        "lies there",
        "between two: 1 day",
    ):
        assert said in page
    Path(made.where).unlink()
    page = text(client)
    assert "not there now: the disk is elsewhere" in page


@pytest.mark.parametrize(("days", "drilled", "says"), [(4, 1, "made for 3 days"), (1, 31, "tried for 30 days")])
def test_it_goes_red_when_one_of_them_is_too_old(place: Place, days: int, drilled: int, says: str) -> None:
    note(place, days=days, drilled=drilled)
    page = text(someone("system-operator"))
    assert "All is well" not in page
    assert page.count("No backup was") == 1
    assert says in page


def test_without_keys_or_schedule_it_says_what_to_do(place: Place, settings: Any) -> None:
    settings.SARANA_KEYFILE = None
    place.lose_the_vault()
    page = text(someone("system-operator"))
    assert "sarana keys make" in page
    assert "waits for keys" in page
    assert "at the machine only" in page
    settings.SARANA_SCHEDULE = 0
    assert "by button or command only" in text(someone("system-operator"))


def test_an_officer_sees_without_buttons_and_others_see_nothing(place: Place) -> None:
    note(place, drilled=0)
    officer = someone("data-protection-officer")
    assert "All is well" in text(officer)
    assert "Back up now" not in text(officer)
    assert "Backups" in officer.get("/settings/").content.decode()
    other = someone("organisation-administrator")
    refused = other.get(PAGE)
    assert refused.status_code == 403
    assert "VAULT-028" in refused.content.decode()
    assert PAGE not in other.get("/settings/").content.decode()
    assert "VAULT-029" in other.post("/jobs/ask/", {"kind": "vault.back-up"}, follow=True).content.decode()


def test_the_page_is_quick_and_its_questions_do_not_grow(place: Place, django_assert_max_num_queries: Any) -> None:
    for days in range(40):
        note(place, days=days, drilled=days)
    client = someone("system-operator")
    client.get(PAGE)
    began = time.process_time()
    with django_assert_max_num_queries(24):
        page = text(client)
    assert time.process_time() - began < 1
    assert page.count("lies there") == 30
