"""The reading doors of records that may be of one person: only where the actor may open both."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import models
from django.db.models import Q, QuerySet

from sarana.basics.actors import Actor
from sarana.care.people import queries as people
from sarana.care.people.knowing.queries import whose
from sarana.care.people.models import Person
from sarana.care.people.policy import check_may_look, known_by, openable_by
from sarana.care.people.same import policy
from sarana.care.people.same.leading import Joins, heads_of
from sarana.care.people.same.models import Likeness, SameJudgement, Verdict
from sarana.ground.vault.identities.listing import is_listed
from sarana.ground.walls import postgres
from sarana.ground.walls.guards import OPERATOR


def likenesses_for(actor: Actor) -> QuerySet[Likeness]:
    """Those that wait to be judged, the likeliest first.

    Raises:
        Refused: PEOPLE-060 she is no supervisor; PEOPLE-003; NotYet: PEOPLE-004 as `people.queries.people_for`.
    """
    return _for(actor).filter(is_open=True).order_by("-per_cent", "pk")


def get_likeness(actor: Actor, ref: UUID) -> Likeness:
    """One of them, judged or not.

    Raises:
        As `likenesses_for`; Likeness.DoesNotExist: there is none, or none for her.
    """
    found = _for(actor).get(ref=ref)
    if is_listed(found.first.ref) or is_listed(found.second.ref):
        raise Likeness.DoesNotExist
    return found


def judged_for(actor: Actor) -> QuerySet[SameJudgement]:
    """What was judged and stands, the newest first.

    Raises:
        As `likenesses_for`.
    """
    mine = _for(actor).order_by().values("pk")
    rows = SameJudgement.objects.filter(likeness__in=mine, undone_at__isnull=True)
    rows = rows.select_related("likeness__first", "likeness__second")
    return rows.order_by("-judged_at", "-pk").fetch_mode(models.FETCH_RAISE)


def joined_with(actor: Actor, person: Person) -> list[tuple[Person, bool]]:
    """The other records of a person of the actor's own whom she may open, and whether each is the one who leads."""
    head = head_of(person)
    group = [pk for pk in group_of(head) if pk != person.pk]
    if not group:
        return []
    rows = people.some_of(actor, group).order_by("pk")
    return [(row, row.pk == head) for row in rows]


def head_of(person: Person) -> int:
    """The row of the record that leads a person's, however many lead each other; her own where nobody does.

    Where records lead each other in a circle, as no judgement makes them, it is the one who was entered first.
    """
    passed, above = [person.pk], person.led_by_id
    while above is not None:
        if above in passed:
            return min(passed[passed.index(above) :])
        passed.append(above)
        above = Person.objects.filter(pk=above).values_list("led_by", flat=True).first()
    return passed[-1]


def group_of(head: int) -> list[int]:
    """The rows of all records that one leads, and that these lead, itself first."""
    found, above = [head], [head]
    while above:
        led = Person.objects.filter(led_by__in=above).exclude(pk__in=found).order_by("pk")
        above = list(led.values_list("pk", flat=True))
        found += above
    return found


def led_otherwise() -> list[int]:
    """Whom another leads than the judgements that stand say; asked by the machine, which sees every row."""
    rows = SameJudgement.objects.filter(verdict=Verdict.SAME, undone_at__isnull=True).order_by("judged_at", "pk")
    told = rows.values_list("likeness__first", "likeness__second", "leads")
    heads = heads_of([(second, first) if leads == second else (first, second) for first, second, leads in told])
    led = dict(Person.objects.filter(led_by__isnull=False).values_list("pk", "led_by"))
    wanted = {pk: head for pk, head in heads.items() if head != pk}
    return sorted(pk for pk in led.keys() | wanted.keys() if led.get(pk) != wanted.get(pk))


def joins_around(pks: Iterable[int]) -> Joins:
    """The judgements that stand and join some records with others, and those with others again, the oldest first."""
    found, near = dict[int, tuple[int, int]](), set(pks)
    rows = SameJudgement.objects.filter(verdict=Verdict.SAME, undone_at__isnull=True).order_by("judged_at", "pk")
    while True:
        touching = rows.filter(Q(likeness__first__in=near) | Q(likeness__second__in=near))
        told = touching.values_list("pk", "likeness__first", "likeness__second", "leads")
        found = {pk: (second, first) if leads == second else (first, second) for pk, first, second, leads in told}
        wider = near.union(*found.values())
        if wider == near:
            return list(found.values())
        near = wider


def n_waiting(actor: Actor) -> int:
    """How many wait for a supervisor, whatever purpose she stated."""
    mine = known_by(actor)
    rows = Likeness.objects.filter(is_open=True, agency_ref__in=_agencies(actor))
    return rows.filter(whose(mine, "first"), whose(mine, "second")).count()


def to_compare(agency: UUID, most: int, after: int = 0) -> list[tuple[int, UUID, int]]:
    """People of an agency who changed since they were compared, the first entered first: row, reference, revision.

    `after` is the row behind which it is looked: those before it are compared, or were tried.
    """
    with postgres.as_task(OPERATOR):
        rows = Person.objects.filter(agency_ref__also=agency, pk__gt=after)
        rows = rows.exclude(compared__revision=models.F("revision"))
        return list(rows.order_by("pk").values_list("pk", "ref", "revision")[:most])


def is_due() -> bool:
    """Whether anybody waits to be compared."""
    with postgres.as_task(OPERATOR):
        return Person.objects.exclude(compared__revision=models.F("revision")).exists()


def rows_of(agency: UUID, refs: Sequence[UUID]) -> dict[UUID, int]:
    """The rows of some people of an agency."""
    with postgres.as_task(OPERATOR):
        rows = Person.objects.filter(agency_ref__also=agency, ref__in=list(refs))
        return dict(rows.values_list("ref", "pk"))


def _agencies(actor: Actor) -> frozenset[UUID]:
    return frozenset(grant.agency_ref for grant in actor.grants_as({"supervisor"}))


def _for(actor: Actor) -> QuerySet[Likeness]:
    policy.check_may_judge(actor)
    check_may_look(actor)
    mine = openable_by(actor)
    rows = Likeness.objects.filter(whose(mine, "first"), whose(mine, "second"), agency_ref__in=_agencies(actor))
    return rows.select_related("first__subject", "second__subject").fetch_mode(models.FETCH_RAISE)
