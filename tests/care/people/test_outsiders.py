"""Every address about people gives somebody who may not know of a person the very answer that it gives for nobody."""

from dataclasses import replace

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from care.people.conftest import comes
from makers.addresses import absent, addresses, told_apart_by
from makers.agencies import a_person, acting
from makers.counted import shared_out
from makers.identities import TwoHouses
from sarana.basics.actors import Actor
from sarana.care.people import actions
from sarana.care.people.actions import Facts
from sarana.care.people.models import Assigned, Person, Relation
from sarana.care.people.values import Names, Story, checked_name

pytestmark = pytest.mark.django_db

FORM = {"version": "1", "names-n": "1", "names-0-text": "Zq", "story-health": "", "kind": "parent", "reason": "kept"}


def outsiders(houses: TwoHouses) -> dict[str, Actor]:
    """Those who help elsewhere, who help here and are not assigned, and who work here and do not help."""
    colleague, analyst = (a_person(houses.ours, role, name=role) for role in ("shelter", "analyst"))
    return {
        "elsewhere": houses.outsider,
        "not assigned": replace(acting(colleague), purpose="help"),
        "does not help": replace(acting(analyst), purpose="help"),
    }


@pytest.mark.check("A-01")
@pytest.mark.check("A-02")
@pytest.mark.parametrize("who", shared_out(["not assigned", "elsewhere", "does not help"]))
def test_who_is_hidden_and_who_is_not_there_are_told_apart_by_no_address(houses: TwoHouses, who: str) -> None:
    names = Names((checked_name("Malee"),))
    closed = Facts(level=Person.Level.CLOSED)
    person = actions.enter(houses.worker, houses.ours.ref, closed, names, Story("Told"))
    other = actions.enter(houses.worker, houses.ours.ref, closed, names)
    relation = actions.relate(houses.worker, person.ref, other.ref, Relation.Kind.FRIEND)
    client, nowhere = comes(outsiders(houses)[who]), absent()
    # Who is asked for a purpose first sees nothing of anybody, and proves nothing.
    assert b'name="purpose"' not in client.get(reverse("people:people")).content
    n_asked = 0
    for address in addresses():
        if not address.name.startswith("people:") or not address.takes_references:
            continue
        for method in ("GET", "POST"):
            missing = _asked(client, method, address.paths([nowhere])[0])
            for ref in (person.ref, relation.ref):
                found = _asked(client, method, address.paths([ref])[0])
                same = (found.status_code, told_apart_by(found.content, ref))
                assert same == (missing.status_code, told_apart_by(missing.content, nowhere)), (method, address.name)
                assert person.code.encode() not in found.content
                n_asked += 1
    assert n_asked >= 60
    assert (Person.objects.count(), Assigned.objects.count(), Relation.objects.count()) == (2, 2, 1)


def _asked(client: Client, method: str, path: str) -> HttpResponse:
    client.cookies.pop("messages", None)
    answer: HttpResponse = client.get(path) if method == "GET" else client.post(path, FORM)
    assert answer.status_code < 500, (method, path)
    return answer
