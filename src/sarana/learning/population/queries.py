"""The reading doors: runs that are shown, their figures by area, and the lines of their maps."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from django.db import models
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet
from sarana.ground.accounts.models import Agency
from sarana.ground.accounts.queries import agencies_called, kinds_worked_in
from sarana.learning.population import policy
from sarana.learning.population.models import AreaLevel, Drawing, Figure, Run

ALL = "all"
"""The group of all people."""

LEAST = 8
"""So many characters of a fingerprint have to be said."""


def check_may_look(actor: Actor) -> None:
    """Make sure that an actor has a door here, wherever she works.

    Raises:
        Refused: POPULATION-001 she has none.
    """
    policy.check_may_look(actor, kinds_worked_in(actor))


def runs_for(actor: Actor) -> QuerySet[Run]:
    """The runs that were taken in and not withdrawn.

    Raises:
        Refused: POPULATION-001 she has no door here.
    """
    check_may_look(actor)
    shown = Run.objects.filter(withdrawn_at__isnull=True)
    return shown.select_related("agency").fetch_mode(models.FETCH_RAISE)


def get_run(actor: Actor, ref: UUID) -> Run:
    """One run.

    Raises:
        Refused: POPULATION-001 she has no door here.
        Run.DoesNotExist: there is none.
    """
    return runs_for(actor).get(ref=ref)


def figures_for(
    actor: Actor,
    run: Run,
    level: str,
    *,
    group: str = ALL,
    within: str = "",
    among: frozenset[str] | None = None,
) -> QuerySet[Figure]:
    """The figures of one group in all areas of a level that an actor may see, of a run that she was given.

    With `within`, the code of a district, only those that lie in it, of villages also that of a subdistrict; with
    `among`, only those of these codes.
    """
    found = _of(actor, run).filter(level=level, group=group)
    if among is not None:
        found = found.filter(code__in=among)
    if within and level == AreaLevel.SUBDISTRICT:
        found = found.filter(parent=within)
    elif within and level == AreaLevel.VILLAGE:
        found = found.filter(parent__in=subdistrict_codes(run, within))
    return found


def groups_of(actor: Actor, run: Run, level: str) -> frozenset[str]:
    """The groups of which the run says anything at a level."""
    return frozenset(_of(actor, run).filter(level=level).values_list("group", flat=True).distinct())


def get_area(actor: Actor, ref: UUID) -> Figure:
    """The figures of all people of one area, with its run.

    Raises:
        Refused: POPULATION-001 she has no door here.
        Figure.DoesNotExist: there is none, or it is not for her.
    """
    check_may_look(actor)
    found = Figure.objects.filter(policy.openable_by(actor), run__withdrawn_at__isnull=True, group=ALL)
    return found.select_related("run__agency").fetch_mode(models.FETCH_RAISE).get(ref=ref)


def groups_in(actor: Actor, area: Figure, groups: Collection[str]) -> list[Figure]:
    """The figures of these groups of one area."""
    # The groups are named so that an index finds their lines: else all lines of the level are read.
    return list(_of(actor, area.run).filter(level=area.level, code=area.code, group__in=list(groups)).order_by("group"))


def above(actor: Actor, area: Figure) -> list[Figure]:
    """The areas in which an area lies, the widest first."""
    order = list(AreaLevel.values)
    wider = order[: order.index(area.level)]
    # Of the levels right above, only what is named; of the province, its one line.
    named = Q(level=AreaLevel.PROVINCE) | Q(level__in=wider, code=area.parent)
    if area.level == AreaLevel.VILLAGE:
        between = Figure.objects.filter(run=area.run, level=AreaLevel.SUBDISTRICT, group=ALL, code=area.parent)
        named |= Q(level=AreaLevel.DISTRICT, code__in=between.values("parent"))
    found = {(row.level, row.code): row for row in _of(actor, area.run).filter(named, level__in=wider, group=ALL)}
    chain: list[Figure] = []
    here = area
    for level in reversed(wider):
        row = found.get((level, here.parent))
        if row is None:
            break
        chain.insert(0, row)
        here = row
    return chain


def inside(actor: Actor, area: Figure) -> QuerySet[Figure]:
    """The areas of the next level that lie in an area and that an actor may see."""
    order = list(AreaLevel.values)
    narrower = order[order.index(area.level) + 1 :]
    return _of(actor, area.run).filter(parent=area.code, group=ALL, level__in=narrower)


def standing(run: Run) -> tuple[object, ...]:
    """Changes whenever a run of the same province was taken in or withdrawn: pages tell of the year before."""
    told = Run.objects.filter(area=run.area).aggregate(models.Max("pk"), models.Max("withdrawn_at"))
    return tuple(told.values())


def drawing_of(run: Run) -> Drawing | None:
    """The lines of the map of a run that an actor was given, without the points of its villages."""
    return Drawing.objects.filter(run=run).defer("villages").first()


def places_of_villages(run: Run) -> Mapping[str, tuple[float, float]]:
    """Longitude and latitude of the villages of a run that an actor was given, by code, as far as they are known.

    For whoever shows villages: which of them she sees is asked before.
    """
    found = Drawing.objects.filter(run=run).values_list("villages", flat=True).first()
    return {code: (lon, lat) for code, (lon, lat) in (found or {}).items()}


def villages_by_subdistrict(run: Run, within: str) -> Mapping[str, list[str]]:
    """The codes of all villages of a run by subdistrict, of a district or one subdistrict where it is named.

    Codes alone, of those too that an actor may not see: how an area is divided hangs on all that lie in it.
    """
    rows = Figure.objects.filter(run=run, level=AreaLevel.VILLAGE, group=ALL)
    if within:
        rows = rows.filter(parent__in=subdistrict_codes(run, within))
    found: dict[str, list[str]] = {}
    for parent, code in rows.order_by("code").values_list("parent", "code"):
        found.setdefault(parent, []).append(code)
    return found


def districts_with_villages(actor: Actor, run: Run) -> frozenset[str]:
    """The districts in which there is a village of which an actor sees a rate."""
    said = _of(actor, run).filter(level=AreaLevel.VILLAGE, group=ALL, rate__isnull=False).values("parent")
    inside = Figure.objects.filter(run=run, level=AreaLevel.SUBDISTRICT, group=ALL, code__in=said)
    return frozenset(inside.values_list("parent", flat=True))


def with_known(rows: QuerySet[Figure], *, is_without: bool = False) -> QuerySet[Figure]:
    """The same rows with a rate to order by, the one of the second map where that is asked; withheld ones come last."""
    rate = F("rate_without_status") if is_without else F("rate")
    return rows.annotate(known_rate=Coalesce(rate, Value(-1.0)))


def count_said(rows: QuerySet[Figure], *, is_without: bool) -> int:
    """Of how many of these areas a rate is said."""
    if is_without:
        return rows.filter(rate_without_status__isnull=False).count()
    return rows.filter(rate__isnull=False).count()


def count_rates(actor: Actor, area: Figure) -> tuple[int, int]:
    """Of how many areas of the level of an area a rate is said, and how many of them have a higher one."""
    said = _of(actor, area.run).filter(level=area.level, group=ALL, rate__isnull=False)
    higher = models.Count("pk", filter=Q(rate__gt=area.rate))
    told = said.aggregate(said=models.Count("pk"), higher=higher)
    return told["said"], told["higher"]


def find_taken_in(fingerprint: str) -> Run | None:
    """The run of this fingerprint that is shown, for the action that takes runs in."""
    shown = Run.objects.filter(fingerprint=fingerprint, withdrawn_at__isnull=True)
    return shown.select_related("agency").first()


def get_shown(fingerprint: str) -> Run:
    """The one run that is shown and whose fingerprint begins so, held for the action that withdraws it.

    Raises:
        NotYet: POPULATION-007 there is none, or more than one; or too little of it was said.
    """
    said = fingerprint.strip().lower()
    begun = Run.objects.filter(fingerprint__startswith=said, withdrawn_at__isnull=True)
    found = list(begun.select_related("agency").select_for_update(of=("self",))[:2]) if len(said) >= LEAST else []
    if len(found) != 1:
        raise NotYet(
            "POPULATION-007",
            "No run that is shown can be told by this fingerprint.",
            cure="Say the first eight characters or more, as sarana population maps shows them.",
        )
    return found[0]


def subdistricts_of(run: Run, within: str = "") -> frozenset[str]:
    """The codes of subdistricts of a run as lists of areas have them: all, those of a district, or the one named."""
    return frozenset(_subdistricts(run, within).values_list("area", flat=True))


def subdistrict_codes(run: Run, within: str) -> frozenset[str]:
    """The same codes as the run has them."""
    return frozenset(_subdistricts(run, within).values_list("code", flat=True))


def places_of(run: Run, codes: Collection[str]) -> list[Figure]:
    """The subdistricts of a run by their codes, for the action that lays people out."""
    return list(Figure.objects.filter(run=run, level=AreaLevel.SUBDISTRICT, group=ALL, code__in=codes))


def refs_shown() -> frozenset[UUID]:
    """The references of all runs that are shown, for the sweep of what is nobody's any more."""
    return frozenset(Run.objects.filter(withdrawn_at__isnull=True).values_list("ref", flat=True))


def all_taken_in() -> list[Run]:
    """All runs, those that were withdrawn too, the newest first, for the action that tells the operator of them."""
    return list(Run.objects.select_related("agency").order_by("-as_of", "-pk"))


def tables_of(area: str, *, is_invented: bool) -> frozenset[str]:
    """The hashes of the tables that were ever let out of a province, beside which a run has to be made.

    A withdrawn run counts: who read it, printed it or kept it can still subtract. A run of invented people does not
    stand in the way of one of real people while it is shown; withdrawn it does, for it may have been marked wrongly.
    A run that says of itself that it is invented is held to all, for the same reason.
    """
    let_out = Run.objects.filter(area=area)
    if not is_invented:
        let_out = let_out.exclude(is_invented=True, withdrawn_at__isnull=True)
    return frozenset(let_out.values_list("table_hash", flat=True))


def centres_of(province: str) -> Sequence[Agency]:
    """The provincial centres at work whose mandate holds a province, for the action that takes runs in."""
    at_work = Agency.objects.filter(kind=Agency.Kind.PROVINCIAL_CENTRE, closed_on__isnull=True)
    return [
        each for each in at_work if any(f"{each.country}{province}".startswith(area) for area in each.areas if area)
    ]


def get_agency_called(called: str) -> Agency:
    """The one agency that has this name or this reference, for the operator.

    Raises:
        NotYet: POPULATION-006 there is none, or more than one of this name.
    """
    found = agencies_called(called)
    if len(found) != 1:
        raise NotYet(
            "POPULATION-006",
            "It cannot be told to which agency this run belongs.",
            cure="Name it: --agency with its name or its reference, as the page Agencies shows it.",
        )
    return found[0]


def _subdistricts(run: Run, within: str) -> QuerySet[Figure]:
    rows = Figure.objects.filter(run=run, level=AreaLevel.SUBDISTRICT, group=ALL)
    return rows.filter(Q(parent=within) | Q(code=within)) if within else rows


def _of(actor: Actor, run: Run) -> QuerySet[Figure]:
    return Figure.objects.filter(policy.openable_by(actor), run=run).fetch_mode(models.FETCH_RAISE)
