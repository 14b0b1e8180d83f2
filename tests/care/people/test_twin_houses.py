"""Two houses that differ in nothing but hidden people give the very same answers, byte for byte, at every address.

The house is walked by whoever may not know of them before and after they come: the same names, papers and telephones,
relations, photographs, consents, emergencies, judgements and questions, of her own agency and of others.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from care.people.conftest import comes, typed
from care.people.finding.test_finding import enter
from care.people.same.test_same import compare
from makers.addresses import CHANGING, WORDS, addresses
from makers.agencies import a_person, acting
from makers.counted import Counted, shared_out
from makers.identities import TwoHouses, let_read
from makers.photographs import added, masked_of
from sarana.basics.actors import Actor
from sarana.care.people import actions
from sarana.care.people.actions import Facts
from sarana.care.people.asking import actions as asking
from sarana.care.people.asking import jobs as asking_jobs
from sarana.care.people.conflict.actions import Flag, flag
from sarana.care.people.conflict.models import Conflict
from sarana.care.people.emergency import actions as emergencies
from sarana.care.people.emergency.models import Emergency
from sarana.care.people.finding.actions.feeding import feed_at_once
from sarana.care.people.models import Likeness, Person, Relation
from sarana.care.people.same import actions as same
from sarana.care.people.same.models import Verdict
from sarana.care.people.values import BirthOf, Contact, DocumentOf, Names, Story, WayOf, checked_name
from sarana.ground.accounts.models import Agency

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pages_without_copies")]

NAME, NUMBER, PHONE, YEAR = "Malee Jaidee", "3100600445566", "0812345678", 1999
OWN_ACTS = frozenset({"desk:looked-mine", "desk:looked", "desk:looked-team", "desk:activity"})
"""Pages of what one did oneself: each walk adds to them."""

TIMES = re.compile(rb"\b\d{1,2}:\d{2}(?::\d{2})?\b|\?v=[0-9a-z]+|messages=[^;]+")


@dataclass(frozen=True)
class Known:
    """What she who walks may know of: people, and things about them."""

    agency: UUID
    people: tuple[Person, ...]
    refs: tuple[UUID, ...]
    agreement: UUID
    nok: Actor
    dara: Actor


def helping(agency: Agency, role: str, name: str) -> Actor:
    """Somebody more who helps in an agency."""
    return replace(acting(a_person(agency, role, name=name), now=timezone.localtime()), purpose="help")


def known(houses: TwoHouses) -> Known:
    """Two people whom everybody may open who helps here, with something of each kind; and an agreement to ask."""
    until = timezone.localdate() + dt.timedelta(60)
    agreed = asking.propose(houses.supervisor, houses.ours.ref, houses.theirs.ref, until=until, a_day=9)
    asking.sign(helping(houses.theirs, "supervisor", "Chief"), agreed.ref)
    nok, dara = helping(houses.ours, "case-worker", "Nok"), helping(houses.theirs, "case-worker", "Dara")
    first = enter(houses, f"{NAME} Seen", number="1-2345-67890-12-1", phone="0899999999", year=YEAR)
    second = enter(houses, "Somchai Rakthai", year=1980)
    relation = actions.relate(houses.worker, first.ref, second.ref, Relation.Kind.SIBLING)
    photograph = added(houses.worker, first.ref)
    masked = masked_of(houses.worker, photograph)
    basis = let_read(houses, first.ref)
    refs = (first.ref, second.ref, relation.ref, photograph.ref, masked.ref, basis.ref, agreed.ref)
    return Known(houses.ours.ref, (first, second), refs, agreed.ref, nok, dara)


def they_come(houses: TwoHouses, seen: Known, asker: Actor) -> list[Person]:
    """Hidden people of every kind, with ties to those whom she may know of."""
    first = Person.objects.get(ref=seen.people[0].ref)
    kept = {"number": NUMBER, "phone": PHONE, "year": YEAR}
    hidden = [enter(houses, NAME, "ลี", level=Person.Level.CLOSED, **kept) for _ in range(3)]
    for each in hidden:
        actions.assign(houses.worker, each.ref, houses.supervisor.account_ref)
        actions.relate(houses.worker, first.ref, each.ref, Relation.Kind.PARENT)
        masked_of(houses.worker, added(houses.worker, each.ref))
        if asker.agency_refs != {houses.theirs.ref}:
            let_read(houses, each.ref)
    compare()
    pks = {first.pk, hidden[0].pk}
    row = Likeness.objects.get(first__in=pks, second__in=pks)
    same.judge(houses.supervisor, row.ref, Verdict.SAME, leads=hidden[0].ref)
    guarded = enter(houses, NAME, level=Person.Level.PROTECTED)
    emergencies.open_somebody(
        seen.nok, guarded.code, Emergency.Reason.DANGER, "She is at the bus station with the man."
    )
    return [*hidden, guarded, *flagged(houses, asker, kept), *foreign(houses, seen, hidden[0])]


def flagged(houses: TwoHouses, asker: Actor, kept: dict[str, Any]) -> list[Person]:
    """Whom everybody may open who helps here, but for her who walks: she has a conflict of interest."""
    if houses.ours.ref not in asker.agency_refs:
        return []
    person = enter(houses, NAME, **kept)
    words = "Her brother works there, and she saw him."
    flag(houses.supervisor, person.ref, Flag(Conflict.Reason.INVOLVED, words, account=asker.account_ref))
    return [person]


def foreign(houses: TwoHouses, seen: Known, hidden: Person) -> list[Person]:
    """Somebody closed of another agency with the same name and number; that agency asks about her, and is asked."""
    dara = seen.dara
    names = Names((checked_name(NAME),), BirthOf(YEAR), (DocumentOf("national-id", NUMBER),))
    ways, closed = Contact((WayOf("phone", PHONE),)), Facts(level=Person.Level.CLOSED)
    theirs = actions.enter(dara, houses.theirs.ref, closed, names, ways, Story("x"))
    feed_at_once(houses.theirs.ref)
    now = dara.now
    for actor, person in ((dara, theirs), (replace(houses.worker, now=now), hidden)):
        asking.say_yes(actor, person.ref, seen.agreement, until=now.date() + dt.timedelta(30))
        asking.ask(actor, person.ref, seen.agreement)
    assert asking_jobs.look(Actor.local(now + dt.timedelta(hours=2))) == (2, 2)
    return [theirs]


def walked(client: Client, asker: Actor, seen: Known) -> Iterator[tuple[str, bytes]]:
    """Every address with everything that she may know of, and what she can ask by names, numbers and codes."""
    for address in addresses():
        if address.name in OWN_ACTS or address.name.startswith(("accounts:sign-out", "account_logout")):
            continue
        refs = list(seen.refs) if address.name.startswith(("people:", "desk:looked")) else [seen.refs[0]]
        if address.takes_references or address.name in WORDS or not address.arguments:
            for path in address.paths(refs):
                yield f"GET {address.name} {path}", told(client.get(path))
    for words in (NAME, "มาลี ใจดี", "jaidee", "ลี", NUMBER, PHONE, "Nobody Of-this-name"):
        form = {"agency": str(asker.grants[0].agency_ref), "words": words}
        yield f"search {words}", told(client.post(reverse("people:search"), form))
        more = {**form, "words": "", "number": NUMBER, "phone": PHONE}
        yield "search by number", told(client.post(reverse("people:search"), more))
    if seen.agency in asker.agency_refs:  # who is alike is shown before anybody is entered
        again = typed(
            names__0__text=f"{NAME} Seen", papers__0__number="1-2345-67890-12-1", papers__0__kind="national-id"
        )
        yield "new", told(client.post(reverse("people:new"), again))
    form = {"other": "SR-22222", "kind": "friend"}
    yield "relate", told(client.post(reverse("people:relate", args=[seen.people[0].ref]), form))
    for part in ("name", "contact", "story", "change-names"):
        yield part, told(client.post(reverse(f"people:{part}", args=[seen.people[0].ref])))


def told(answer: Any) -> bytes:
    """What a browser was given, without what differs by itself."""
    heads = sorted(f"{name}: {value}" for name, value in answer.headers.items() if name != "Content-Security-Policy")
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return TIMES.sub(b"", CHANGING.sub(b"", f"{answer.status_code} {heads}".encode() + body))


def asks(houses: TwoHouses, who: str) -> Actor:
    if who == "colleague":
        return replace(acting(a_person(houses.ours, "shelter", name="Colleague")), purpose="help")
    if who == "another agency":
        return houses.police
    return houses.outsider


@pytest.mark.check("A-03")
@pytest.mark.parametrize("who", shared_out(["colleague", "another agency", "outsider"]))
def test_a_03_hidden_people_change_no_answer_at_any_address(houses: TwoHouses, who: str, counted: Counted) -> None:
    seen, asker = known(houses), asks(houses, who)
    client = comes(asker)
    before = dict(walked(client, asker, seen))
    again = dict(walked(client, asker, seen))
    assert [path for path in before if again[path] != before[path]] == [], "the walk itself changes nothing"
    hidden = they_come(houses, seen, asker)
    after = dict(walked(client, asker, seen))
    assert before.keys() == after.keys()
    differing = [path for path, answer in before.items() if after[path] != answer]
    assert differing == []
    for answer in after.values():
        assert not any(each.code.encode() in answer or str(each.ref).encode() in answer for each in hidden)
    counted("answers compared", len(before), exact=True)
