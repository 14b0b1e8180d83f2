"""A-08 in the people's room: every field of every row is sent with every form, and none that is not on it is taken."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from care.people.conftest import comes, typed
from care.people.same.test_same import pair
from makers.agencies import a_person
from makers.counted import Counted
from makers.faces import a_photograph
from makers.identities import TwoHouses
from sarana.care.people.models import Person

pytestmark = pytest.mark.django_db

ROOMS = ("sarana.care.people", "sarana.care.consent", "sarana.ground.vault.identities")
OF_MACHINE = frozenset({"id", "ref", "pk"})


def kept() -> list[type[models.Model]]:
    """Every model of these rooms."""
    return [each for each in apps.get_models() if each.__module__.startswith(ROOMS)]


def every_field(houses: TwoHouses) -> dict[str, str]:
    """A value for each field of each of them, as somebody would send who hopes that one is taken."""
    stranger, moment = str(houses.theirs.ref), "2001-02-03T04:05:06Z"
    found: dict[str, str] = {}
    for field in (field for model in kept() for field in model._meta.concrete_fields):
        value = "7"
        if isinstance(field, models.UUIDField):
            value = stranger
        elif isinstance(field, models.BooleanField):
            value = "on"
        elif isinstance(field, (models.DateTimeField, models.DateField)):
            value = moment
        found |= {field.name: value, field.attname: value, f"facts-{field.name}": value}
    return found


def rows() -> dict[tuple[str, Any], dict[str, Any]]:
    """Every row that is kept."""
    return {(each.__name__, row["id"]): row for each in kept() for row in each._default_manager.values()}


def changed(before: Mapping[Any, Any]) -> tuple[dict[str, set[str]], list[dict[str, Any]]]:
    """Which columns of which rows changed, by model; and the rows that are new."""
    now, columns = rows(), dict[str, set[str]]()
    for key, row in now.items():
        if key in before and row != before[key]:
            columns.setdefault(key[0], set()).update(name for name in row if row[name] != before[key][name])
    return columns, [row | {"of": key[0]} for key, row in now.items() if key not in before]


def forms(
    houses: TwoHouses, person: Person, other: Person
) -> Iterator[tuple[str, str, dict[str, Any], dict[str, set[str]]]]:
    """Every form that writes rows: who sends it, where, what stands on it, and what of other rows it changes."""
    until = (timezone.localdate() + dt.timedelta(30)).isoformat()
    here, sealed = (
        {"ref": person.ref},
        {"Person": {"revision"}, "Subject": {"versions", "own_key"}, "Sealed": {"version", "sealed"}},
    )
    nok = a_person(houses.ours, "case-worker", name="Nok")
    facts = {"facts-sex": "male", "facts-stateless": "yes", "facts-level": "audited", "revision": str(person.revision),
             "facts-nationalities": "TH", "facts-languages": "th", "facts-needs_interpreter": "on"}  # fmt: skip
    yield "worker", reverse("people:new"), facts | typed(names__0__text="Nobody Of-this-name"), {}
    yield "worker", reverse("people:change-facts", kwargs=here), facts, {
        "Person": {"sex", "stateless", "nationalities", "languages", "needs_interpreter", "revision"}
    }  # fmt: skip
    yield (
        "worker",
        reverse("people:change-names", kwargs=here),
        typed(version="1", names__0__text="Somsri Kaew"),
        sealed,
    )
    yield (
        "worker",
        reverse("people:change-story", kwargs=here),
        {"version": "0", "story-told": "x", "story-health": ""},
        sealed,
    )
    yield "worker", reverse("people:relate", kwargs=here), {"other": other.code, "kind": "friend"}, {}
    yield "worker", reverse("people:assign", kwargs=here), {"account": str(nok.ref)}, {}
    agreed = {"recipient": str(houses.theirs.ref), "tiers": ["names"], "purpose": "justice", "until": until,
              "language": "shn", "explained": "interpreter", "explained_by": str(houses.worker.account_ref),
              "agreed_by": "self", "evidence": "signed"}  # fmt: skip
    yield "worker", reverse("people:consent-give", kwargs=here), agreed, {}
    law = {**agreed, "purpose": "help", "ground": "order"}
    yield "supervisor", reverse("people:share-by-law", kwargs=here), law, {}
    picture = {"kind": "injury", "whole": "1", "file": SimpleUploadedFile("x.jpg", a_photograph())}
    yield "worker", reverse("people:photograph-add", kwargs=here), picture, sealed
    terms = {"agency": str(houses.ours.ref), "partner": str(houses.theirs.ref), "until": until, "a_day": "3"}
    yield "supervisor", reverse("people:agreements"), terms, {}
    lure = {"agency": str(houses.ours.ref), "name": "Zenobia Lurewell", "sex": "female", "year": "1990"}
    yield "supervisor", reverse("people:lure"), lure, {}
    hold = {"reason": "court", "review_on": until}
    yield "supervisor", reverse("people:hold", kwargs=here), hold, {"Subject": {"held", "held_at", "review_on"}}
    words = {"words": "Her brother works there, and she saw him."}
    against = {"who": str(houses.theirs.ref), "reason": "involved", **words}
    ended = {"Basis": {"ended_at"}}
    yield "supervisor", reverse("people:conflict-agency", kwargs=here), against, ended


def wrong_on(answer: Any) -> list[str]:
    """What the page says is wrong."""
    return re.findall(r'class="(?:errorlist|fault|wrong)[^>]*>.*?</', answer.content.decode(), re.DOTALL)


@pytest.mark.check("A-08")
def test_a_08_no_form_about_people_takes_what_does_not_stand_on_it(houses: TwoHouses, counted: Counted) -> None:
    first, second, _row = pair(houses)
    extra, n = every_field(houses), 0
    clients: dict[str, Client] = {"worker": comes(houses.worker), "supervisor": comes(houses.supervisor)}
    for who, path, form, may_change in forms(houses, first, second):
        before = rows()
        answer = clients[who].post(path, {**extra, **form})
        assert answer.status_code == 302, (path, answer.status_code, wrong_on(answer))
        columns, new = changed(before)
        for model, names in columns.items():
            assert names <= may_change.get(model, set()), (path, model, names)
        for row in new:
            _is_ours(houses, who, row, path)
        n += 1
    counted("forms about people", n, exact=True)


def _is_ours(houses: TwoHouses, who: str, row: dict[str, Any], path: str) -> None:
    """A new row is of the sender's agency and in her name, of this moment, and neither ended, confirmed nor led."""
    actor = getattr(houses, who)
    stranger = houses.theirs.ref
    allowed = {"recipient_ref", "partner_ref", "against_ref"}
    for name, value in row.items():
        if value == stranger:
            assert name in allowed, (path, row["of"], name)
        if isinstance(value, dt.datetime):
            assert abs(value - timezone.now()) < dt.timedelta(minutes=5), (path, row["of"], name)
        if name.endswith("by_ref") and value is not None:
            assert value == actor.account_ref, (path, row["of"], name)
    for name in ("ended_at", "signed_at", "withdrawn_at", "lifted_at", "led_by_id", "held"):
        assert not row.get(name), (path, row["of"], name)
    assert row.get("agency_ref", houses.ours.ref) == houses.ours.ref
    assert row.get("is_decoy", False) is (row["of"] == "Person" and path == reverse("people:lure"))
