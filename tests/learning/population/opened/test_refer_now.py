"""A *refer now* flag becomes a task for a named role, which names nobody and is counted nowhere."""

import datetime as dt
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from learning.population.opened.conftest import MEANS, an_office, inviting
from makers.agencies import a_person, acting, local
from makers.few import referred
from makers.sittings import come_in
from sarana.basics.errors import BadSetting, NotYet, Refused
from sarana.gates.desk.tallies import tally
from sarana.ground.accounts.models import Account, Agency, Membership
from sarana.ground.tasks import actions, queries
from sarana.ground.tasks.models import Task
from sarana.learning.population.models import Figure, Run
from sarana.learning.population.opened.actions import lay_out, note_laid_out
from sarana.learning.population.opened.laying import Flag
from sarana.learning.population.opened.queries import ref_of
from sarana.learning.population.opened.tasks import WITHOUT_PAGE
from sarana.methods.reference import read_reference

pytestmark = pytest.mark.django_db


@pytest.fixture
def custodian(centre: Agency) -> Account:
    return a_person(centre, "data-custodian", name="Kim")


def test_a_flag_becomes_one_task_without_a_name_or_a_figure_and_leads_to_the_person(
    run: Run, people: list[dict[str, Any]], custodian: Account, folder: Path
) -> None:
    (flagged,) = [line for line in people if line["refer_now"]]
    task = Task.objects.get()
    assert (task.agency, task.role, task.due_on) == (run.agency, "data-custodian", local().today)
    assert task.thing_ref == ref_of(flagged["person_id"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM tasks_task")
        stored = repr(cursor.fetchall())
    kept = (flagged["given"], flagged["family"], flagged["person_id"], flagged["place"], "forced_labour", "green")
    assert not [word for word in kept if str(word) in stored]
    lay_out(local(), run.fingerprint, folder, MEANS)
    assert Task.objects.count() == 1, "laid out again, it waits once"
    client = inviting(custodian, "own-request")
    today = client.get(reverse("desk:today")).content.decode()
    assert "Somebody is to be referred now" in today
    page = client.get(reverse("tasks:task", args=[task.ref])).content.decode()
    address = reverse("population:person", args=task.args)
    assert address in page
    assert "To be referred now" in client.get(address).content.decode()


def test_a_flag_that_was_seen_to_does_not_come_back_when_the_same_run_is_laid_out_after_a_month(
    run: Run, custodian: Account, folder: Path
) -> None:
    task, actor = Task.objects.get(), acting(custodian)
    key = task.key
    actions.take(actor, task)
    actions.end(actor, task, outcome="handed-on")
    assert actions.sweep(actor.now + dt.timedelta(31)) == 1
    lay_out(local(), run.fingerprint, folder, MEANS)
    assert Task.objects.count() == 1
    # Another one is asked for as before, also by somebody who meets the person.
    wanted = actions.Wanted(task.kind, task.role, task.thing_ref, task.address, task.args, task.due_on, f"{key}:other")
    assert (actions.make_tasks(actor, run.agency, [wanted]), Task.objects.count()) == (1, 2)
    assert actions.ask_again(actor, run.agency, replace(wanted, key=key))


def test_only_its_role_in_its_agency_sees_a_task_and_the_number_stands_nowhere(run: Run, custodian: Account) -> None:
    task = Task.objects.get()
    for role in read_reference("roles.toml"):
        for agency in (run.agency, an_office("TH50")):
            account = a_person(agency, role)
            wanted = 200 if account.ref == custodian.ref or (role == "data-custodian" and agency == run.agency) else 404
            # Officers of data protection have tasks of their own, about alarms; of these they see none.
            wanted = wanted if role in {"data-custodian", "data-protection-officer"} else 403
            assert come_in(account).get(reverse("tasks:task", args=[task.ref])).status_code == wanted, role
    actions.take(acting(custodian), task)
    assert not [day for day, action in tally(acting(custodian), is_own=True).counts if action == "tasks"]


def test_a_task_is_taken_given_back_and_ended_by_one_at_a_time(run: Run, centre: Agency, custodian: Account) -> None:
    task, other = Task.objects.get(), a_person(centre, "data-custodian", name="Lek")
    actions.take(acting(custodian), task)
    for act in (lambda: actions.take(acting(other), task), lambda: actions.end(acting(other), task, outcome="known")):
        with pytest.raises(NotYet, match="TASKS-002"):
            act()
    actions.give_back(acting(custodian), task)
    actions.take(acting(other), task)
    client, end = come_in(other), reverse("tasks:end", args=[task.ref])
    assert client.post(end, {"outcome": ""}).status_code == 422
    with pytest.raises(BadSetting, match="TASKS-003"):
        actions.end(acting(other), task, outcome="mistaken, and her name")
    assert client.post(end, {"outcome": "handed-on"}).status_code == 302
    task.refresh_from_db()
    assert (task.state, task.outcome, task.taken_by) == ("done", "handed-on", other)
    with pytest.raises(NotYet, match="TASKS-002"):
        actions.give_back(acting(other), task)
    assert not queries.open_for(acting(other)).exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        Task.objects.update(state="done", outcome="")


def test_whoever_met_somebody_asks_for_a_referral_that_waits_once(
    area: Figure, person: dict[str, Any], client: Client, custodian: Account
) -> None:
    ref = ref_of(person["person_id"])
    before = Task.objects.count()
    for _again in range(2):
        answer = client.post(reverse("population:person-refer", args=[area.ref, ref]))
        assert answer.status_code == 302
    assert Task.objects.count() == before + 1
    made = Task.objects.latest("pk")
    assert (made.thing_ref, made.agency, made.role) == (ref, area.run.agency, "data-custodian")
    actions.take(acting(custodian), made)
    actions.end(acting(custodian), made, outcome="handed-on")
    client.post(reverse("population:person-refer", args=[area.ref, ref]))
    assert Task.objects.filter(thing_ref=ref).count() == 2, "what was done once may be needed again"
    with pytest.raises(Refused, match="TASKS-001"):
        queries.tasks_for(acting(a_person(area.run.agency, "outreach-worker")))


def test_who_is_flagged_and_has_no_page_is_told_in_one_task_and_to_the_operator(
    run: Run, area: Figure, folder: Path, tmp_path: Path, custodian: Account
) -> None:
    rows: dict[str, list[str]] = {}
    for row in pq.read_table(folder / "people.parquet").to_pylist():
        rows.setdefault(row["person_id"], []).append(f"{row['source']}:{row['row_id']}")
    left_out = next(each for each in sorted(rows) if each != referred(folder))
    copied = shutil.copytree(folder, tmp_path / "copied")
    flags = {"person_id": [referred(folder), left_out], "code": ["forced_labour", "forced_labour"]}
    pq.write_table(pa.table(flags), copied / "refer-now.parquet")
    scores = pq.read_table(copied / "scores.parquet")
    pq.write_table(scores.filter(pc.not_equal(scores["person_id"], left_out)), copied / "scores.parquet")
    before = Task.objects.count()
    found = lay_out(local(), run.fingerprint, copied, MEANS)
    assert [(flag.person_id, sorted(flag.rows)) for flag in found.without_page] == [(left_out, sorted(rows[left_out]))]
    assert found.has_custodian
    nowhere = replace(found, flagged=(Flag("0" * 16, "999999", ()), *found.flagged))
    Membership.objects.filter(account=custodian).update(ended_at=local().now)
    told = note_laid_out(local(), run.ref, nowhere)
    assert [flag.person_id for flag in told.without_page] == ["0" * 16, left_out], "a place that the map does not know"
    assert not told.has_custodian, "nobody is there for whom it waits"
    Membership.objects.filter(account=custodian).update(ended_at=None)
    assert Task.objects.count() == before + 1
    task = Task.objects.get(kind=WITHOUT_PAGE.code)
    page = inviting(custodian, "own-request").get(reverse("tasks:task", args=[task.ref])).content.decode()
    assert "sarana population lay-out RUN --flags" in page
    assert "Open the page where it is done" not in page
    actions.take(acting(custodian), task)
    actions.end(acting(custodian), task, outcome="handed-on")
