"""Long work: done once, stopped, gone on with, taken over; nothing twice and nothing lost."""

import datetime as dt
import threading

import pytest
from django.db import OperationalError
from django.utils import timezone

from makers.agencies import a_person, acting, an_agency, local
from makers.work import PARTS, Trial, counted, not_yet, put_up, work
from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet, Refused
from sarana.ground.accounts.models import Account, Membership
from sarana.ground.jobs import actions, holding, queries, waiting, working
from sarana.ground.jobs.models import LEASE, Job, Receipt
from sarana.ground.ledger.models import Entry

pytestmark = pytest.mark.django_db
State = Job.State
WHOLE = [PARTS, PARTS]


class Cut(BaseException):
    """A worker that is killed here: nothing of it runs any more."""


@pytest.fixture
def trial(monkeypatch: pytest.MonkeyPatch) -> Trial:
    made = Trial()
    put_up(monkeypatch, made)
    return made


@pytest.fixture
def person() -> Account:
    return a_person(an_agency(), "data-custodian", name="Kim")


@pytest.fixture
def asker(person: Account) -> Actor:
    return acting(person, now=timezone.now())


def kept() -> Job:
    return Job.objects.get()


def lapse() -> None:
    """The minute in which a silent worker keeps its work goes by."""
    Job.objects.update(lease_until=timezone.now() - dt.timedelta(seconds=1))


def acts() -> list[str]:
    rows = Entry.objects.filter(action__startswith="jobs.").order_by("id")
    return [action.removeprefix("jobs.") for action in rows.values_list("action", flat=True)]


def test_work_is_done_step_by_step_with_receipts_and_lines(trial: Trial, asker: Actor) -> None:
    made = actions.ask(asker, "trial.count")
    assert work()
    assert not work(), "nothing waits any more"
    assert (kept().state, counted(), trial.began) == (State.DONE, WHOLE, [0, 1])
    assert [(receipt.number, receipt.counts) for receipt in Receipt.objects.order_by("number")] == [
        (0, {"parts": PARTS}),
        (1, {"parts": PARTS}),
    ]
    assert acts() == ["asked", "done"]
    lines = Entry.objects.filter(thing_ref=made.ref)
    assert {line.actor_ref for line in lines} == {asker.account_ref}


def test_the_same_work_is_not_asked_for_twice_and_other_things_are(trial: Trial, asker: Actor) -> None:
    actions.ask(asker, "trial.count")
    with pytest.raises(NotYet, match="JOBS-003"):
        actions.ask(asker, "trial.count")
    actions.ask(asker, "trial.count", {"thing": "other"})
    with pytest.raises(NotYet, match="JOBS-002"):
        actions.ask(asker, "trial.no-such")
    assert Job.objects.count() == 2


@pytest.mark.parametrize("step", [0, 1])
@pytest.mark.parametrize("part", range(PARTS))
def test_a_worker_that_is_killed_at_any_part_loses_and_doubles_nothing(
    trial: Trial, asker: Actor, step: int, part: int
) -> None:
    def cut(now: int, at: int) -> None:
        if (now, at) == (step, part):
            raise Cut

    actions.ask(asker, "trial.count")
    trial.at = cut
    with pytest.raises(Cut):
        work()
    assert counted() == [PARTS if step else part, part if step else 0]
    trial.at = lambda _step, _part: None
    assert not work(), "it is still held by the one that is gone"
    lapse()
    assert work()
    assert (kept().state, counted()) == (State.DONE, WHOLE)
    assert trial.began == [*range(step + 1), *range(step, 2)], "a step with a receipt is not begun again"
    assert acts() == ["asked", "done"]


def test_a_worker_that_wakes_up_after_it_was_taken_over_writes_nothing(
    trial: Trial, asker: Actor, caplog: pytest.LogCaptureFixture
) -> None:
    def sleep_while_another_works(step: int, part: int) -> None:
        if (step, part) == (0, 2):
            trial.at = lambda _step, _part: None
            lapse()
            assert work()

    actions.ask(asker, "trial.count")
    trial.at = sleep_while_another_works
    assert work()
    assert (kept().state, kept().fence, counted()) == (State.DONE, 2, WHOLE)
    assert {receipt.fence for receipt in Receipt.objects.all()} == {2}
    assert "JOBS-008" in caplog.text
    assert acts() == ["asked", "done"]


def test_what_is_stopped_stops_after_the_part_and_goes_on_from_there(trial: Trial, asker: Actor) -> None:
    made = actions.ask(asker, "trial.count")

    def stop(step: int, part: int) -> None:
        if (step, part) == (1, 3):
            actions.stop(asker, made)

    trial.at = stop
    work()
    assert (kept().state, counted()) == (State.STOPPED, [PARTS, 3])
    with pytest.raises(NotYet, match="JOBS-004"):
        actions.stop(asker, made)
    assert not work(), "stopped work is not taken"
    trial.at = lambda _step, _part: None
    actions.go_on(asker, made)
    with pytest.raises(NotYet, match="JOBS-005"):
        actions.go_on(asker, made)
    work()
    assert (kept().state, counted(), trial.began) == (State.DONE, WHOLE, [0, 1, 1])
    assert acts() == ["asked", "stop-asked", "stopped", "gone-on", "done"]


def test_work_that_waits_is_stopped_at_once_and_does_not_come_back_beside_another(trial: Trial, asker: Actor) -> None:
    first = actions.ask(asker, "trial.count")
    actions.stop(asker, first)
    second = actions.ask(asker, "trial.count")
    with pytest.raises(NotYet, match="JOBS-003"):
        actions.go_on(asker, first)
    work()
    second.refresh_from_db()
    assert (second.state, trial.began) == (State.DONE, [0, 1])


def test_a_worker_that_is_asked_to_end_gives_the_work_back_at_once(trial: Trial, asker: Actor) -> None:
    actions.ask(asker, "trial.count")
    ending = threading.Event()
    trial.at = lambda _step, part: ending.set() if part == 2 else None
    working.work_once(ending)
    assert (kept().state, counted()) == (State.RUNNING, [2, 0])
    trial.at = lambda _step, _part: None
    assert work(), "nobody waits for a lease to run out"
    assert (kept().state, counted()) == (State.DONE, WHOLE)


def test_an_error_with_a_cure_is_kept_and_the_work_can_be_gone_on_with(trial: Trial, asker: Actor) -> None:
    def fail(step: int, _part: int) -> None:
        if step == 1:
            raise not_yet("CODELISTS-009")

    made = actions.ask(asker, "trial.count")
    trial.at = fail
    work()
    assert (kept().state, kept().code, kept().cure) == (State.FAILED, "CODELISTS-009", "Do otherwise.")
    assert counted() == [PARTS, 0]
    assert [str(line.what) for line in waiting.lines(acting_now(asker))] == [
        "1 piece of your work did not come to its end"
    ]
    trial.at = lambda _step, _part: None
    actions.go_on(asker, made)
    work()
    assert (kept().state, kept().code, trial.began) == (State.DONE, "", [0, 1, 1])


def acting_now(actor: Actor) -> Actor:
    return Actor(actor.account_ref, timezone.now(), actor.grants, is_strong=True)


def test_our_own_mistake_fails_the_work_with_a_code_and_ends_no_worker(trial: Trial, asker: Actor) -> None:
    def break_down(_step: int, _part: int) -> None:
        raise ZeroDivisionError("a secret")

    actions.ask(asker, "trial.count")
    trial.at = break_down
    assert work()
    assert (kept().state, kept().code) == (State.FAILED, "COMMAND-001")
    assert "secret" not in kept().says


@pytest.mark.check("F-14")
def test_f_14_work_for_which_memory_is_short_fails_alone_and_keeps_what_was_done(
    trial: Trial, asker: Actor, person: Account
) -> None:
    def too_large(step: int, _part: int) -> None:
        if step == 1:
            bytearray(1 << 62)

    Account.objects.filter(pk=person.pk).update(language="th")
    actions.ask(asker, "trial.count", {"thing": "large"})
    trial.at = too_large
    assert work()
    assert (kept().state, kept().code, counted()) == (State.FAILED, "JOBS-009", [PARTS, 0])
    assert kept().says.startswith("เครื่อง"), "in the language of whoever asked"
    actions.ask(asker, "trial.count", {"thing": "other"})
    trial.at = lambda _step, _part: None
    assert work()
    assert Job.objects.latest("id").state == State.DONE


def test_trouble_of_the_database_is_waited_out_not_failed(
    trial: Trial, asker: Actor, caplog: pytest.LogCaptureFixture
) -> None:
    def trouble(_step: int, part: int) -> None:
        if part == 1:
            raise OperationalError("gone")

    actions.ask(asker, "trial.count")
    trial.at = trouble
    work()
    assert kept().state == State.RUNNING
    assert "JOBS-006" in caplog.text
    trial.at = lambda _step, _part: None
    lapse()
    work()
    assert (kept().state, counted()) == (State.DONE, WHOLE)


def test_work_that_kills_every_worker_has_failed_in_the_end(trial: Trial, asker: Actor) -> None:
    def cut(_step: int, _part: int) -> None:
        raise Cut

    actions.ask(asker, "trial.count")
    trial.at = cut
    for _ in range(holding.MOST_IDLE):
        with pytest.raises(Cut):
            work()
        lapse()
    assert work()
    assert (kept().state, kept().code) == (State.FAILED, "JOBS-007")


def test_a_stuck_one_is_seen_by_the_asker_and_the_operator_of_her_agency_only(
    trial: Trial, asker: Actor, person: Account
) -> None:
    agency = Membership.objects.get(account=person).agency
    operator = acting(a_person(agency, "system-operator", name="Op"), now=timezone.now())
    other = acting(a_person(an_agency("Else"), "system-operator", name="Else"), now=timezone.now())
    colleague = acting(a_person(agency, "case-worker", name="Col"), now=timezone.now())
    made = actions.ask(asker, "trial.count")
    holding.take("gone")
    assert not queries.stuck_for(acting_now(asker)).exists()
    lapse()
    for actor, sees in ((asker, True), (operator, True), (other, False), (colleague, False)):
        assert queries.stuck_for(acting_now(actor)).exists() is sees
        assert queries.jobs_for(actor).exists() is sees
        assert bool(list(waiting.lines(acting_now(actor)))) is sees
    with pytest.raises(Refused, match="JOBS-001"):
        actions.stop(colleague, made)
    with pytest.raises(Refused, match="JOBS-001"):
        actions.go_on(other, made)
    actions.stop(operator, made)
    assert kept().stop_asked_at is not None


def test_whoever_lost_her_right_meanwhile_gets_nothing_done(trial: Trial, asker: Actor) -> None:
    actions.ask(asker, "trial.count")
    trial.may = False
    work()
    assert (kept().state, kept().code, counted()) == (State.FAILED, "POLICY-005", [0, 0])


def test_the_operator_s_work_runs_as_the_operator_s(trial: Trial) -> None:
    made = actions.ask(local(timezone.now()), "trial.count")
    work()
    assert kept().state == State.DONE
    assert Entry.objects.get(thing_ref=made.ref, action="jobs.done").actor_ref.int == 0


def test_how_long_it_still_takes_is_reckoned_from_what_this_try_did() -> None:
    now = timezone.now()
    job = Job(state=State.RUNNING, done=60, done_before=20, total=100, step_began_at=now - dt.timedelta(seconds=80))
    assert job.seconds_left(now) == 80
    job.done = 20
    assert job.seconds_left(now) is None
    assert dt.timedelta(minutes=1) == LEASE
