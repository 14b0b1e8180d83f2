"""That a row is of somebody else becomes pairs: two others judge them, and nobody parts or joins people alone."""

import datetime as dt
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from learning.population.pairs.conftest import MEANS
from learning.population.pairs.test_queue import browser, for_linkage
from makers.agencies import a_person, acting, give, local
from makers.sittings import come_in
from sarana.basics.actors import Actor
from sarana.basics.references import new_ref
from sarana.ground.accounts.models import Account, Agency
from sarana.learning.population.models import Figure, Run
from sarana.learning.population.opened import queries as people
from sarana.learning.population.opened.actions import lay_out
from sarana.learning.population.opened.corrections import actions as corrections
from sarana.learning.population.opened.corrections.actions import Said
from sarana.learning.population.opened.models import Correction
from sarana.learning.population.pairs import actions, queries, waiting
from sarana.learning.population.pairs.filling import jobs
from sarana.learning.population.pairs.filling.actions import fill, note_filled
from sarana.learning.population.pairs.laying import Laid, lay_out_pairs, open_queue, read_pair
from sarana.learning.population.pairs.models import Judgement, Pair, Verdict
from sarana.learning.population.year import waiting as year_waiting

pytestmark = pytest.mark.django_db


@pytest.fixture
def cho(centre: Agency) -> Account:
    """She meets people where they live, and judges pairs beside."""
    account = a_person(centre, "outreach-worker", name="Cho")
    give(account, centre, "linkage-reviewer")
    return account


@pytest.fixture
def said(run: Run, cho: Account, folder: Path) -> tuple[Correction, people.Person]:
    """She wrote down that a row of somebody is of somebody else, and the operator laid pairs out since."""
    lay_out(local(), run.fingerprint, folder, MEANS)
    found = said_by(cho, run)
    assert queries.queues_to_fill() == [run.ref]
    fill(Actor.local(timezone.now()), run.fingerprint, folder, MEANS)
    assert queries.queues_to_fill() == []
    return found


def said_by(account: Account, run: Run) -> tuple[Correction, people.Person]:
    """She wrote down of the first person of two rows that one of them is of somebody else."""
    actor = acting(account, purpose="prevention", now=timezone.now())
    places = Figure.objects.filter(run=run, level="subdistrict", group="all")
    found = [(place, person) for place in places for person in people.people_of(actor, place)]
    place, person = next((place, person) for place, person in found if len(person.line["people"]) > 1)
    return corrections.record_correction(actor, place, person, Said("other-person", "person")), person


def upheld(run: Run, correction: Correction) -> None:
    keeper = acting(a_person(run.agency, "data-custodian"), purpose="own-request", now=timezone.now())
    corrections.settle(keeper, correction, outcome="upheld")


def verdicts() -> list[str]:
    return [row.verdict for row in queries.judged_in("TH50")]


def judged(account: Account, pair: Pair, verdict: Verdict) -> None:
    actions.open_pair(for_linkage(account), pair.ref)
    actions.judge(for_linkage(account), pair.ref, verdict)


def test_two_others_judge_the_rows_and_only_then_it_counts(
    run: Run, said: tuple[Correction, people.Person], cho: Account, ann: Account, ben: Account
) -> None:
    correction, person = said
    rows = {f"{row['source']}:{row['row_id']}" for row in person.line["people"]}
    asked = list(Pair.objects.filter(run=run, asked_by_ref=cho.ref).order_by("place"))
    assert [pair.place for pair in asked] == list(range(1, len(rows))), "first in the queue, and they reach all rows"
    contents = [read_pair(open_queue(run.ref, local().today), pair.ref) for pair in asked]
    assert {row for each in contents for row in (each.left, each.right)} == rows
    assert {(pair.needs, pair.sure) for pair in asked} == {(2, "")}
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM population_correction")
        stored = repr(cursor.fetchall())
    assert correction.rows_sealed
    assert not [row for row in rows if row in stored or row.partition(":")[2] in stored]
    # Whoever said so never meets the pair; one other's word alone changes nothing; two who agree part the rows.
    assert not set(asked) & set(queries.left_for(for_linkage(cho), run))
    with pytest.raises(Pair.DoesNotExist):
        actions.open_pair(for_linkage(cho), asked[0].ref)
    judged(ann, asked[0], Verdict.NOT_SAME)
    assert queries.judged_in("TH50") == []
    judged(ben, asked[0], Verdict.NOT_SAME)
    assert [row.verdict for row in queries.judged_in("TH50")] == ["not-same"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Pair.objects.filter(pk=asked[0].pk).update(needs=1)


def test_where_two_differ_or_the_custodian_says_no_nothing_is_parted(
    run: Run, said: tuple[Correction, people.Person], folder: Path, ann: Account, ben: Account
) -> None:
    correction, _person = said
    pair = Pair.objects.filter(run=run, asked_by_ref__isnull=False).order_by("place")[0]
    judged(ann, pair, Verdict.NOT_SAME)
    judged(ben, pair, Verdict.SAME)
    assert [row.verdict for row in queries.judged_in("TH50")] == ["cannot-say"]
    keeper = acting(a_person(run.agency, "data-custodian"), purpose="own-request", now=timezone.now())
    corrections.settle(keeper, correction, outcome="not-upheld")
    assert Correction.objects.get().rows_sealed is None
    fill(Actor.local(timezone.now()), run.fingerprint, folder, MEANS)
    asked: Any = Pair.objects.filter(run=run, asked_by_ref__isnull=False, place__gt=0)
    assert not asked.exists()
    assert [row.verdict for row in queries.judged_in("TH50")] == ["cannot-say"], "what was judged stays"


def test_none_of_those_who_said_so_counts_among_the_two_who_judge(
    run: Run, said: tuple[Correction, people.Person], folder: Path, centre: Agency, cho: Account
) -> None:
    """Dan judged before he said so himself, after Cho: his word does not count, nor does either of them judge anew."""
    correction, _person = said
    ann, ben = a_person(centre, "linkage-reviewer"), a_person(centre, "linkage-reviewer")
    dan = a_person(centre, "outreach-worker", name="Dan")
    give(dan, centre, "linkage-reviewer")
    was = Pair.objects.filter(run=run, asked_by_ref=cho.ref).order_by("place")[0]
    rows = {was.place: read_pair(open_queue(run.ref, local().today), was.ref).left}
    judged(dan, was, Verdict.NOT_SAME)
    upheld(run, correction)
    said_by(dan, run)
    fill(Actor.local(timezone.now()), run.fingerprint, folder, MEANS)
    pair = Pair.objects.filter(run=run, asked_by_ref__isnull=False, place__gt=0).order_by("place")[0]
    assert read_pair(open_queue(run.ref, local().today), pair.ref).left == rows[pair.place]
    for one in (cho, dan):
        with pytest.raises(Pair.DoesNotExist):
            actions.open_pair(for_linkage(one), pair.ref)
    judged(ann, pair, Verdict.NOT_SAME)
    assert verdicts() == []
    judged(ben, pair, Verdict.NOT_SAME)
    assert verdicts() == ["not-same"]
    # What two others said stands, though it is said once more, and cannot be made to count with one of them.
    fill(Actor.local(timezone.now()), run.fingerprint, folder, MEANS)
    assert (verdicts(), pair in queries.left_in(run)) == (["not-same"], False)


def test_what_was_judged_before_it_was_asked_for_counts_no_more(
    run: Run, folder: Path, cho: Account, ann: Account, ben: Account
) -> None:
    """She judged a pair of this person first, and then wrote down that a row is of somebody else."""
    lay_out(local(), run.fingerprint, folder, MEANS)
    correction, _person = said_by(cho, run)
    fill(Actor.local(timezone.now()), run.fingerprint, folder, MEANS)
    pair = Pair.objects.filter(run=run, asked_by_ref=cho.ref).order_by("place")[0]
    Pair.objects.filter(pk=pair.pk).update(asked_by_ref=None)  # as a pair in doubt lies in the queue
    Correction.objects.filter(pk=correction.pk).update(recorded_at=timezone.now())
    judged(cho, pair, Verdict.NOT_SAME)
    fill(Actor.local(timezone.now()), run.fingerprint, folder, MEANS)
    assert verdicts() == []
    asked = Pair.objects.filter(run=run, asked_by_ref=cho.ref).order_by("place")[0]
    judged(ann, asked, Verdict.NOT_SAME)
    assert verdicts() == []
    judged(ben, asked, Verdict.NOT_SAME)
    assert verdicts() == ["not-same"]


def test_a_pair_that_one_judged_stays_asked_for_and_none_goes_from_under_a_hand(
    run: Run, folder: Path, cho: Account, ann: Account, ben: Account
) -> None:
    lay_out(local(), run.fingerprint, folder, MEANS)
    open_now = queries.left_for(for_linkage(ben), run).filter(needs=1)[0]
    actions.open_pair(for_linkage(ben), open_now.ref)
    correction, _person = said_by(cho, run)
    fill(Actor.local(timezone.now()), run.fingerprint, folder, MEANS)
    actions.judge(for_linkage(ben), open_now.ref, Verdict.SAME)
    assert verdicts() == ["same"], "nothing that lay open was taken away"
    pair = Pair.objects.filter(run=run, asked_by_ref=cho.ref).order_by("place")[0]
    judged(ann, pair, Verdict.NOT_SAME)
    keeper = acting(a_person(run.agency, "data-custodian"), purpose="own-request", now=timezone.now())
    corrections.settle(keeper, correction, outcome="not-upheld")
    # It is in the queue for another reason, too: that it does not hold makes nobody's word alone count.
    note_filled(Actor.local(timezone.now()), run.ref, [Laid(pair.ref, 1, "", 1), Laid(open_now.ref, 2, "", 1)])
    assert verdicts() == ["same"]


@pytest.mark.parametrize("why", ["nobody settled it", "the source asked for its files"])
def test_rows_of_a_person_go_though_nobody_settles_what_was_said(
    run: Run, said: tuple[Correction, people.Person], why: str
) -> None:
    now = timezone.now()
    corrections.sweep_words(now + dt.timedelta(549))
    assert Correction.objects.get().rows_sealed
    assert queries.corrected_in("TH50")
    if why == "nobody settled it":
        corrections.sweep_words(now + dt.timedelta(551))
    else:
        Run.objects.filter(pk=run.pk).update(withdrawn_at=now, withdrawn_because=Run.Reason.SOURCE_ASKED)
        assert queries.corrected_in("TH50") == []
        corrections.sweep_words(now)
    assert Correction.objects.get().rows_sealed is None


def test_what_two_judged_is_not_asked_again_of_a_later_run_until_somebody_says_it_anew(
    run: Run, said: tuple[Correction, people.Person], folder: Path, ann: Account, ben: Account
) -> None:
    actor, shelf = for_linkage(ann), open_queue(run.ref, local().today)
    one = Pair.objects.filter(run=run, asked_by_ref__isnull=False).order_by("place")[0]
    plain = queries.left_for(actor, run).filter(needs=1)[0]
    rows = {pair: (found.left, found.right) for pair in (one, plain) if (found := read_pair(shelf, pair.ref))}
    judged(ann, one, Verdict.SAME)
    judged(ann, plain, Verdict.CANNOT_SAY)
    Judgement.objects.update(judged_at=timezone.now())

    def asked_of_the_next() -> set[tuple[str, str]]:
        """The same files once more, as the run of the year after, which was given nothing."""
        after = Run.objects.get(pk=run.pk)
        after.pk, after.ref, after.fingerprint, after.table_hash = None, new_ref(), new_ref().hex, new_ref().hex
        after.save(force_insert=True)
        before = queries.known_before(after.ref)
        laid = lay_out_pairs(after.ref, folder, MEANS, today=local().today, before=before)
        contents = [read_pair(open_queue(after.ref, local().today), each.ref) for each in laid]
        return {(each.left, each.right) for each in contents}

    asked = asked_of_the_next()
    assert [rows[pair] in asked for pair in (one, plain)] == [True, False], "one of two said something"
    judged(ben, one, Verdict.SAME)
    Judgement.objects.update(judged_at=timezone.now())
    assert rows[one] not in asked_of_the_next()
    assert sorted(verdicts()) == ["cannot-say", "same"], "what was judged holds"
    upheld(run, said[0])
    said_by(a_person(run.agency, "outreach-worker", name="Dan"), run)
    assert rows[one] in asked_of_the_next()


def test_an_operator_and_the_officer_are_told_what_waits_at_the_machine(
    run: Run, folder: Path, cho: Account, ann: Account
) -> None:
    operator, officer = (a_person(run.agency, role) for role in ("system-operator", "provincial-data-officer"))

    def told(account: Account) -> list[str]:
        actor = acting(account, now=timezone.now())
        found = [*waiting.lines(actor), *year_waiting.lines(actor)]
        return [str(each.what) for each in found if "TH50 wait" in str(each.what)]

    lay_out(local(), run.fingerprint, folder, MEANS)
    assert (told(operator), told(officer)) == ([], [])
    said_by(cho, run)
    lacking = "Corrections of TH50 wait: its queue of pairs has to be laid out"
    assert (told(operator), told(officer)) == ([lacking], [lacking])
    assert told(ann) == []
    fill(Actor.local(timezone.now()), run.fingerprint, folder, MEANS)
    assert (told(operator), told(officer)) == ([], [])
    judged(ann, queries.left_for(for_linkage(ann), run).filter(needs=1)[0], Verdict.SAME)
    assert told(operator) == ["What was judged of pairs of TH50 waits for the next run"]


def test_a_pair_that_leaves_the_queue_under_a_reviewers_eyes_ends_in_a_sentence(
    run: Run, ann: Account, ben: Account
) -> None:
    pair = queries.left_for(for_linkage(ann), run).filter(needs=1)[0]
    address = reverse("population:pair", args=[pair.ref])
    client = browser(ann)
    assert client.get(address).status_code == 200
    note_filled(Actor.local(timezone.now()), run.ref, [])
    assert not Pair.objects.filter(pk=pair.pk).exists()
    for answer in (
        client.post(address, {"verdict": "same"}),
        client.get(address),
        client.post(reverse("population:leave-pair", args=[pair.ref])),
    ):
        page = answer.content.decode()
        assert (answer.status_code, "the queue was laid out anew" in page) == (409, True), "POPULATION-115"
    # Whoever never had it open learns nothing of it.
    assert browser(ben).post(address, {"verdict": "same"}).status_code == 404


def test_a_queue_that_cannot_be_laid_out_stops_no_other(
    run: Run, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work: Any = SimpleNamespace(actor=local(), saving=lambda *_: nullcontext(), report=lambda *_: None)
    monkeypatch.setattr(jobs, "lacking", lambda: [(run.ref, tmp_path / "gone"), (run.ref, folder)])
    told = jobs._fill(work)
    assert (told["queues"], told["failed"]) == (1, 1)


def test_whoever_says_so_is_told_what_comes_of_it(run: Run, cho: Account, folder: Path) -> None:
    lay_out(local(), run.fingerprint, folder, MEANS)
    actor = acting(cho, purpose="prevention", now=timezone.now())
    places = Figure.objects.filter(run=run, level="subdistrict", group="all")
    found = {
        len(person.line["people"]): (place, person) for place in places for person in people.people_of(actor, place)
    }
    client = come_in(cho, purpose="prevention")
    for n_rows, words in ((1, "has one row only"), (2, "Only if both say")):
        place, person = found[n_rows]
        sent = {"kind": "other-person", "said_by": "person", "words": ""}
        page = client.post(reverse("population:person-correct", args=[place.ref, person.ref]), sent, follow=True)
        assert words in page.content.decode()
