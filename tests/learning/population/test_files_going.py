"""Files of maps go: after their week, with their run, taken away, or no longer what may be seen."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from makers.agencies import local
from makers.mapfiles import an_office, asked_for, fetched, lines, post, read_csv, said_in
from makers.work import work
from sarana.ground.accounts.models import Agency
from sarana.ground.jobs.models import Job
from sarana.ground.ledger.models import Entry
from sarana.learning.population import actions
from sarana.learning.population.files import folder, jobs
from sarana.learning.population.models import MapFile, Run

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]

VILLAGES = {"level": "village", "reason": "plan-programme"}


def test_after_its_week_a_file_is_gone_and_so_is_what_was_left_behind(run: Run, client: Client, home: Path) -> None:
    file = asked_for(client, run, "csv", {})
    assert file.until == file.made_at + dt.timedelta(days=7)
    assert list(jobs.due(local(timezone.now()))) == []
    (home / f"{run.ref}.part").touch()
    assert [due.code for due in jobs.due(local(timezone.now()))] == ["population.let-files-go"], "no row is late"
    assert (jobs.actions.let_go(local(timezone.now())), len(list(home.iterdir()))) == (0, 1)
    assert list(jobs.due(local(timezone.now()))) == []
    MapFile.objects.update(until=timezone.now())
    answer = client.get(reverse("population:fetch-file", args=[file.ref]))
    assert "POPULATION-015" in answer.content.decode()
    assert [due.code for due in jobs.due(local(timezone.now()))] == ["population.let-files-go"]
    assert [path.name for path in home.iterdir()] != []
    assert jobs.actions.let_go(local(timezone.now())) == 1
    assert list(home.iterdir()) == []
    assert "It has been taken away" in client.get(reverse("population:file", args=[file.ref])).content.decode()
    gone = Entry.objects.filter(action="population.files-gone").order_by("pk")
    assert list(gone.values_list("n_things", flat=True)) == [0, 1]
    assert post(client, run)["Location"] != reverse("population:file", args=[file.ref])


def test_asked_for_anew_after_its_week_the_old_file_goes_at_once(
    run: Run, client: Client, home: Path, django_capture_on_commit_callbacks: Any
) -> None:
    old = asked_for(client, run, "csv", {})
    MapFile.objects.update(until=timezone.now())
    with django_capture_on_commit_callbacks(execute=True):
        post(client, run, kind="xlsx")
    assert list(home.iterdir()) == []
    old.refresh_from_db()
    assert old.gone_at is not None


@pytest.mark.parametrize("when", ["before", "while"])
def test_work_on_a_file_that_was_taken_away_leaves_no_file(
    run: Run, client: Client, home: Path, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    file = post(client, run)["Location"].rstrip("/").rsplit("/", 1)[1]
    away = reverse("population:take-file-away", args=[file])
    put = folder.put

    def put_late(*told: Any) -> str:
        sha256 = put(*told)
        client.post(away)
        put(*told)
        return sha256

    if when == "before":
        client.post(away)
    else:
        monkeypatch.setattr(folder, "put", put_late)
    assert work()
    assert Job.objects.get().code == "POPULATION-009"
    assert not home.exists() or list(home.iterdir()) == []
    assert lines("population.file-made") == []


def test_equally_many_other_villages_are_not_the_same_file(run: Run) -> None:
    officer = an_office("TH500101", "district-officer")
    file = asked_for(officer, run, "csv", VILLAGES)
    fetch = reverse("population:fetch-file", args=[file.ref])
    Agency.objects.filter(memberships__account=file.account).update(areas=["TH500102"])
    assert "POPULATION-017" in officer.get(fetch).content.decode()
    Agency.objects.filter(memberships__account=file.account).update(areas=["TH500101"])
    assert fetched(officer, file)


def test_work_makes_the_choice_that_was_asked_for_or_nothing(run: Run, client: Client, home: Path) -> None:
    post(client, run, level="district", group="sex=F")
    MapFile.objects.update(group="sex=M")  # a group of which nothing is said: the page shows everybody instead
    assert work()
    assert Job.objects.get().code == "POPULATION-017"
    assert not home.exists()


def test_one_person_has_so_many_files_and_not_more(run: Run, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sarana.learning.population.files.actions.MOST", 2)
    first = post(client, run)["Location"]
    post(client, run, kind="xlsx")
    assert "POPULATION-018" in post(client, run, kind="kml").content.decode()
    assert (post(client, run)["Location"], MapFile.objects.count()) == (first, 2)
    client.post(f"{first}take-away/")
    assert post(client, run, kind="kml").status_code == 302


@pytest.mark.check("A-15")
def test_what_was_changed_on_the_disk_or_may_not_be_seen_any_more_is_not_given(run: Run, home: Path) -> None:
    officer = an_office("TH5001", "district-officer")
    file = asked_for(officer, run, "csv", VILLAGES)
    fetch = reverse("population:fetch-file", args=[file.ref])
    Agency.objects.filter(memberships__account=file.account).update(areas=["TH5002", "TH500101"])
    assert "POPULATION-017" in officer.get(fetch).content.decode()
    Agency.objects.filter(memberships__account=file.account).update(areas=["TH5001"])
    (home / str(file.ref)).write_bytes(b"something else")
    assert "POPULATION-016" in officer.get(fetch).content.decode()
    officer.post(reverse("population:take-file-away", args=[file.ref]))
    assert list(home.iterdir()) == []
    assert "POPULATION-015" in officer.get(fetch).content.decode()
    assert lines("population.file-taken-away") == ["population.file-taken-away"]


def test_a_withdrawn_run_takes_its_files_along(run: Run, client: Client, home: Path) -> None:
    file = asked_for(client, run, "csv", {})
    post(client, run, kind="kml")
    actions.withdraw(local(), run.fingerprint, because="wrong-files")
    assert "POPULATION-015" in client.get(reverse("population:fetch-file", args=[file.ref])).content.decode()
    assert work()
    assert Job.objects.get(args__kind="kml").code == "POPULATION-009"
    jobs.actions.let_go(local(timezone.now()))
    assert list(home.iterdir()) == []
    page = client.get(reverse("population:file", args=[file.ref])).content.decode()
    assert "Destroy all copies" in page
    assert reverse("population:map", args=[run.ref]) not in page
    assert "destroy your copies" in client.get(reverse("population:files")).content.decode()


def test_work_that_ends_between_the_file_and_its_row_is_begun_again(
    run: Run, client: Client, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = post(client, run)["Location"]

    def gone(*_told: Any, **_more: Any) -> None:
        raise DatabaseError

    with monkeypatch.context() as patch:
        patch.setattr(jobs.actions, "note_made", gone)
        assert work()
    assert len(list(home.iterdir())) == 1
    assert "Fetch the file" not in client.get(place).content.decode()
    Job.objects.update(lease_until=timezone.now() - dt.timedelta(seconds=1))
    assert work()
    assert said_in(read_csv(fetched(client, MapFile.objects.get())))
    assert (len(list(home.iterdir())), lines("population.file-made")) == (1, ["population.file-made"])
