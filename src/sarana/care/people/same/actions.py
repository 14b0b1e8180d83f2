"""The writing doors of records that may be of one person: note a likeness, judge it, take a judgement back.

Nothing is copied and nothing is lost. Who leads whom is told anew from the judgements that stand, whenever one is made,
taken back, or goes with a person who is erased.
"""

from collections.abc import Collection, Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet, Refused
from sarana.care.people.conflict.actions import follow
from sarana.care.people.models import Person
from sarana.care.people.same import policy, queries
from sarana.care.people.same.leading import heads_of, without
from sarana.care.people.same.models import Compared, Likeness, SameJudgement, Verdict
from sarana.ground.ledger.actions import record
from sarana.ground.walls import postgres
from sarana.ground.walls.guards import OPERATOR
from sarana.methods.search.entry import Match


@transaction.atomic
def judge(actor: Actor, ref: UUID, verdict: Verdict, *, leads: UUID | None = None) -> SameJudgement:
    """Judge whether two records are of one person; where they are, one of the two leads the other.

    Args:
        actor: a supervisor who may open both.
        ref: the likeness.
        verdict: what she judges.
        leads: which of the two leads, where they are one; the one who was entered first unless said otherwise.

    Raises:
        Refused: PEOPLE-060, PEOPLE-003; NotYet: PEOPLE-004 as `same.queries`; PEOPLE-061 it was judged before, or
            records that are joined with these are judged in this moment; PEOPLE-063 one of the two has to lead;
            PEOPLE-095 a conflict of interest about one of them would leave nobody who may open the other.
        Likeness.DoesNotExist: there is none, or none for her.
    """
    found = queries.get_likeness(actor, ref)
    held = Likeness.objects.select_for_update(of=("self",)).get(pk=found.pk)
    if SameJudgement.objects.filter(likeness=held, undone_at__isnull=True).exists():
        raise NotYet(
            "PEOPLE-061", "This was judged already.", cure="Open it again to see how, or take that back first."
        )
    made = SameJudgement(
        agency_ref=held.agency_ref, likeness=held, verdict=verdict, judged_at=actor.now, judged_by_ref=actor.account_ref
    )
    group = frozenset[int]()
    if verdict == Verdict.SAME:
        made.leads, made.follows = _chosen(found, leads)
        group = _hold_group((found.first.pk, found.second.pk))
    made.save(force_insert=True)
    _lead_anew(group)
    follow(actor, group)
    held.is_open = False
    held.save(update_fields=["is_open"])
    _recorded(actor, "people.judged", made, found)
    return made


@transaction.atomic
def undo(actor: Actor, ref: UUID) -> SameJudgement:
    """Take a judgement back: both records stand as they stood before it, and wait to be judged again.

    Raises:
        Refused: PEOPLE-060, PEOPLE-003; NotYet: PEOPLE-004, PEOPLE-061 as `judge`; PEOPLE-064 it was taken back before.
        SameJudgement.DoesNotExist: there is none, or none for her.
    """
    row = SameJudgement.objects.filter(ref=ref).values("likeness__ref").first()
    if row is None:
        policy.check_may_judge(actor)
        raise SameJudgement.DoesNotExist
    try:
        found = queries.get_likeness(actor, row["likeness__ref"])
        Likeness.objects.select_for_update(of=("self",)).get(pk=found.pk)
    except Likeness.DoesNotExist as err:
        raise SameJudgement.DoesNotExist from err
    held = SameJudgement.objects.get(ref=ref)
    if held.undone_at is not None:
        raise NotYet("PEOPLE-064", "This was taken back already.", cure="Nothing has to be done.")
    group = _hold_group((found.first.pk, found.second.pk)) if held.verdict == Verdict.SAME else frozenset[int]()
    held.undone_at, held.undone_by_ref = actor.now, actor.account_ref
    held.save(update_fields=["undone_at", "undone_by_ref"])
    _lead_anew(group)
    Likeness.objects.filter(pk=found.pk).update(is_open=True)
    _recorded(actor, "people.judgement-undone", held, found)
    return held


def leave(actor: Actor, person: Person) -> None:
    """Let a person who is erased go out of the records that are joined with hers: the others are led without her.

    What was judged of her goes with her; what was judged of two others stays. It is done as part of an act that records
    itself.

    Raises:
        NotYet: PEOPLE-061 somebody judges these records in this moment.
    """
    if person.agency_ref not in actor.agency_refs:
        raise Person.DoesNotExist
    mine = Likeness.objects.filter(Q(first=person) | Q(second=person)).order_by("pk")
    list(mine.select_for_update(of=("self",)).values_list("pk", flat=True))
    group = _hold_group({person.pk})
    _lead_anew(group, gone=frozenset({person.pk}))
    # A judgement of two others that names her would go with her: from here on it names these two alone.
    named = SameJudgement.objects.filter(Q(leads=person) | Q(follows=person)).exclude(likeness__in=mine)
    for each in named.select_related("likeness").order_by("pk"):
        first, second = each.likeness.first_id, each.likeness.second_id
        each.leads_id, each.follows_id = (second, first) if each.leads_id == second else (first, second)
        each.save(update_fields=["leads", "follows"])


def note_compared(actor: Actor, agency: UUID, person: tuple[int, UUID, int], matches: Sequence[Match]) -> int:
    """Write down, as the machine, with whom somebody was found to be alike; gives how many are new.

    What was judged stays judged. It is done as part of an act that records itself (`record_compared`).

    Raises:
        Refused: PEOPLE-065 somebody else than the machine asks.
    """
    if not actor.is_local:
        raise _not_the_machine()
    pk, _ref, revision = person
    rows, n_new = queries.rows_of(agency, [match.ref for match in matches]), 0
    with transaction.atomic(), postgres.as_task(OPERATOR):
        for match in matches:
            other = rows.get(match.ref)
            if other is None or other == pk:
                continue
            first, second = sorted((pk, other))
            told = {"per_cent": round(100 * match.score), "reasons": [str(each) for each in match.reasons]}
            new = {**told, "agency_ref": agency, "found_at": actor.now}
            _row, is_new = Likeness.objects.update_or_create(
                first_id=first, second_id=second, defaults=told, create_defaults=new
            )
            n_new += is_new
        Compared.objects.update_or_create(person_id=pk, defaults={"agency_ref": agency, "revision": revision})
    return n_new


def record_compared(actor: Actor, agency: UUID, n_compared: int) -> None:
    """One line for people of an agency who were compared."""
    with transaction.atomic(), postgres.as_task(OPERATOR):
        record(actor, "people.compared", thing_kind=policy.LIKENESS, owner_agency_ref=agency, n_things=n_compared)


def lead_all_anew(actor: Actor) -> int:
    """Let everybody be led as the judgements that stand say, as the machine; gives of how many that was not so.

    After a restore whoever was erased since goes once more, without the act that told the others anew; and an older
    version left chains.

    Raises:
        Refused: PEOPLE-065 somebody else than the machine asks.
    """
    if not actor.is_local:
        raise _not_the_machine()
    n = 0
    with transaction.atomic(), postgres.as_task(OPERATOR):
        for pk in queries.led_otherwise():
            before = Person.objects.filter(pk=pk).values_list("led_by", flat=True).first()
            _lead_anew(_hold_group({pk}))
            n += before != Person.objects.filter(pk=pk).values_list("led_by", flat=True).first()
        if n:
            record(actor, "people.led-anew", thing_kind=policy.LIKENESS, n_things=n)
    return n


def _chosen(found: Likeness, leads: UUID | None) -> tuple[Person, Person]:
    """Which of the two leads, and which follows."""
    if leads is None or leads == found.first.ref:
        return found.first, found.second
    if leads != found.second.ref:
        raise NotYet("PEOPLE-063", "One of these two records has to lead.", cure="Choose one of the two.")
    return found.second, found.first


def _hold_group(pks: Collection[int]) -> frozenset[int]:
    """Lock all records that are joined with some, in one order for everybody, and make sure that no more are.

    Also those whom the actor may not know of are among them: nothing of these is read but by whom they are led.
    """
    held = _locked(_group_around(pks))
    if not held.issuperset(_group_around(pks)):
        raise NotYet(
            "PEOPLE-061",
            "Somebody else judged these records in this moment.",
            cure="Open it again, and judge once more.",
        )
    return held


def _group_around(pks: Collection[int]) -> set[int]:
    return set(pks).union(*queries.joins_around(pks))


def _locked(pks: Collection[int]) -> frozenset[int]:
    rows = Person.objects.select_for_update(of=("self",)).filter(pk__in=set(pks)).order_by("pk")
    return frozenset(rows.values_list("pk", flat=True))


def _lead_anew(group: frozenset[int], gone: frozenset[int] = frozenset()) -> None:
    """Let each record of a group that is locked be led as the judgements that stand say, those who go left out."""
    heads = heads_of(without(queries.joins_around(group), gone)) if group else {}
    for pk, led_by in Person.objects.filter(pk__in=group - gone).order_by("pk").values_list("pk", "led_by"):
        head = heads.get(pk, pk)
        leads = None if head == pk else head
        if leads != led_by:
            Person.objects.filter(pk=pk).update(led_by=leads)


def _not_the_machine() -> Refused:
    return Refused("PEOPLE-065", "People are compared by the machine itself.", cure="Nothing has to be done.")


def _recorded(actor: Actor, act: str, made: SameJudgement, found: Likeness) -> None:
    record(
        actor, act, thing_kind=policy.LIKENESS, thing_ref=made.ref, thing_refs=[found.first.ref, found.second.ref],
        n_things=1, owner_agency_ref=made.agency_ref,
    )  # fmt: skip
