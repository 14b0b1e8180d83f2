"""The reading doors: what drives the index of an area that an actor was given, and which areas do better."""

from collections.abc import Sequence
from typing import Any

from django.db.models import F, FloatField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, NullIf

from sarana.learning.population.models import AreaLevel, Figure, Run
from sarana.learning.population.reasons.models import Answer, Better, Indicator, Sector, SectorAnswer


def indicators_of(run: Run) -> list[Indicator]:
    """The indicators of which a run tells, in the order of its set."""
    return list(Indicator.objects.filter(run=run).order_by("position"))


def sectors_of(run: Run) -> list[Sector]:
    """The sectors of which a run tells, in the order of its set."""
    return list(Sector.objects.filter(run=run).order_by("position"))


def sector_lines_of(run: Run) -> list[SectorAnswer]:
    """What a run tells of its sectors, for the file that a province hands over."""
    return list(SectorAnswer.objects.filter(run=run).order_by("pk"))


def is_told(run: Run, level: str, indicator: str, sector: str) -> bool:
    """Whether anything is told of an indicator, or of a sector, in areas of a level."""
    return _lines(run, level, indicator, sector)[0].exists()


def counts_told(run: Run, level: str, indicator: str, sector: str) -> list[tuple[int, int]]:
    """Of each area of a level of which it is told: of whom the rate tells, and of whom the answer is known."""
    lines, counted = _lines(run, level, indicator, sector)
    return list(lines.values_list(counted, "n_known"))


def with_counts(rows: QuerySet[Figure], run: Run, level: str, indicator: str, sector: str) -> QuerySet[Any]:
    """Figures of a level that an actor was given, with what is told of an indicator or a sector in each area.

    They have `told_known` and `told_in`, None where it is withheld, and `known_rate` to order by.
    """
    lines, counted = _lines(run, level, indicator, sector)
    here = lines.filter(code=OuterRef("code"))
    found = rows.annotate(told_known=Subquery(here.values("n_known")[:1]), told_in=Subquery(here.values(counted)[:1]))
    rate = Cast(F("told_in"), FloatField()) / NullIf(F("told_known"), 0)
    return found.annotate(known_rate=Coalesce(rate, Value(-1.0), output_field=FloatField()))


def count_told(rows: QuerySet[Any]) -> int:
    """Of how many of these figures it is told."""
    return rows.filter(told_known__isnull=False).count()


def _lines(run: Run, level: str, indicator: str, sector: str) -> tuple[QuerySet[Any], str]:
    """What is told of one indicator, or of one sector, in areas of a level; and the field that counts its people."""
    if sector:
        return SectorAnswer.objects.filter(run=run, level=level, key=sector), "n_gravest"
    return Answer.objects.filter(run=run, level=level, key=indicator), "n_need"


def answers_in(area: Figure, beside: Sequence[Figure] = ()) -> dict[tuple[str, str, str], Answer]:
    """What is told of an area and of those in which it lies, by level, code and indicator."""
    # Levels are named beside codes so that an index finds the lines: else all answers of the run are read.
    both = (area, *beside)
    found = Answer.objects.filter(
        run=area.run, level__in={one.level for one in both}, code__in={one.code for one in both}
    )
    return {(one.level, one.code, one.key): one for one in found}


def find_better(area: Figure) -> Better | None:
    """How a subdistrict stands against its circumstances, where that can be told."""
    if area.level != AreaLevel.SUBDISTRICT:
        return None
    return Better.objects.filter(run=area.run, code=area.code).first()


def codes_that_do_better(run: Run) -> frozenset[str]:
    """The subdistricts of a run that an actor was given which do better than their circumstances predict."""
    return frozenset(Better.objects.filter(run=run, is_better=True).values_list("code", flat=True))


def sectors_let_out(area: str, table_hash: str) -> list[frozenset[tuple[str, str, str, int, int]]]:
    """The lines of sectors of each run of a province with this table that told some, as of answers."""
    of_each: dict[int, set[tuple[str, str, str, int, int]]] = {}
    for line in SectorAnswer.objects.filter(run__area=area, run__table_hash=table_hash):
        of_each.setdefault(line.run_id, set()).add((line.level, line.code, line.key, line.n_known, line.n_gravest))
    return [frozenset(told) for told in of_each.values()]


def answers_let_out(area: str, table_hash: str) -> list[frozenset[tuple[str, str, str, int, int]]]:
    """The answers of each run of a province with this table that told some, for the action that takes runs in.

    Those of a withdrawn run count: whoever read them can still subtract.
    """
    of_each: dict[int, set[tuple[str, str, str, int, int]]] = {}
    for line in Answer.objects.filter(run__area=area, run__table_hash=table_hash):
        of_each.setdefault(line.run_id, set()).add((line.level, line.code, line.key, line.n_known, line.n_need))
    return [frozenset(told) for told in of_each.values()]
