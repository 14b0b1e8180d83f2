"""Today, Settings, search, tallies and the map: each shows what its reader may see, and says what it does not show."""

import datetime as dt
import json
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from makers.agencies import a_person, acting, an_agency
from makers.browsers import sign_in
from sarana.basics.actors import NOBODY, Actor
from sarana.basics.waiting import Waiting
from sarana.gates.desk import mandates, tallies, waiting
from sarana.gates.desk.searching import search
from sarana.ground.accounts.models import Agency
from sarana.ground.ledger.models import Entry
from sarana.ground.ledger.queries import standing_of_the_chain
from sarana.ground.ledger.queries.tallies import UNCOUNTED
from sarana.methods.reference import read_reference

pytestmark = pytest.mark.django_db


def test_a_sitting_without_second_factor_waits_for_one() -> None:
    alice = a_person(an_agency())
    weak = [line.address for line in waiting.waiting_for(acting(alice, is_strong=False))]
    assert weak == ["accounts:me"]
    assert waiting.waiting_for(acting(alice)) == []


def test_an_officer_is_told_of_the_key_that_lies_beside_the_data(monkeypatch: pytest.MonkeyPatch) -> None:
    agency = an_agency()
    lies = standing_of_the_chain()
    monkeypatch.setattr(waiting, "standing_of_the_chain", lambda: replace(lies, verification_key_lies_here=True))
    officer, worker = a_person(agency, "data-protection-officer", name="Dara"), a_person(agency)
    assert [line.address for line in waiting.own_lines(acting(officer))] == ["desk:looked-kept"]
    assert list(waiting.own_lines(acting(worker))) == []


def test_the_most_urgent_line_stands_first(settings: Any) -> None:
    settings.SARANA_WAITING = [f"{__name__}.two_lines"]
    lines = waiting.waiting_for(acting(a_person(an_agency())))
    assert [str(line.what) for line in lines] == ["sooner", "later", "whenever"]


def two_lines(actor: Actor) -> list[Waiting]:
    """Lines of some room."""
    days = {"later": dt.date(2026, 12, 2), "whenever": None, "sooner": dt.date(2026, 12, 1)}
    return [Waiting(what, "why", until=until) for what, until in days.items()]


def test_today_says_what_runs_and_that_nothing_waits(client: Client) -> None:
    sign_in(client, a_person(an_agency()))
    page = client.get("/")
    assert "This installation" in page.text
    assert "for developers: not for real work" in page.text


def test_a_search_finds_agencies_and_only_people_one_may_see() -> None:
    shelter, police = an_agency(), an_agency("Mae Sai police", kind=Agency.Kind.POLICE)
    alice, bob = a_person(shelter, name="Alice Rak"), a_person(police, name="Bob Rak")
    found = search(acting(alice), "rak")
    assert [agency.name for agency in found.agencies] == ["Baan Rak shelter"]
    assert [member.account.name for member in found.members] == ["Alice Rak"]
    assert [member.account.ref for member in search(acting(bob), "rak").members] == [bob.ref]


def test_a_search_is_written_down_with_its_count_but_not_its_words() -> None:
    alice = a_person(an_agency())
    search(acting(alice), "rak shel")
    (entry,) = Entry.objects.filter(action="desk.searched")
    assert (entry.actor_ref, entry.n_things) == (alice.ref, 1)
    assert "rak shel" not in str([getattr(entry, field.name) for field in Entry._meta.concrete_fields])


def test_a_search_of_one_letter_asks_for_more(client: Client) -> None:
    sign_in(client, a_person(an_agency()))
    assert "at least two letters" in client.get("/search/?q=a").text
    assert not Entry.objects.filter(action="desk.searched").exists()


def test_a_search_shows_that_there_is_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sarana.gates.desk.searching.MOST", 2)
    for name in ("Rak one", "Rak two", "Rak three"):
        agency = an_agency(name)
    found = search(acting(a_person(agency)), "rak")
    assert (len(found.agencies), found.has_more) == (2, True)


def test_what_is_searched_for_is_never_markup(client: Client) -> None:
    sign_in(client, a_person(an_agency()))
    assert "<script>x" not in client.get("/search/", {"q": "<script>x"}).text


def officer_and_workers(n_workers: int) -> tuple[Actor, Agency]:
    """A data-protection officer, with workers of her agency who each searched once."""
    agency = an_agency()
    officer = a_person(agency, "data-protection-officer", name="Dara")
    now = timezone.localtime()
    for number in range(n_workers):
        search(acting(a_person(agency, name=f"Worker {number}"), now=now), "baan")
    return acting(officer, now=now), agency


def test_an_officer_sees_the_sum_of_her_agency() -> None:
    officer, _agency = officer_and_workers(3)
    found = tallies.tally(officer, is_own=False)
    assert not found.is_withheld
    assert found.counts[officer.today, "desk"] == 3


def test_a_sum_of_too_few_people_is_withheld_and_the_machine_is_nobody() -> None:
    """Two people and the operator's own acts on the agency: not three."""
    officer, _agency = officer_and_workers(2)
    assert Entry.objects.filter(actor_ref=NOBODY, owner_agency_ref__isnull=False).exists()
    assert tallies.tally(officer, is_own=False).is_withheld


def test_a_worker_sees_her_own_acts_alone() -> None:
    agency = an_agency()
    now = timezone.localtime()
    alice, bob = acting(a_person(agency), now=now), acting(a_person(agency, name="Bob"), now=now)
    search(alice, "baan")
    search(bob, "baan")
    for is_own in (True, False):
        assert tallies.tally(alice, is_own=is_own).counts[alice.today, "desk"] == 1


def test_acts_of_before_the_four_weeks_are_not_counted() -> None:
    agency = an_agency()
    alice = a_person(agency)
    now = timezone.localtime()
    search(acting(alice, now=now - dt.timedelta(days=28)), "baan")
    search(acting(alice, now=now - dt.timedelta(days=27)), "baan")
    assert tallies.tally(acting(alice, now=now), is_own=True).total == 1


def test_the_map_and_its_table_know_the_same_areas(client: Client) -> None:
    alice = a_person(an_agency())
    areas = mandates.mandates_for(acting(alice), "en")
    assert [(area.code, len(area.agencies), area.shape) for area in areas] == [("TH50", 1, None)]
    sign_in(client, alice)
    assert "not on the map" in client.get("/settings/agencies/map/").text
    shapes = json.loads(client.get("/settings/agencies/map/shapes.json").content)
    assert {feature["properties"]["kind"] for feature in shapes["features"]} == {"ground"}


def test_every_room_that_acts_has_words_in_the_tally() -> None:
    acting_rooms = {act.partition(".")[0] for act in read_reference("acts.toml") if not act.startswith(UNCOUNTED)}
    assert acting_rooms - set(tallies.ROOMS) == set()
