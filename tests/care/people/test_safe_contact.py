"""A way that is not safe is shown to nobody: the rule as a truth table, and no page of the room gives it away."""

import datetime as dt
import re
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client

from care.people.conftest import comes, typed
from makers.addresses import addresses
from makers.counted import on_one
from makers.identities import TwoHouses, let_read
from sarana.care.people import actions, opening
from sarana.care.people.actions import Facts
from sarana.care.people.models import Person
from sarana.care.people.values import Contact, Names, Safety, WayOf, checked_name
from sarana.methods.sealing.identities import Tier

HERE = ZoneInfo("Asia/Bangkok")
ALWAYS, NEVER = frozenset(range(24)), frozenset[int]()
RULES: tuple[tuple[Safety, tuple[int, int] | None, frozenset[int]], ...] = (
    ("unknown", None, NEVER),
    ("unknown", (8, 20), NEVER),
    ("unsafe", None, NEVER),
    ("unsafe", (8, 20), NEVER),
    ("safe", None, ALWAYS),
    ("through-other", None, ALWAYS),
    ("at-hours", None, NEVER),
    ("at-hours", (18, 21), frozenset({18, 19, 20})),
    ("at-hours", (22, 2), frozenset({22, 23, 0, 1})),
    ("at-hours", (0, 24), ALWAYS),
    ("at-hours", (9, 9), NEVER),
)
SECRETS = {
    "unsafe": "0810000001",
    "unknown": "0810000002",
    "at-hours": "0810000003",
}
DONE_ELSEWHERE = frozenset({"people:erase", "people:end-assigned"})
"""They take the person, or the worker, away."""

WHOSE = "the husband Zqwhose"
SAY = "Zqsay the wrong thing"


@pytest.mark.parametrize(("safety", "hours", "usable"), RULES)
def test_a_way_is_usable_at_these_hours_and_no_others(
    safety: Safety, hours: tuple[int, int] | None, usable: frozenset[int]
) -> None:
    way = WayOf("phone", "081", safety=safety, hours=hours)
    found = {hour for hour in range(24) if opening.is_usable(way, dt.datetime(2026, 11, 29, hour, 59, tzinfo=HERE))}
    assert found == usable


def closed_ways(houses: TwoHouses) -> Person:
    """Somebody with a way of each kind that may not be used at nine in the morning, and one that may."""
    ways = [
        WayOf("phone", SECRETS[safety], WHOSE, safety, (1, 2) if safety == "at-hours" else None, SAY)
        for safety in ("unsafe", "unknown", "at-hours")
    ]
    names = Names((checked_name("Malee"),))
    return actions.enter(
        houses.worker, houses.ours.ref, Facts(), names, Contact((*ways, WayOf("line", "malee-safe", safety="safe")))
    )


def every_answer(client: Client, person: Person) -> list[tuple[str, bytes]]:
    """All that the room answers about a person, in every method, with what a form might send."""
    lines = {"ways-n": "4", "names-n": "2", "papers-n": "1", "story-health": ""}
    forms = ({}, {"version": "1"}, {"version": "9", **lines}, {"version": "1", "more": "ways", **lines})
    found: list[tuple[str, bytes]] = []
    for address in addresses():
        if not address.name.startswith("people:") or address.name in DONE_ELSEWHERE:
            continue
        path = address.paths([person.ref])[0]
        found += [(path, client.post(path, form).content) for form in forms]
        found.append((path, client.get(path).content))
    return found


@pytest.mark.usefixtures("pages_without_copies")
@on_one("sqlite")
@pytest.mark.django_db
def test_no_page_of_the_room_gives_away_a_way_that_is_not_safe(houses: TwoHouses) -> None:
    person = closed_ways(houses)
    let_read(houses, person.ref, Tier.NAMES, Tier.CONTACT)
    with time_machine.travel(dt.datetime(2026, 11, 29, 9, 0, tzinfo=HERE), tick=False):
        for who in (houses.worker, houses.supervisor, houses.police, houses.custodian):
            client = comes(who)
            answers = every_answer(client, person)
            assert len(answers) > 60
            for path, body in answers:
                for secret in (*SECRETS.values(), WHOSE, SAY):
                    assert secret.encode() not in body, (path, secret)
        shown = comes(houses.worker).post(f"/people/{person.ref}/contact/").content.decode()
    assert "malee-safe" in shown
    for said in ("Not safe: shown to nobody.", "Nobody asked whether it is safe.", "Safe from 01:00 to 02:00 only."):
        assert said in shown


@pytest.mark.django_db
def test_at_its_hours_a_way_is_shown_by_the_clock_of_the_place(houses: TwoHouses) -> None:
    person = closed_ways(houses)
    with time_machine.travel(dt.datetime(2026, 11, 29, 1, 30, tzinfo=HERE), tick=False):
        shown = comes(houses.worker).post(f"/people/{person.ref}/contact/").content.decode()
    assert SECRETS["at-hours"] in shown
    assert SECRETS["unsafe"] not in shown


def form_of(page: bytes) -> dict[str, Any]:
    """The fields of the page's own form, as a browser would send them."""
    text = page.decode()
    fields: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", text):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and not ('type="checkbox"' in tag and "checked" not in tag):
            fields[name[1]] = value[1] if value else ""
    for name, body in re.findall(r'<select name="([^"]+)".*?>(.*?)</select>', text, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', body)
        fields[name] = chosen[1] if chosen else ""
    for name, body in re.findall(r'<textarea name="([^"]+)"[^>]*>(.*?)</textarea>', text, re.DOTALL):
        fields[name] = body.strip()
    return {
        name: value for name, value in fields.items() if name not in ("q", "next", "csrfmiddlewaretoken", "form_word")
    }


@pytest.mark.django_db
def test_what_is_not_shown_is_kept_when_the_form_is_sent_and_shown_once_it_is_said_to_be_safe(
    houses: TwoHouses,
) -> None:
    person = closed_ways(houses)
    before = opening.open_contact(houses.worker, person)
    assert before is not None
    here = f"/people/{person.ref}/change/contact/"
    with time_machine.travel(dt.datetime(2026, 11, 29, 9, 0, tzinfo=HERE), tick=False):
        client = comes(houses.worker)
        form = form_of(client.post(here).content)
        assert client.post(here, form).status_code == 302
        kept = opening.open_contact(houses.worker, person)
        assert kept is not None
        assert [(way.value, way.whose, way.say, way.hours) for way in kept.holds.ways] == [
            (way.value, way.whose, way.say, way.hours) for way in before.holds.ways
        ]
        form = form_of(client.post(here).content)
        safe = {**form, "ways-0-safety": "safe", "ways-1-gone": "on"}
        assert client.post(here, safe).status_code == 302
        shown = client.post(f"/people/{person.ref}/contact/").content.decode()
        assert SECRETS["unsafe"] in shown
        assert client.post(here, {**form, "ways-0-say": "typed by me"}).status_code == 409
        meanwhile = client.post(here, {**form, "ways-0-say": "typed by me"}).content.decode()
    assert "typed by me" in meanwhile
    assert "What was saved meanwhile" in meanwhile
    left = opening.open_contact(houses.worker, person)
    assert left is not None
    assert [way.value for way in left.holds.ways] == [SECRETS["unsafe"], SECRETS["at-hours"], "malee-safe"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"ways__0__say": "hello"}, "Write the number, the address or the name"),
        ({"ways__0__value": "081", "ways__0__safety": "at-hours"}, "Choose from when until when it is safe."),
        ({"ways__0__value": "081", "ways__0__safety": "at-hours", "ways__0__first": "0", "ways__0__last": "24"},
         "Choose from when until when it is safe."),
        ({"ways__0__value": "081", "ways__0__first": "3"}, "There are hours."),
        ({"ways__0__value": "081", "ways__0__safety": "through-other"}, "Write through whom."),
        ({"ways__0__value": "081", "ways__0__safety": "of-course"}, "Select a valid choice."),
        ({"where__area": "Nowhere at all"}, "No area is called so"),
    ],
)  # fmt: skip
def test_a_way_that_is_not_whole_is_said_at_its_field(houses: TwoHouses, form: dict[str, str], says: str) -> None:
    answer = comes(houses.worker).post("/people/new/", typed(**form))
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Person.objects.exists()
