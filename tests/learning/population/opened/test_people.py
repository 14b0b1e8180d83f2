"""Who opens people, in which area, for what, and what is shown to whom."""

import datetime as dt
import shutil
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse

from learning.population.opened.conftest import an_office, inviting
from makers.addresses import told_apart_by
from makers.agencies import a_person, acting, give, local
from makers.counted import on_one
from makers.sittings import come_in
from sarana.basics.errors import NotYet, SaranaError
from sarana.ground.accounts.models import Account, Agency
from sarana.ground.codelists.loading import load_all_purposes
from sarana.ground.ledger.models import Entry
from sarana.ground.tasks.models import Task
from sarana.learning.population.actions import withdraw
from sarana.learning.population.models import Figure, Run
from sarana.learning.population.opened import budget, queries, shelves
from sarana.learning.population.opened.actions import refer_now
from sarana.learning.population.opened.policy import SHUT_TO_PEOPLE
from sarana.learning.population.opened.queries import code_of, ref_of
from sarana.learning.population.policy import CLOSED_ROLES
from sarana.methods.reference import read_reference

pytestmark = pytest.mark.django_db

OPENING = {"outreach-worker": "prevention", "data-custodian": "own-request"}
"""The only roles that open people, and a purpose of theirs."""


def addresses(area: Figure, ref: UUID) -> Iterator[tuple[str, str]]:
    """Every address under which people stand, with the method that is asked."""
    yield "get", reverse("population:people-places")
    yield "get", reverse("population:people", args=[area.ref])
    yield "get", reverse("population:corrections")
    yield "get", reverse("population:correction", args=[ref])
    yield "post", reverse("population:settle", args=[ref])
    yield "get", reverse("population:person-correct", args=[area.ref, ref])
    yield "post", reverse("population:person-correct", args=[area.ref, ref])
    yield "get", reverse("population:person", args=[area.ref, ref])
    yield "post", reverse("population:person-name", args=[area.ref, ref])
    yield "post", reverse("population:person-refer", args=[area.ref, ref])


def answers(client: Client, area: Figure, ref: UUID, *, of_lists: bool = False) -> set[int]:
    """What is answered at all of them; whoever is let in asks for the two lists, which cost little."""
    asked = list(addresses(area, ref))[: 2 if of_lists else None]
    return {getattr(client, method)(address).status_code for method, address in asked}


def own_entries(account: Account, action: str) -> list[Entry]:
    return list(Entry.objects.filter(actor_ref=account.ref, action=action))


@on_one("sqlite")
def test_nobody_but_outreach_workers_and_custodians_has_a_door_and_no_closed_kind_whatever_the_role(
    area: Figure, person: dict[str, Any]
) -> None:
    ref = ref_of(person["person_id"])
    for role in read_reference("roles.toml"):
        client = inviting(a_person(an_office(area.area), role), OPENING.get(role, "prevention"))
        may = role in OPENING
        assert answers(client, area, ref, of_lists=may) == ({200} if may else {403}), role
    for kind in Agency.Kind:
        for role, purpose in OPENING.items():
            client = inviting(a_person(an_office(area.area, kind=kind), role), purpose)
            may = kind not in SHUT_TO_PEOPLE
            assert answers(client, area, ref, of_lists=may) == ({200} if may else {403}), (kind, role)
    shut = {"police", "prosecution", "court", "immigration", "labour", "local-government", "social-welfare"}
    assert shut == SHUT_TO_PEOPLE
    for other in CLOSED_ROLES:
        account = a_person(an_office(area.area), "outreach-worker")
        give(account, an_office("TH50"), other)
        assert answers(inviting(account), area, ref) == {403}, f"{other} beside"
    account = a_person(an_office(area.area), "outreach-worker")
    give(account, an_office("TH50", kind=Agency.Kind.IMMIGRATION), "analyst")
    assert answers(inviting(account), area, ref) == {403}, "works in such an agency beside"
    page = inviting(account).get(reverse("population:people-places")).content.decode()
    assert code_of(ref) not in page


def test_a_neighbour_gets_the_same_page_as_for_a_person_that_does_not_exist(
    area: Figure, person: dict[str, Any], run: Run
) -> None:
    ref = ref_of(person["person_id"])
    other = Figure.objects.filter(run=run, level="subdistrict", group="all").exclude(code=area.code)[0]
    for areas in ([other.area], ["TH"]):
        client = inviting(a_person(an_office(*areas), "outreach-worker"))
        absent = uuid4()
        for name, args, none in (
            ("population:people", [area.ref], [absent]),
            ("population:person", [area.ref, ref], [absent, ref]),
        ):
            hidden, missing = (client.get(reverse(name, args=given)) for given in (args, none))
            assert (hidden.status_code, missing.status_code) == (404, 404)
            assert told_apart_by(hidden.content, area.ref) == told_apart_by(missing.content, absent)
        # A person of a subdistrict of hers is not found under another one, nor under a wider area.
        if areas == [other.area]:
            assert client.get(reverse("population:person", args=[other.ref, ref])).status_code == 404
    district = Figure.objects.filter(run=run, level="district", group="all")[0]
    client = inviting(a_person(an_office("TH50"), "outreach-worker"))
    assert client.get(reverse("population:people", args=[district.ref])).status_code == 404
    assert client.get(reverse("population:people", args=[area.ref])).status_code == 200


def test_a_purpose_is_asked_for_first_and_leads_back(area: Figure, person: dict[str, Any], worker: Account) -> None:
    inviting(worker)  # the purposes are there
    client, address = come_in(worker), reverse("population:person", args=[area.ref, ref_of(person["person_id"])])
    page = client.get(address).content.decode()
    assert code_of(ref_of(person["person_id"])) not in page
    assert "Invite people at risk to services" in page
    assert "Help a person" not in page, "this one opens nobody here"
    stated = client.post(page.split('action="')[-1].split('"')[0], {"next": address})
    assert (stated.status_code, stated["Location"]) == (302, address)
    assert code_of(ref_of(person["person_id"])) in client.get(address).content.decode()
    (entry,) = own_entries(worker, budget.OPENED)
    assert (entry.purpose, entry.thing_ref) == ("prevention", ref_of(person["person_id"]))
    away = client.post(page.split('action="')[-1].split('"')[0], {"next": "https://elsewhere.example/"})
    assert away["Location"] == reverse("desk:purposes")


def test_a_list_has_no_name_no_need_and_no_file_and_everything_on_it_is_written_down(
    area: Figure, people: list[dict[str, Any]], client: Client, worker: Account
) -> None:
    here = [line for line in people if line["place"] == area.code and line["leads"]]
    answer = client.get(reverse("population:people", args=[area.ref]))
    page = answer.content.decode()
    assert all(code_of(ref_of(line["person_id"])) in page for line in here)
    for line in here:
        for secret in (line["family"], line["person_id"], *(row["row_id"] for row in line["people"])):
            assert secret not in page
        assert str(line["scores"]["index"]) not in page
    assert not [word for word in ("Highest band", "Middle band", "1.000", "2.") if word in page.partition("<tbody>")[2]]
    assert answer["Cache-Control"] == "no-store"
    (entry,) = own_entries(worker, "population.people-seen")
    assert entry.n_things == len(here)


def test_what_is_protected_opens_to_the_custodian_only(
    area: Figure, people: list[dict[str, Any]], client: Client
) -> None:
    custodian = inviting(a_person(an_office(area.area), "data-custodian"), "own-request")
    flagged = next(line for line in people if line["refer_now"])
    place = Figure.objects.get(run=area.run, level="subdistrict", group="all", code=flagged["place"])
    outreach = inviting(a_person(an_office(place.area), "outreach-worker"))
    line = next(each for each in people if each["place"] == area.code and each["leads"] and each["scores"]["s02"])
    address = reverse("population:person", args=[area.ref, ref_of(line["person_id"])])
    masked, opened = (browser.get(address).content.decode() for browser in (client, custodian))
    assert "A protected reason" in masked
    assert "A protected reason" not in opened
    for name in ("Nationality and legal status", "Exploited before", "Works to pay off a debt", "Disability<"):
        assert name not in masked
    assert "Nationality and legal status" in opened
    assert line["people"][0]["row_id"] in opened
    assert line["people"][0]["row_id"] not in masked
    assert "may limit anybody" in masked
    assert "may limit anybody" in opened
    # Who stands here for a flag alone is the custodian's to open: a list with a lower band on it would tell the flag.
    assert not flagged["leads"]
    address = reverse("population:person", args=[place.ref, ref_of(flagged["person_id"])])
    assert outreach.get(address).status_code == 404
    listed = outreach.get(reverse("population:people", args=[place.ref])).content.decode()
    assert code_of(ref_of(flagged["person_id"])) not in listed
    of_place = inviting(a_person(an_office(place.area), "data-custodian"), "care-of-data")
    assert "To be referred now" in of_place.get(address).content.decode()


def test_a_name_is_shown_once_when_asked_for_and_only_so_many_in_a_day(
    area: Figure, people: list[dict[str, Any]], client: Client, worker: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(budget, "MOST", {budget.OPENED: 3, budget.NAMED: 1})
    here = [line for line in people if line["place"] == area.code and line["leads"]][:4]
    page, *more = (reverse("population:person", args=[area.ref, ref_of(line["person_id"])]) for line in here)
    assert here[0]["family"] not in client.get(page).content.decode()
    shown = client.post(f"{page}name/")
    assert here[0]["family"] in shown.content.decode()
    assert here[0]["family"] not in client.get(page).content.decode(), "it was shown once"
    assert client.post(f"{page}name/").status_code == 200, "the same person again costs nothing"
    assert client.post(f"{more[0]}name/").status_code == 403
    assert [client.get(address).status_code for address in more[:3]] == [200, 200, 403]
    refused = Entry.objects.filter(actor_ref=worker.ref, code="POPULATION-096")
    assert refused.count() == 2
    assert [entry.thing_ref for entry in own_entries(worker, budget.NAMED)] == [ref_of(here[0]["person_id"])] * 2


def test_what_was_not_laid_out_or_lost_its_key_is_said_plainly(area: Figure, client: Client, place: Any) -> None:
    place.lose_the_vault()
    answer = client.get(reverse("population:people-places"))
    assert "No people can be opened" in answer.content.decode()
    assert client.get(reverse("population:people", args=[area.ref])).status_code == 404
    shelves.let_go(area.run.ref)
    with pytest.raises(NotYet, match="POPULATION-090"):
        shelves.open_shelf(area.run.ref, today=local().today)


def test_the_doors_themselves_refuse_whoever_comes_another_way(area: Figure, person: dict[str, Any]) -> None:
    ref, of_area = ref_of(person["person_id"]), an_office(area.area)
    worker = a_person(of_area, "outreach-worker")
    load_all_purposes(local())
    for actor, code in (
        (acting(a_person(of_area, "analyst"), purpose="prevention"), "POPULATION-094"),
        (acting(a_person(an_office("TH50999"), "outreach-worker"), purpose="prevention"), "POPULATION-094"),
        (acting(worker), "POPULATION-095"),
        (acting(worker, is_strong=False, purpose="prevention"), "POPULATION-094"),
    ):
        with pytest.raises(SaranaError, match=code):
            refer_now(actor, area, ref)


def test_while_others_open_somebody_the_next_one_is_told_to_wait_and_no_worker_of_the_web_hangs(
    area: Figure, person: dict[str, Any], client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "WAITS_SECONDS", 0.01)
    page = reverse("population:person", args=[area.ref, ref_of(person["person_id"])])
    with queries.ONE_AT_A_TIME.taken() as is_ours:
        assert is_ours
        answer = client.get(page)
    assert (answer.status_code, "POPULATION-099" in answer.content.decode()) == (503, True)
    assert answer["Retry-After"]
    assert client.get(page).status_code == 200


def test_a_newer_run_without_pages_hides_nobody_and_what_waits_leads_to_its_own_run_and_ends_with_it(
    run: Run, area: Figure, person: dict[str, Any], client: Client, centre: Agency
) -> None:
    custodian = a_person(centre, "data-custodian")
    settling = inviting(custodian, "own-request")
    (task,) = Task.objects.all()
    flagged = reverse(task.address, args=task.args)
    page = reverse("population:person", args=[area.ref, ref_of(person["person_id"])])
    newer = Run.objects.get(pk=run.pk)
    newer.pk, newer.ref, newer.fingerprint, newer.as_of = None, uuid4(), "f" * 64, run.as_of + dt.timedelta(365)
    newer.table_hash = "f" * 64
    newer.save()
    assert client.get(page).status_code == 200, "its laying out failed: the run before it stays open"
    shutil.copytree(shelves.folder_of(run.ref), shelves.folder_of(newer.ref))
    assert client.get(page).status_code == 404, "the newest one that is laid out is hers"
    assert settling.get(page).status_code == 200
    assert settling.get(flagged).status_code == 200
    refer_now(acting(custodian, purpose="own-request"), area, ref_of(person["person_id"]))
    withdraw(local(), run.fingerprint, because="wrong-files")
    assert settling.get(flagged).status_code == 404
    assert set(Task.objects.values_list("state", "outcome")) == {("done", "gone")}
    ended = settling.get(reverse("tasks:task", args=[task.ref])).content.decode()
    assert "what it leads to was withdrawn" in ended
