"""Corrections and objections are records: an objection hides at once and in the next run too, words stay sealed."""

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from learning.population.opened.conftest import MEANS, an_office, inviting
from makers.agencies import a_person, acting, local
from makers.counted import on_one
from makers.sittings import come_in
from sarana.basics.errors import NotYet
from sarana.ground.accounts.models import Account, Agency
from sarana.ground.tasks import actions as tasks
from sarana.ground.tasks.models import Task
from sarana.learning.population.models import Correction, Figure
from sarana.learning.population.opened import queries as people
from sarana.learning.population.opened.actions import lay_out
from sarana.learning.population.opened.corrections import actions, queries
from sarana.learning.population.opened.corrections.actions import Said
from sarana.learning.population.opened.queries import NoPerson, code_of, ref_of

pytestmark = pytest.mark.django_db

WORDS = "Nok of the noodle shop told you, and she is wrong"


@pytest.fixture
def custodian(area: Figure, client: Client) -> Account:
    """Of another agency than the worker's, with the same area."""
    return a_person(an_office(area.area), "data-custodian")


def test_an_objection_hides_at_once_and_in_the_next_run_and_for_good_where_it_is_upheld(
    area: Figure, person: dict[str, Any], client: Client, worker: Account, custodian: Account
) -> None:
    ref, settling = ref_of(person["person_id"]), inviting(custodian, "own-request")
    page = reverse("population:person", args=[area.ref, ref])
    form = {"kind": "objection", "said_by": "person", "words": WORDS}
    assert client.get(f"{page}correct/").status_code == 200
    assert client.post(f"{page}correct/", {"kind": "", "words": WORDS}).content.decode().count("Nok") == 1, "kept"
    assert client.post(f"{page}correct/", form).status_code == 302
    listed = reverse("population:people", args=[area.ref])
    assert client.get(page).status_code == 404
    assert code_of(ref) not in client.get(listed).content.decode()
    assert settling.get(page).status_code == 200, "the custodian still looks into it"
    # In the next run the person has another reference, but a row that is known again.
    Correction.objects.update(person_ref=area.ref)
    assert client.get(page).status_code == 404
    Correction.objects.update(marks=[])
    assert client.get(page).status_code == 200
    Correction.objects.update(person_ref=ref)
    (row,) = queries.corrections_for(acting(custodian, purpose="own-request"))
    address = reverse("population:correction", args=[row.ref])
    assert WORDS in settling.get(address).content.decode()
    assert client.get(address).status_code == 404, "words are the custodian's to read"
    assert settling.post(f"{address}settle/", {"outcome": "upheld"}).status_code == 302
    assert client.get(page).status_code == 404
    Correction.objects.update(outcome="not-upheld")
    assert client.get(page).status_code == 200


def test_words_are_sealed_and_nothing_is_written_down_or_settled_twice(
    area: Figure, person: dict[str, Any], worker: Account, custodian: Account
) -> None:
    actor, keeper = acting(worker, purpose="prevention"), acting(custodian, purpose="own-request")
    found = people.get_person(actor, area, ref_of(person["person_id"]))
    made = actions.record_correction(actor, area, found, Said("answer", "family", WORDS))
    with pytest.raises(NotYet, match="POPULATION-097"):
        actions.record_correction(actor, area, found, Said("answer", "person"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM population_correction")
        stored = repr(cursor.fetchall())
    told = (WORDS, "noodle", person["person_id"], person["family"], *(row["row_id"] for row in person["people"]))
    assert not [word for word in told if word in stored]
    assert queries.words_of(made) == WORDS
    assert [row.ref for row in queries.about(actor, found.ref)] == [made.ref]
    actions.settle(keeper, made, outcome="not-upheld")
    with pytest.raises(NotYet, match="POPULATION-098"):
        actions.settle(keeper, made, outcome="upheld")
    neighbour = acting(a_person(an_office("TH5099"), "data-custodian"), purpose="own-request")
    with pytest.raises(Correction.DoesNotExist):
        queries.get_correction(neighbour, made.ref)
    with pytest.raises(NoPerson):
        people.get_person(actor, area, area.ref)


def test_under_another_key_nobody_is_known_again_so_no_list_is_shown_and_the_operator_is_told(
    area: Figure, person: dict[str, Any], worker: Account, custodian: Account, folder: Path
) -> None:
    client, run = inviting(worker), area.run
    actor, keeper = acting(worker, purpose="prevention"), acting(custodian, purpose="own-request")
    found = people.get_person(actor, area, ref_of(person["person_id"]))
    made = actions.record_correction(actor, area, found, Said("objection", "person"))
    Correction.objects.update(area="TH5799")
    with pytest.raises(NoPerson):
        people.get_person(actor, area, found.ref)  # it was said in another province: people move
    assert lay_out(local(), run.fingerprint, folder, MEANS).all_known_again
    listed = reverse("population:people", args=[area.ref])
    assert client.get(listed).status_code == 200
    Correction.objects.update(area=area.area, key_check="another!")
    answer = client.get(listed)
    assert (answer.status_code, "secret.key" in answer.content.decode()) == (409, True)
    with pytest.raises(NotYet, match="POPULATION-100"):
        people.get_person(actor, area, found.ref)
    assert not lay_out(local(), run.fingerprint, folder, MEANS).all_known_again
    assert people.people_of(keeper, area), "who answers for the data still looks into it"
    actions.settle(keeper, made, outcome="not-upheld")
    assert people.get_person(actor, area, found.ref)


def test_who_objected_is_told_to_whoever_settles_it_and_to_nobody_else(
    area: Figure, person: dict[str, Any], client: Client, worker: Account, custodian: Account
) -> None:
    ref, address = ref_of(person["person_id"]), reverse("population:corrections")
    made = actions.record_correction(
        acting(worker, purpose="prevention"),
        area,
        people.get_person(acting(worker, purpose="prevention"), area, ref),
        Said("objection", "person"),
    )
    own = client.get(address).content.decode()
    assert code_of(ref) in own
    assert reverse("population:correction", args=[made.ref]) not in own, "it would lead nowhere"
    other = inviting(a_person(an_office(area.area), "outreach-worker"))
    assert code_of(ref) not in other.get(address).content.decode()
    settling = inviting(custodian, "own-request")
    assert reverse("population:correction", args=[made.ref]) in settling.get(address).content.decode()
    listed = settling.get(reverse("population:people", args=[area.ref])).content.decode()
    assert listed.count("stands on nobody else") == 1


def test_a_month_after_the_end_neither_words_nor_about_whom_a_task_was_are_kept(
    area: Figure, person: dict[str, Any], worker: Account, custodian: Account, centre: Agency
) -> None:
    actor, keeper = acting(worker, purpose="prevention"), acting(custodian, purpose="own-request")
    found = people.get_person(actor, area, ref_of(person["person_id"]))
    made = actions.record_correction(actor, area, found, Said("answer", "family", WORDS))
    (task,) = Task.objects.all()
    later = keeper.now + dt.timedelta(31)
    assert (actions.sweep_words(later), tasks.sweep(later)) == (0, 0), "what waits keeps both"
    actions.settle(keeper, made, outcome="upheld")
    by = acting(a_person(centre, "data-custodian"))
    tasks.take(by, task)
    tasks.end(by, task, outcome="handed-on")
    soon = keeper.now + dt.timedelta(29)
    assert (actions.sweep_words(soon), tasks.sweep(soon)) == (0, 0)
    assert (actions.sweep_words(later), tasks.sweep(later)) == (1, 1)
    assert (actions.sweep_words(later), tasks.sweep(later)) == (0, 0)
    made.refresh_from_db()
    task.refresh_from_db()
    assert (queries.words_of(made), made.outcome) == ("", "upheld")
    assert (task.thing_ref.int, task.args, task.outcome) == (0, [], "handed-on")
    assert task.key.startswith("mark:")
    assert str(made.ref) not in task.key
    assert tasks.sweep(keeper.now + dt.timedelta(551)) == 1
    task.refresh_from_db()
    assert (task.key, tasks.sweep(keeper.now + dt.timedelta(551))) == ("", 0)


@on_one("sqlite")
def test_no_crumb_leads_where_the_reader_may_not_go(
    area: Figure, person: dict[str, Any], client: Client, worker: Account, custodian: Account
) -> None:
    ref, settling = ref_of(person["person_id"]), inviting(custodian, "own-request")
    found = people.get_person(acting(worker, purpose="prevention"), area, ref)
    made = actions.record_correction(acting(worker, purpose="prevention"), area, found, Said("answer", "family"))
    page = reverse("population:person", args=[area.ref, ref])
    shared = (
        reverse("population:people-places"),
        reverse("population:people", args=[area.ref]),
        page,
        f"{page}correct/",
    )
    own = (reverse("population:correction", args=[made.ref]), reverse("population:sets"))
    without_purpose = come_in(custodian)
    pages = [
        *((settling, address) for address in (*shared, *own, reverse("population:corrections"))),
        *((client, address) for address in shared),
        (without_purpose, shared[0]),
    ]
    led = set()
    for browser, address in pages:
        answer = browser.get(address)
        assert answer.status_code == 200, address
        crumbs = "".join(re.findall(r'<p class="crumbs">(.*?)</p>', answer.content.decode(), re.DOTALL))
        for link in re.findall(r'href="([^"]+)"', crumbs):
            assert browser.get(link).status_code == 200, f"{address} leads to {link}"
            led.add((browser is client, link))
    assert (True, reverse("population:runs")) in led, "a worker reads maps"
    assert (False, reverse("population:people-places")) in led
