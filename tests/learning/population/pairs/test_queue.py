"""The queue of pairs: who opens it, what lies where, two people at one pair, decisions on many, taking back."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from learning.population.pairs.conftest import MEANS, PURPOSE
from makers.agencies import NOW, a_person, acting, an_agency, local
from makers.sittings import come_in
from makers.vaults import Place
from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet, Refused
from sarana.ground.accounts.models import Account, Agency
from sarana.ground.ledger.models import Entry
from sarana.learning.population.models import Run
from sarana.learning.population.opened.models import Correction
from sarana.learning.population.opened.objections.marks import mark_of
from sarana.learning.population.opened.policy import SHUT_TO_PEOPLE
from sarana.learning.population.pairs import actions, policy, queries
from sarana.learning.population.pairs.filling.actions import fill
from sarana.learning.population.pairs.keeping import open_rows
from sarana.learning.population.pairs.laying import open_queue, read_pair
from sarana.learning.population.pairs.models import Batch, Judgement, Pair, Verdict
from sarana.methods.questions.pairs import HIDDEN, masked_ids

pytestmark = pytest.mark.django_db


def for_linkage(account: Account, *, minutes: int = 0) -> Actor:
    return acting(account, purpose=PURPOSE, now=NOW + dt.timedelta(minutes=minutes))


def first(actor: Actor, run: Run, **known: Any) -> Pair:
    return queries.left_for(actor, run).filter(**known)[0]


def browser(account: Account) -> Any:
    return come_in(account, purpose=PURPOSE)


def stored() -> str:
    rows: list[Any] = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            rows += cursor.fetchall()
    return repr(rows)


def code_of(refused: pytest.ExceptionInfo[Any]) -> str:
    return str(refused.value.code)


@pytest.mark.parametrize(
    ("role", "kind", "purpose", "code"),
    [
        ("linkage-reviewer", Agency.Kind.PROVINCIAL_CENTRE, PURPOSE, ""),
        ("linkage-reviewer", Agency.Kind.PROVINCIAL_CENTRE, "", "POPULATION-111"),
        ("linkage-reviewer", Agency.Kind.HEALTH, PURPOSE, ""),
        *(("linkage-reviewer", kind, PURPOSE, "POPULATION-110") for kind in sorted(SHUT_TO_PEOPLE)),
        ("case-worker", Agency.Kind.SOCIAL_WELFARE, PURPOSE, "POPULATION-110"),
        ("provincial-data-officer", Agency.Kind.PROVINCIAL_CENTRE, PURPOSE, "POPULATION-110"),
        ("data-custodian", Agency.Kind.PROVINCIAL_CENTRE, PURPOSE, "POPULATION-110"),
        ("outreach-worker", Agency.Kind.PROVINCIAL_CENTRE, PURPOSE, "POPULATION-110"),
    ],
)
def test_only_reviewers_of_the_province_open_a_pair_and_only_for_that_purpose(
    run: Run, role: str, kind: str, purpose: str, code: str
) -> None:
    agency = an_agency("Other", kind=Agency.Kind(kind))
    actor = acting(a_person(agency, role), purpose=purpose)
    ref = Pair.objects.filter(run=run)[0].ref
    if code:
        with pytest.raises((Refused, NotYet)) as refused:
            actions.open_pair(actor, ref)
        assert code_of(refused) == code
        assert not Entry.objects.filter(action=queries.OPENED).exists()
    else:
        assert actions.open_pair(actor, ref).content
        assert Entry.objects.get(action=queries.OPENED).purpose == PURPOSE
        weak = acting(a_person(agency, role), purpose=purpose, is_strong=False)
        with pytest.raises(Refused):
            queries.queues_for(weak)
        elsewhere = a_person(an_agency("Far"), role)
        Agency.objects.filter(name="Far").update(areas=["TH57"])
        with pytest.raises(Pair.DoesNotExist):
            actions.open_pair(acting(elsewhere, purpose=purpose), ref)


def test_of_the_people_in_a_pair_nothing_stands_in_the_database_and_the_next_run_can_read_which_rows_were_meant(
    run: Run, ann: Account
) -> None:
    actor = for_linkage(ann)
    pair = first(actor, run)
    content = actions.open_pair(actor, pair.ref).content
    actions.judge(actor, pair.ref, Verdict.SAME)
    [opened] = open_rows(queries.judged_in("TH50"))
    assert (opened.rows, opened.verdict) == ((content.left, content.right), "same")
    everything = stored()
    shelf = open_queue(run.ref, actor.today)
    told = set()
    for each in Pair.objects.filter(run=run):
        found = read_pair(shelf, each.ref)
        told |= {found.left.partition(":")[2], found.right.partition(":")[2]}
        told |= {name for record in found.records for name in (record.given, record.family) if name}
        assert all(HIDDEN in (record.id or HIDDEN) for record in found.records)
    assert len(told) > 20
    assert not [word for word in told if f"'{word}'" in everything]
    files = [path for path in shelf.folder.rglob("pairs/*") if path.is_file()]
    assert len(files) == Pair.objects.filter(run=run).count()
    # Of fewer bytes a word may stand in sealed bytes by chance.
    long = [word.encode() for word in told if len(word.encode()) > 5]
    assert len(long) > 20
    assert not [word for word in long if any(word in file.read_bytes() for file in files)]


def test_a_pair_belongs_to_whoever_opened_it_and_a_second_answer_is_refused_in_words(
    run: Run, ann: Account, ben: Account
) -> None:
    one, other = browser(ann), browser(ben)
    pair = Pair.objects.filter(run=run, needs=1).order_by("place")[0]
    address = reverse("population:pair", args=[pair.ref])
    assert one.get(address).status_code == 200
    page = other.get(address)
    assert (page.status_code, "Somebody else is looking at this pair" in page.content.decode()) == (409, True)
    assert other.post(address, {"verdict": "same"}).status_code == 409
    assert one.post(address, {"verdict": "nothing"}).status_code == 422
    assert [one.post(address, {"verdict": "not-same"}).status_code for _again in range(2)] == [302, 302]
    late = other.post(address, {"verdict": "same"})
    assert (late.status_code, "You wanted to say: same person" in late.content.decode()) == (409, True)
    assert [row.verdict for row in Judgement.objects.all()] == ["not-same"]
    assert Entry.objects.filter(action="population.pair-judged").count() == 1
    # The next one that Ben is led to is not hers, and nobody judges what she did not open.
    assert one.post(reverse("population:next-pair", args=[run.ref])).status_code == 302
    untouched = first(for_linkage(ben), run)
    with pytest.raises(NotYet) as refused:
        actions.judge(for_linkage(ben), untouched.ref, Verdict.SAME)
    assert code_of(refused) == "POPULATION-116"


def test_a_pair_is_free_again_when_it_was_left_or_the_time_is_over(run: Run, ann: Account, ben: Account) -> None:
    pair = first(for_linkage(ann), run, needs=1)
    actions.open_pair(for_linkage(ann), pair.ref)
    assert pair not in queries.left_for(for_linkage(ben), run)
    actions.leave_pair(for_linkage(ann), pair.ref)
    assert pair in queries.left_for(for_linkage(ben), run)
    actions.open_pair(for_linkage(ann), pair.ref)
    actions.open_pair(for_linkage(ben, minutes=11), pair.ref)
    with pytest.raises(NotYet) as refused:
        actions.judge(for_linkage(ann, minutes=12), pair.ref, Verdict.SAME)
    assert code_of(refused) == "POPULATION-112"
    actions.judge(for_linkage(ben, minutes=12), pair.ref, Verdict.NOT_SAME)
    with pytest.raises(NotYet) as refused:
        actions.judge(for_linkage(ann, minutes=13), pair.ref, Verdict.SAME)
    assert code_of(refused) == "POPULATION-113"


def test_some_pairs_go_to_two_people_and_where_they_differ_nobody_can_say(run: Run, ann: Account, ben: Account) -> None:
    pairs = list(Pair.objects.filter(run=run, needs=2).order_by("place"))
    assert pairs
    for account, verdict in ((ann, Verdict.SAME), (ben, Verdict.NOT_SAME)):
        actions.open_pair(for_linkage(account), pairs[0].ref)
        actions.judge(for_linkage(account), pairs[0].ref, verdict)
        assert pairs[0] not in queries.left_for(for_linkage(account), run)
    assert queries.agreement_in(run) == queries.Agreement(1, 0)
    assert [row.verdict for row in queries.judged_in("TH50")] == ["cannot-say"]
    assert pairs[0] not in queries.left_in(run)
    take_back(for_linkage(ann))
    assert [row.verdict for row in queries.judged_in("TH50")] == ["not-same"]
    assert pairs[0] in queries.left_for(for_linkage(ann), run)


def take_back(actor: Actor) -> None:
    last = queries.last_of(actor)
    assert last is not None
    actions.take_back_last(actor, str(last.ref))


def test_an_answer_is_taken_back_and_stays_written(run: Run, ann: Account, ben: Account) -> None:
    client = browser(ann)
    pair = first(for_linkage(ann), run, needs=1)
    address = reverse("population:pair", args=[pair.ref])
    assert client.get(address).status_code == 200
    assert client.post(address, {"verdict": "cannot-say"}).status_code == 302
    said = {"judgement": str(Judgement.objects.get().ref)}
    assert browser(ben).post(reverse("population:take-back-pair"), said).status_code == 409, "not his"
    assert said["judgement"] in client.get(reverse("population:pairs")).content.decode()
    back = client.post(reverse("population:take-back-pair"), said)
    assert (back.status_code, back["Location"]) == (302, address)
    assert Judgement.objects.get().undone_at is not None
    assert not queries.judged_in("TH50")
    assert client.post(address, {"verdict": "same"}).status_code == 302
    assert sorted(Judgement.objects.values_list("verdict", flat=True)) == ["cannot-say", "same"]
    said = {"judgement": str(Judgement.objects.get(verdict="same").ref)}
    assert client.post(reverse("population:take-back-pair"), said).status_code == 302
    again = client.post(reverse("population:take-back-pair"), said)
    assert (again.status_code, "POPULATION-118" in again.content.decode()) == (409, True)
    acts = Entry.objects.filter(action="population.judgement-taken-back")
    assert (acts.count(), {entry.thing_ref for entry in acts}) == (2, {pair.ref})


def test_sure_ones_are_decided_together_after_looking_and_taken_back_whole(run: Run, ann: Account) -> None:
    kind = Pair.objects.filter(run=run).exclude(sure="").values_list("sure", flat=True)[0]
    n = Pair.objects.filter(run=run, sure=kind).count()
    client, address = browser(ann), f"{reverse('population:sure-pairs', args=[run.ref])}?kind={kind}"
    blind = client.post(address, {"n": str(n), "step": "do"})
    assert (blind.status_code, "POPULATION-116" in blind.content.decode()) == (409, True)
    page = client.get(address)
    sent = {"n": str(n), "seen": page.context["seen"], "step": "do"}
    assert Entry.objects.get(action=queries.SAMPLED[Verdict(kind)]).n_things == min(n, queries.N_SAMPLES)
    assert client.post(address, {"n": str(n)}).status_code == 200
    assert not Judgement.objects.exists(), "it is asked once more"
    more = client.post(address, {**sent, "seen": "0" * 64})
    assert (more.status_code, "POPULATION-117" in more.content.decode()) == (409, True)
    assert client.post(address, sent).status_code == 302
    assert client.post(address, sent).status_code == 409, "a double click decides once"
    assert {row.verdict for row in Judgement.objects.all()} == {kind}
    assert Entry.objects.get(action="population.pairs-decided").n_things == n
    assert not queries.left_in(run).filter(sure=kind).exists()
    assert client.post(reverse("population:take-back-pairs", args=[Batch.objects.get().ref])).status_code == 302
    assert queries.left_in(run).filter(sure=kind).count() == n
    assert Judgement.objects.count() == n
    assert Entry.objects.get(action="population.pairs-taken-back").n_things == n


def test_nobody_opens_more_than_the_days_number(run: Run, ann: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policy, "MOST_A_DAY", 2)
    pairs = list(queries.left_for(for_linkage(ann), run)[:3])
    for pair in (*pairs[:2], pairs[0]):
        actions.open_pair(for_linkage(ann), pair.ref)
    with pytest.raises(Refused) as refused:
        actions.open_pair(for_linkage(ann), pairs[2].ref)
    assert code_of(refused) == "POPULATION-114"
    actions.open_pair(for_linkage(ann, minutes=24 * 60), pairs[2].ref)


def test_a_queue_laid_out_anew_keeps_what_was_judged(run: Run, ann: Account, folder: Path) -> None:
    actor = for_linkage(ann)
    done, taken_back, *_rest = queries.left_for(actor, run).filter(needs=1)
    for pair in (done, taken_back):
        actions.open_pair(actor, pair.ref)
        actions.judge(actor, pair.ref, Verdict.CANNOT_SAY)
    take_back(actor)
    n = queries.left_in(run).count()
    assert fill(local(), run.fingerprint, folder, MEANS) == n + 1
    assert queries.left_in(run).count() == n
    assert taken_back in queries.left_in(run)
    assert done not in queries.left_in(run)
    assert actions.open_pair(actor, taken_back.ref).content.evidence
    # What lies there no more is said so, and a run that is not shown has no queue.
    shelf = open_queue(run.ref, actor.today)
    shelf.drop(f"pairs/{taken_back.ref.hex}")
    gone = browser(ann).get(reverse("population:pair", args=[taken_back.ref]))
    assert (gone.status_code, "the queue was laid out anew" in gone.content.decode()) == (409, True), "POPULATION-115"
    with pytest.raises(NotYet) as refused:
        fill(local(), "0" * 64, folder, MEANS)
    assert code_of(refused) == "POPULATION-119"


def test_whoever_objected_is_shown_to_no_reviewer_and_stands_in_no_queue_laid_out_later(
    run: Run, ann: Account, folder: Path
) -> None:
    actor = for_linkage(ann)
    pair, other = queries.left_for(actor, run)[:2]
    content = read_pair(open_queue(run.ref, actor.today), pair.ref)
    source, _colon, row_id = content.right.partition(":")
    Correction.objects.create(
        run=run, agency=run.agency, area="TH570101", person_ref=run.ref, marks=[mark_of(source, row_id)],
        kind=Correction.Kind.OBJECTION, said_by=Correction.By.PERSON, place_ref=run.ref, recorded_at=NOW,
        recorded_by_ref=ann.ref,
    )  # fmt: skip
    shown = browser(ann).get(reverse("population:pair", args=[pair.ref]))
    assert (shown.status_code, shown["Location"]) == (302, reverse("population:pair", args=[other.ref]))
    assert pair not in queries.left_in(run)
    assert Entry.objects.filter(action="population.pair-set-aside").count() == 1
    assert not Entry.objects.filter(action=queries.OPENED, thing_ref=pair.ref).exists()
    fill(local(), run.fingerprint, folder, MEANS)
    shelf = open_queue(run.ref, actor.today)
    laid = [read_pair(shelf, each.ref) for each in queries.left_in(run)]
    assert laid
    assert content.right not in {row for each in laid for row in (each.left, each.right)}
    # Under another key nobody can tell who objected: then nobody is shown.
    Correction.objects.update(key_check="another!")
    waiting = queries.left_for(actor, run)[0]
    refused = browser(ann).get(reverse("population:pair", args=[waiting.ref]))
    assert (refused.status_code, "POPULATION-100" in refused.content.decode()) == (409, True)


def test_a_closed_run_and_an_empty_queue_say_so(run: Run, ann: Account, ben: Account, place: Place) -> None:
    client, address = browser(ann), reverse("population:pairs")
    page = client.get(address).content.decode()
    assert "Open the next pair" in page
    assert "wait to be judged" in client.get("/").content.decode()
    assert "First: for what?" in come_in(ben).get(address).content.decode()
    Pair.objects.filter(run=run).update(held_by_ref=ben.ref, held_until=dt.datetime(2099, 1, 1, tzinfo=dt.UTC))
    assert "No pair waits for you here" in client.get(address).content.decode()
    assert client.post(reverse("population:next-pair", args=[run.ref])).headers["Location"] == address
    Run.objects.filter(pk=run.pk).update(withdrawn_at=NOW, withdrawn_because="wrong-files")
    assert "No pairs wait." in client.get(address).content.decode()
    assert "wait to be judged" not in client.get("/").content.decode()
    assert client.get(reverse("population:pair", args=[Pair.objects.all()[0].ref])).status_code == 404


@pytest.mark.parametrize(
    ("one", "other", "shown"),
    [
        ("1234567890123", "1234567890123", ("•" * 13, "•" * 13)),
        ("1234567890123", "1234567890132", ("•" * 11 + "23", "•" * 11 + "32")),
        ("1234567890123", "9876543210987", ("•" * 13, "•" * 13)),
        ("1234567890123", None, ("•" * 13, None)),
        ("123", "1234", ("•••", "••••")),
    ],
)
def test_of_two_ids_only_what_differs_is_shown(one: str, other: str | None, shown: tuple[str, str | None]) -> None:
    assert masked_ids(one, other) == shown
