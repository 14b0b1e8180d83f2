"""The page of the keys of an agency: what stands there, who changes them, and that others work on meanwhile."""

import datetime as dt
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, connections
from django.test import Client
from django.utils import timezone

from makers.agencies import a_person, give
from makers.identities import ALL, TwoHouses, keys_that_open, somebody, two_houses
from makers.sittings import come_in
from makers.work import work
from sarana.ground.accounts.models import Account
from sarana.ground.jobs import actions as jobs
from sarana.ground.jobs import holding
from sarana.ground.jobs.models import Job
from sarana.ground.ledger.models import Entry
from sarana.ground.vault import places, waiting
from sarana.ground.vault.identities.actions import turning
from sarana.ground.vault.identities.actions.erasing import erase
from sarana.ground.vault.identities.actions.sealing import open_tiers, seal
from sarana.ground.vault.identities.models import Erased, Subject
from sarana.methods.sealing.agencies import KEPT_DAYS
from sarana.methods.sealing.identities import Tier

pytestmark = pytest.mark.django_db
PAGE = "/settings/keys/"
PEOPLE = 9


class Cut(BaseException):
    """A worker that is killed here: nothing of it runs any more."""


@pytest.fixture
def houses(tmp_path: Any, settings: Any, db: None) -> TwoHouses:
    keys_that_open(tmp_path, settings)
    return two_houses(timezone.localtime())


def custodian(houses: TwoHouses) -> Client:
    return come_in(Account.objects.get(ref=houses.custodian.account_ref))


def text(client: Client) -> str:
    return client.get(PAGE).content.decode()


def asks(houses: TwoHouses) -> str:
    """The custodian asks for new keys; gives the page of the work."""
    answer = custodian(houses).post(f"{PAGE}{houses.ours.ref}/change/")
    assert answer.status_code == 302, answer.content
    return str(answer["Location"])


def lapse() -> None:
    """The minute in which a silent worker keeps its work goes by."""
    Job.objects.update(lease_until=timezone.now() - dt.timedelta(seconds=1))


def newest(houses: TwoHouses) -> int:
    file = places.store().find_agency_file(str(houses.ours.ref))
    assert file is not None
    return file.newest


def test_it_tells_in_plain_words_since_when_and_how_many_and_the_button_changes_them(houses: TwoHouses) -> None:
    client = custodian(houses)
    assert "There are none yet" in text(client)
    for _ in range(2):
        somebody(houses)
    page = text(client)
    assert "Baan Rak shelter" in page
    assert "Change them now" in page
    assert PAGE in client.get("/settings/").content.decode()
    leads = asks(houses)
    assert leads in text(client)
    assert "Change them now" not in text(client), "work on them waits already"
    assert work()
    assert Job.objects.get().state == Job.State.DONE
    page, day = text(client), dt.date.today() + dt.timedelta(KEPT_DAYS)  # noqa: DTZ011  # as the page says it
    assert "by themselves, after" in page
    assert str(day.year) in page
    for word in ("vault", "wrap", "epoch", "keyset"):
        assert word not in page.lower(), word
    assert [line.n_things for line in Entry.objects.filter(action="vault.agency-keys-turned")] == [2]


def test_it_says_when_they_are_due_and_when_a_change_was_cut_short(
    houses: TwoHouses, monkeypatch: pytest.MonkeyPatch
) -> None:
    somebody(houses)
    assert "ninety days: change them" not in text(custodian(houses))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sarana.ground.vault.identities.standing.EPOCH_DAYS", 0)
        assert "ninety days: change them" in text(custodian(houses))
    old = replace(houses.custodian, now=houses.custodian.now + dt.timedelta(days=90))
    assert [line.address for line in waiting.lines(old)] == ["desk:keys"]
    early = replace(old, now=old.now - dt.timedelta(days=1))
    for actor in (early, replace(houses.supervisor, now=old.now)):
        assert list(waiting.lines(actor)) == []
    asks(houses)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(turning, "_exchange", _cut)
        with pytest.raises(Cut):
            work()
    Job.objects.update(state=Job.State.STOPPED, lease_until=None)
    page = text(custodian(houses))
    assert "did not come to its end" in page
    assert "not while something needs them" in page


def test_who_was_erased_asks_for_new_keys_until_they_are_changed(houses: TwoHouses) -> None:
    """With an older backup the keys of today open whoever was erased: the custodian is asked on Today within a week."""
    somebody(houses)
    assert list(waiting.lines(houses.custodian)) == []
    for _ in range(2):
        erase(houses.supervisor, somebody(houses), reason=Erased.Reason.OWN_REQUEST)
    line, *others = waiting.lines(houses.custodian)
    assert (line.what, line.address, others) == (
        "An older backup still opens 2 people who were erased",
        "desk:keys",
        [],
    )
    assert line.until == houses.supervisor.now.astimezone(dt.UTC).date() + waiting.WITHIN
    assert "older backup still opens 2 people who were erased" in text(custodian(houses))
    their_custodian = replace(
        houses.custodian, grants=(replace(houses.custodian.grants[0], agency_ref=houses.theirs.ref),)
    )
    for actor in (houses.supervisor, houses.worker, their_custodian):
        assert list(waiting.lines(actor)) == []
    later = replace(houses.custodian, now=timezone.localtime())
    turning.rotate(later, agency=houses.ours.ref)
    assert list(waiting.lines(later)) == []
    assert "who were erased" not in text(custodian(houses))


def _cut(*_args: object) -> int:
    raise Cut


def test_keys_that_open_for_a_person_alone_are_changed_at_the_machine(houses: TwoHouses, settings: Any) -> None:
    somebody(houses)
    settings.SARANA_KEYFILE = "/nowhere/open.key"
    page = text(custodian(houses))
    assert "Change them now" not in page
    assert "changed at the machine" in page


def test_nobody_but_the_custodian_of_that_very_agency_sees_or_changes_them(houses: TwoHouses) -> None:
    somebody(houses)
    for role in ("supervisor", "case-worker", "system-operator", "data-protection-officer"):
        client = come_in(a_person(houses.ours, role, name=role))
        answer = client.get(PAGE)
        assert answer.status_code == 403
        assert "VAULT-094" in answer.content.decode()
        assert client.post(f"{PAGE}{houses.ours.ref}/change/").status_code == 403
        assert PAGE not in client.get("/settings/").content.decode()
    client = custodian(houses)
    assert "Police unit" not in text(client)
    for ref in (houses.theirs.ref, uuid4()):
        assert client.post(f"{PAGE}{ref}/change/").status_code == 404
    assert "VAULT-095" in client.post("/jobs/ask/", {"kind": "vault.turn-keys"}, follow=True).content.decode()
    assert not Job.objects.exists()


def test_who_lost_the_role_before_the_work_began_changes_nothing(houses: TwoHouses) -> None:
    somebody(houses)
    asks(houses)
    Account.objects.get(ref=houses.custodian.account_ref).memberships.update(ended_at=timezone.now())
    before = newest(houses)
    assert work()
    assert (Job.objects.get().state, newest(houses)) == (Job.State.FAILED, before)


def test_a_custodian_of_two_agencies_sees_both(houses: TwoHouses) -> None:
    person = Account.objects.get(ref=houses.custodian.account_ref)
    give(person, houses.theirs, "data-custodian")
    page = text(come_in(person))
    assert "Baan Rak shelter" in page
    assert "Police unit" in page


def saves_and_opens(houses: TwoHouses, refs: list[UUID], number: int) -> None:
    """A case worker saves the story of one person and opens all others."""
    ref, story = refs[number % len(refs)], {"text": f"told the {number}. time"}
    version = open_tiers(houses.worker, ref, Tier)[Tier.STORY].version
    seal(houses.worker, ref, {Tier.STORY: story}, versions={Tier.STORY: version})
    assert open_tiers(houses.worker, ref, Tier)[Tier.STORY].values == story
    assert all(set(open_tiers(houses.worker, each, Tier)) == set(ALL) for each in refs)


def meanwhile(patch: pytest.MonkeyPatch, do: Callable[[int], None]) -> None:
    """After every batch of the work, which is of two people, somebody does something; and so often is it told."""
    calls: list[int] = []

    def report(held: holding.Held, done: int, total: int, what: str) -> None:
        calls.append(1)
        do(len(calls))
        held.told_at = 0
        kept(held, done, total, what)

    kept = holding.Held.report
    patch.setattr(holding.Held, "report", report)
    patch.setattr(turning, "BATCH", 2)


def test_others_open_and_save_between_all_parts_and_a_killed_worker_is_followed_by_another(
    houses: TwoHouses, monkeypatch: pytest.MonkeyPatch
) -> None:
    refs = [somebody(houses) for _ in range(PEOPLE)]
    told: list[tuple[int, int]] = []

    def do(number: int) -> None:
        saves_and_opens(houses, refs, number)
        told.append(Job.objects.values_list("done", "total").get())
        if number == 4:
            raise Cut

    meanwhile(monkeypatch, do)
    asks(houses)
    with pytest.raises(Cut):
        work()
    lapse()
    assert work()
    job = Job.objects.get()
    assert (job.state, job.fence) == (Job.State.DONE, 2)
    assert len(told) > 5
    assert any(0 < done < total for done, total in told), "how far it is stands on its page"
    assert set(Subject.objects.values_list("epoch", flat=True)) == {newest(houses)}
    assert all(set(open_tiers(houses.worker, ref, Tier)) == set(ALL) for ref in refs)


def test_work_that_was_stopped_goes_on_with_what_is_left(houses: TwoHouses, monkeypatch: pytest.MonkeyPatch) -> None:
    refs = [somebody(houses) for _ in range(PEOPLE)]
    asks(houses)
    meanwhile(
        monkeypatch,
        lambda number: (
            jobs.stop(houses.custodian, Job.objects.select_related("agency", "account").get()) if number == 2 else None
        ),
    )
    assert work()
    assert Job.objects.get().state == Job.State.STOPPED
    left = Subject.objects.exclude(epoch=newest(houses)).count()
    assert 0 < left < PEOPLE
    jobs.go_on(houses.custodian, Job.objects.select_related("agency", "account").get())
    assert work()
    assert Job.objects.get().receipts.get().counts == {"sealed": left}
    assert all(set(open_tiers(houses.worker, ref, Tier)) == set(ALL) for ref in refs)


@pytest.mark.django_db(transaction=True)
def test_on_postgresql_somebody_works_in_the_same_moment_over_a_connection_of_her_own(
    houses: TwoHouses, monkeypatch: pytest.MonkeyPatch
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("the tests' SQLite is in memory; killed_while_turning does this on a file")
    refs = [somebody(houses) for _ in range(40)]
    monkeypatch.setattr(turning, "BATCH", 2)
    asks(houses)
    ended, faults = threading.Event(), []

    def works() -> None:
        try:
            work()
        except BaseException as err:  # told below
            faults.append(err)
        finally:
            ended.set()
            connections.close_all()

    thread = threading.Thread(target=works)
    thread.start()
    number = 0
    while not ended.is_set() or number < 3:
        saves_and_opens(houses, refs[:5], number)
        number += 1
    thread.join()
    assert faults == []
    assert Job.objects.get().state == Job.State.DONE
    assert set(Subject.objects.values_list("epoch", flat=True)) == {newest(houses)}
    assert all(set(open_tiers(houses.worker, ref, Tier)) == set(ALL) for ref in refs)
