"""K-15 in the people's room: a page that breaks shows, logs and writes down nothing of whom it was about.

Every page breaks as it is made, with an error that says all that it was to show and all that was sent.
"""

from typing import Any

import pytest
from django import shortcuts
from django.http import HttpRequest
from django.template.backends.django import Template
from django.test import Client

from care.people.conftest import comes, typed
from care.people.same.test_same import pair
from makers.addresses import addresses
from makers.counted import Counted, on_one
from makers.identities import TwoHouses
from makers.photographs import added, masked_of
from sarana.care.people import actions
from sarana.care.people.models import Relation
from sarana.care.people.values import Names, checked_name
from sarana.ground.ledger.models import Entry

pytestmark = pytest.mark.django_db

MARK = "Zqxmarkword"
"""Stands in the name of whoever is opened, and in every field that is sent."""

SAYS = ("Traceback", "RuntimeError", "care/people")


def break_pages(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every page of the room, and every way on from one, ends in an error that quotes all; gives what was quoted."""
    whole, quoted = Template.render, list[str]()

    def breaks(said: str) -> None:
        quoted.append(said)
        raise RuntimeError(said)

    def render(self: Template, context: Any = None, request: HttpRequest | None = None) -> Any:
        if str(self.origin.template_name).startswith("people/"):
            breaks(f"{context!r} {dict(request.POST) if request else ''}")
        return whole(self, context, request)

    monkeypatch.setattr(Template, "render", render)
    monkeypatch.setattr(shortcuts, "resolve_url", lambda *words, **_more: breaks(f"{words} {MARK}"))
    return quoted


def everything_typed() -> dict[str, Any]:
    """One form that has something for every field of the room."""
    form = typed(version="1", names__0__text=f"{MARK} Typed", names__0__given=MARK)
    fields = ("words", "code", "other", "name", "number", "phone", "place", "story-told", "story-health",
              "where-address", "ways-0-value", "ways-0-say", "papers-0-number", "reason")  # fmt: skip
    return {**form, **dict.fromkeys(fields, MARK), "kind": "friend", "whole": "1"}


@on_one("postgresql")
@pytest.mark.check("K-15")
def test_k_15_a_page_about_people_that_breaks_tells_nothing_of_them(
    houses: TwoHouses, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], counted: Counted
) -> None:
    first, second, row = pair(houses)
    actions.change(houses.worker, first.ref, Names((checked_name(f"{MARK} Opened"),)), version=1)
    relation = actions.relate(houses.worker, first.ref, second.ref, Relation.Kind.FRIEND)
    photograph = added(houses.worker, first.ref)
    refs = [first.ref, row.ref, relation.ref, photograph.ref, masked_of(houses.worker, photograph).ref]
    client = comes(houses.supervisor)
    quoted, n_broken = break_pages(monkeypatch), 0
    capfd.readouterr()
    for address in addresses():
        if address.name.startswith("people:"):
            for path in address.paths(refs):
                n_broken += sum(_breaks(client, path, method) for method in ("GET", "POST"))
    said = "".join(capfd.readouterr())
    assert not any(word in said for word in (MARK, *SAYS))
    assert any(f"{MARK} Opened" in each for each in quoted), "an opened name was in a page that broke"
    assert any(f"{MARK} Typed" in each for each in quoted)
    assert n_broken >= 40
    assert Entry.objects.filter(code="COMMAND-001").count() == n_broken, "each is written down"
    assert not any(MARK in str(value) for line in Entry.objects.values() for value in line.values())
    counted("pages that break", n_broken, exact=True)


def _breaks(client: Client, path: str, method: str) -> bool:
    answer = client.get(path) if method == "GET" else client.post(path, everything_typed())
    body = answer.content.decode(errors="replace")
    assert MARK not in body, (method, path)
    assert not any(word in body for word in SAYS), (method, path)
    assert MARK not in str(answer.headers)
    return answer.status_code == 500
