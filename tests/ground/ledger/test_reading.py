"""Reading: the same rows as the rule says, page by page, in few statements, by the indexes that are there for it."""

import datetime as dt
import random
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from makers.ledger import NOW, somebody
from sarana.basics.actors import Actor, Grant
from sarana.basics.errors import Refused
from sarana.ground.ledger import actions, policy, queries
from sarana.ground.ledger.models import Entry
from sarana.ground.ledger.queries import Looks, lists

pytestmark = pytest.mark.django_db

AGENCIES = [UUID(int=number) for number in range(1, 4)]
WORKERS = [UUID(int=number) for number in range(11, 16)]
THINGS = [UUID(int=number) for number in range(21, 29)]
ACTS = ("ledger.opened", "accounts.role-given", "accounts.invited")
PURPOSES = ("", "service", "audit")


def officer(*agencies: UUID, now: dt.datetime = NOW) -> Actor:
    """The data-protection officer of these agencies, who is also a worker."""
    return Actor(WORKERS[0], now, tuple(Grant("data-protection-officer", ref) for ref in agencies), is_strong=True)


def much_was_done(n: int, seed: int = 1) -> None:
    """So many acts of all kinds, in a random order of agencies and nearly in the order of time."""
    dice = random.Random(seed)
    for number in range(n):
        agency = dice.choice(AGENCIES)
        at = NOW + dt.timedelta(hours=number, seconds=dice.randrange(7_000))
        actor = Actor(dice.choice(WORKERS), at, (Grant("case-worker", agency),), purpose=dice.choice(PURPOSES))
        actions.record(
            actor,
            dice.choice(ACTS),
            thing_kind="person",
            thing_ref=dice.choice(THINGS),
            owner_agency_ref=dice.choice([*AGENCIES, None]),
            result=dice.choice([Entry.Result.DONE] * 4 + [Entry.Result.REFUSED, Entry.Result.FAILED]),
        )


def some_looks(dice: random.Random) -> Looks:
    """Any combination of filters."""
    day = NOW + dt.timedelta(hours=dice.randrange(150))
    whole: dict[str, Any] = {
        "agency_ref": dice.choice(AGENCIES),
        "person_ref": dice.choice(WORKERS),
        "act": dice.choice(ACTS),
        "thing_ref": dice.choice(THINGS),
        "purpose": dice.choice(PURPOSES),
        "only_bad_ends": True,
        "from_on": day,
        "until_on": day + dt.timedelta(hours=dice.randrange(1, 60)),
    }
    return Looks(**{name: whole[name] for name in dice.sample(sorted(whole), dice.randrange(4))})


def wanted(actor: Actor, looks: Looks) -> list[UUID]:
    """What the rule and the filters say, without any of the ways in which the list is made quick."""
    rows = Entry.objects.filter(policy.openable_by(actor)).order_by("-id")
    return [
        row.ref
        for row in rows
        if looks.agency_ref in (None, row.agency_ref)
        and looks.person_ref in (None, row.actor_ref)
        and looks.act in ("", row.action)
        and looks.thing_ref in (None, row.thing_ref)
        and looks.purpose in ("", row.purpose)
        and (not looks.only_bad_ends or row.result != "done")
        and (looks.from_on is None or row.at >= looks.from_on)
        and (looks.until_on is None or row.at < looks.until_on)
    ]


def leafed(actor: Actor, looks: Looks, size: int) -> list[UUID]:
    """All pages one after another."""
    found: list[UUID] = []
    after = None
    for _page in range(1_000):
        page = queries.entries_for(actor, looks, after=after, size=size)
        found += [entry.ref for entry in page.entries]
        after = page.older
        if after is None:
            return found
    raise AssertionError("the list does not end")


@pytest.mark.parametrize("stretch", [3, 17, 20_000])
def test_the_pages_together_are_what_the_rule_and_the_filters_say(
    key_folder: Path, monkeypatch: pytest.MonkeyPatch, stretch: int
) -> None:
    monkeypatch.setattr(lists, "STRETCH", stretch)
    much_was_done(160)
    dice = random.Random(5)
    n_found = 0
    for _try in range(60):
        actor = officer(*dice.sample(AGENCIES, dice.randrange(3)))
        looks = some_looks(dice)
        found = leafed(actor, looks, dice.choice((1, 7, 50)))
        assert found == wanted(actor, looks), looks
        n_found += len(found)
    assert n_found > 200


def test_whoever_is_no_officer_reads_her_own_acts_and_no_others(key_folder: Path) -> None:
    much_was_done(40)
    worker = Actor(WORKERS[2], NOW, (Grant("case-worker", AGENCIES[0]),), is_strong=True)
    weak = Actor(WORKERS[2], NOW, (Grant("data-protection-officer", AGENCIES[0]),), is_strong=False)
    own = set(Entry.objects.filter(actor_ref=WORKERS[2]).values_list("ref", flat=True))
    assert own
    for actor in (worker, weak):
        assert set(leafed(actor, Looks(), 50)) == own
        assert {entry.ref for entry in queries.own_entries(actor).entries} == own
    other = Entry.objects.exclude(actor_ref=WORKERS[2]).values_list("ref", flat=True)[0]
    with pytest.raises(Entry.DoesNotExist):
        queries.get_entry(worker, other)


@pytest.mark.check("L-08")
@pytest.mark.parametrize(
    ("looks", "most"),
    [(Looks(), 3), (Looks(act=ACTS[0]), 6), (Looks(purpose="audit", from_on=NOW, until_on=NOW), 10)],
)
def test_a_page_costs_few_statements_however_long_the_list(key_folder: Path, looks: Looks, most: int) -> None:
    much_was_done(120)
    with CaptureQueriesContext(connection) as asked:
        queries.entries_for(officer(AGENCIES[0]), looks, size=5)
    assert len(asked) <= most
    with CaptureQueriesContext(connection) as asked:
        page = queries.entries_for(officer(AGENCIES[0]), looks, size=5)
        queries.entries_for(officer(AGENCIES[0]), looks, size=5, after=page.older or THINGS[0])
    assert len(asked) <= 2 * most + 2


@pytest.mark.parametrize(
    ("looks", "index"),
    [
        (Looks(), "ledger_by_agency"),
        (Looks(act=ACTS[1]), "ledger_by_act"),
        (Looks(only_bad_ends=True), "ledger_bad_ends"),
        (Looks(person_ref=WORKERS[1]), "ledger_by_actor"),
        (Looks(thing_ref=THINGS[1]), "ledger_by_thing"),
    ],
)
def test_each_filter_is_answered_by_its_index(key_folder: Path, looks: Looks, index: str) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL plans by the size of the table; the bench measures it there")
    much_was_done(30)
    with CaptureQueriesContext(connection) as asked:
        queries.entries_for(officer(AGENCIES[0]), looks)
    with connection.cursor() as cursor:
        plans = []
        for each in asked.captured_queries:
            cursor.execute(f"EXPLAIN QUERY PLAN {each['sql']}")
            plans.append(" ".join(row[3] for row in cursor.fetchall()))
    assert any(index in plan for plan in plans), plans
    assert not any("TEMP B-TREE" in plan or plan.startswith("SCAN") for plan in plans), plans


def test_an_access_report_names_roles_and_agencies_and_no_worker(key_folder: Path) -> None:
    ours, theirs = AGENCIES[:2]
    alice, bob = somebody(agency=ours), somebody("supervisor", agency=theirs)
    for actor, n in ((alice, 3), (bob, 2)):
        for _time in range(n):
            actions.record_opening(actor, "person", THINGS[0], owner_agency_ref=ours)
    actions.record_list(alice, "person", THINGS[:4], owner_agency_ref=ours)
    actions.record_list(alice, "person", THINGS[4:], owner_agency_ref=ours)
    actions.record_opening(alice, "person", THINGS[1], owner_agency_ref=ours)
    report = queries.access_report(officer(ours), THINGS[0])
    told = sorted((row.roles, row.agency_ref, row.action, row.n) for row in report)
    assert told == sorted(
        [
            ("case-worker", ours, "ledger.opened", 3),
            ("case-worker", ours, "ledger.list-opened", 1),
            ("supervisor", theirs, "ledger.opened", 2),
        ]
    )
    assert not {str(alice.account_ref), str(bob.account_ref)} & set(str(report).replace("'", " ").split())
    assert queries.access_report(officer(AGENCIES[2]), THINGS[0]) == []
    with pytest.raises(Refused, match="LEDGER-011"):
        queries.access_report(alice, THINGS[0])


def test_counts_by_worker_are_seen_by_herself_and_her_leader_only(key_folder: Path) -> None:
    ours, theirs = AGENCIES[:2]
    alice, bob, carol = somebody(agency=ours), somebody(agency=ours), somebody(agency=theirs)
    for actor in (alice, alice, bob, carol):
        actions.record_opening(actor, "person", THINGS[0])
    leader = somebody("supervisor", agency=ours)

    def seen(actor: Actor) -> set[tuple[UUID, int]]:
        return {(row.actor_ref, row.n_acts) for row in queries.counts_of_workers(actor)}

    assert seen(leader) == {(alice.account_ref, 2), (bob.account_ref, 1)}
    assert seen(alice) == {(alice.account_ref, 2)}
    for role in ("data-protection-officer", "organisation-administrator", "national-officer"):
        assert seen(somebody(role, agency=ours)) == set()


def test_the_standing_of_the_chain_counts_what_waits(key_folder: Path) -> None:
    much_was_done(3)
    standing = queries.standing_of_the_chain()
    assert (standing.n_waiting, standing.n_seals, standing.verification_key_lies_here) == (3, 0, True)
    assert standing.waiting_since == Entry.objects.order_by("id")[0].at
