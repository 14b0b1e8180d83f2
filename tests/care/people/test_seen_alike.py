"""A-04 for people: list, page, search, command and what is told beside them name the same people to each who asks."""

import json
import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.module_loading import import_string

from care.people.conftest import comes
from care.people.finding.test_finding import enter
from makers.agencies import PASSPHRASE, a_person, acting
from makers.identities import TwoHouses, let_read
from sarana.basics.actors import Actor
from sarana.care.people.models import Person
from sarana.config.commands import entry
from sarana.config.web import start
from sarana.ground.accounts import actions as accounts
from sarana.ground.accounts.models import Account

pytestmark = pytest.mark.django_db

CODE = re.compile(r"\bSR-[2-9A-HJ-NP-Z]{5}\b")
LEVELS = tuple(Person.Level)
SEES = {
    "worker": {"audited", "protected", "closed"},
    "colleague": {"audited"},
    "supervisor": {"audited", "protected"},
    "police": set[str](),
    "outsider": set[str](),
}
"""Whom of three people, each kept at another level by the worker, each who asks may know of."""


def asks(houses: TwoHouses, who: str) -> Actor:
    if who == "colleague":
        return replace(acting(a_person(houses.ours, "shelter", name="Colleague")), purpose="help")
    found: Actor = getattr(houses, who)
    return found


def on_lists(client: Client) -> set[str]:
    answer = client.get(reverse("people:people"), {"of": "newest"})
    return set(CODE.findall(answer.content.decode()))


def on_pages(client: Client, people: dict[str, Person]) -> set[str]:
    return {
        each.code
        for each in people.values()
        if client.get(reverse("people:person", args=[each.ref])).status_code == 200
    }


def in_search(client: Client) -> set[str]:
    return set(CODE.findall(client.post(reverse("people:search"), {"words": "Malee"}).content.decode()))


def by_relation(client: Client, people: dict[str, Person], seen: set[str]) -> set[str]:
    """Whom the page of somebody she may know of lets her name by the code."""
    page = next(each for each in people.values() if each.code in seen)
    wrong = "Nobody whom you may open has this code."
    found = {page.code}
    for other in people.values():
        form = {"other": other.code, "kind": "friend"}
        answer = client.post(reverse("people:relate", args=[page.ref]), form, follow=True)
        if other.code != page.code and wrong not in answer.content.decode():
            found.add(other.code)
    return found


def by_command(actor: Actor, agency: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: Any) -> set[str]:
    """What the command tells of the same search; nothing but codes, scores and reasons."""
    monkeypatch.setattr(start, "door", import_string)
    account = Account.objects.get(ref=actor.account_ref)
    (folder / "secret").write_text(f"{PASSPHRASE}\n{accounts.make_sheet(actor, account)[0]}\n")
    (folder / "words").write_text("Malee\n")
    own = ("--agency", agency, "--as", account.sign_in_name, "--purpose", actor.purpose, "--json")
    capfd.readouterr()
    with (folder / "secret").open() as secret, (folder / "words").open() as typed:
        monkeypatch.setattr("sys.stdin", typed)
        ended = entry.run(["people", "search", "-", *own, "--passphrase-fd", str(os.dup(secret.fileno()))])
    said = capfd.readouterr().out
    assert "Malee" not in said
    return {hit["code"] for line in said.splitlines() for hit in json.loads(line)["found"]} if ended == 0 else set()


@pytest.mark.check("A-04")
@pytest.mark.parametrize("who", list(SEES))
def test_a_04_pages_lists_searches_and_commands_show_each_the_same_people(
    houses: TwoHouses, who: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: Any
) -> None:
    people = {str(level): enter(houses, f"Malee Jaidee {level}", level=level) for level in LEVELS}
    assert set(people) == SEES["worker"]
    actor = asks(houses, who)
    client, wanted = comes(actor), {people[level].code for level in SEES[who]}
    assert on_lists(client) == wanted
    assert on_pages(client, people) == wanted
    assert by_command(actor, houses.ours.name, tmp_path, monkeypatch, capfd) == wanted
    assert in_search(client) == wanted
    if wanted:
        assert by_relation(client, people, wanted) == wanted


@pytest.mark.check("A-04")
def test_a_04_another_agency_is_shown_of_whom_it_reads_and_what_it_reads_the_same_everywhere(
    houses: TwoHouses,
) -> None:
    """It reads the names of one of two people: she alone stands on its list, her page has that door and no other."""
    given, kept = enter(houses, "Malee Jaidee"), enter(houses, "Malee Rakthai")
    let_read(houses, given.ref)
    client = comes(houses.police)
    lists = [client.get(reverse("people:people"), {"of": "given"}), client.get(reverse("people:given"))]
    assert [set(CODE.findall(each.content.decode())) for each in lists] == [{given.code}, {given.code}]
    page = client.get(reverse("people:person", args=[given.ref]))
    assert client.get(reverse("people:person", args=[kept.ref])).status_code == 404
    assert page.context["tiers"] == {"names"}
    for part, is_shown in (("name", True), ("contact", False), ("story", False)):
        answer = client.post(reverse(f"people:{part}", args=[given.ref]))
        assert bool(answer.context.get("is_shut")) is not is_shown, part
    assert in_search(client) == set()
