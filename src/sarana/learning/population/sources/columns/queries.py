"""The reading doors of columns: those of the files that lie here, last year's, and what was said of them."""

import datetime as dt
from collections.abc import Iterable

from sarana.learning.population.sources.columns.models import ColumnSaid, FileColumns
from sarana.learning.population.sources.models import HandedFile, Source
from sarana.methods.population.headers import find_in


def headers_of(source: Source) -> dict[str, dict[str, str]]:
    """This year's headers of a source that an actor was given, by file and by the header that the layout has."""
    return headers_of_all([source]).get(source.pk, {})


def headers_of_all(sources: Iterable[Source]) -> dict[int, dict[str, dict[str, str]]]:
    """The same of several sources, by the key of each row."""
    found: dict[int, dict[str, dict[str, str]]] = {}
    rows = ColumnSaid.objects.filter(source__in=list(sources), ended_at__isnull=True)
    for row in rows.order_by("part", "column"):
        found.setdefault(row.source_id, {}).setdefault(row.part, {})[row.column] = row.header
    return found


def headers_for_reading(source: Source) -> dict[str, dict[str, str]]:
    """The same as a run goes by it: what was said not to be there, and is there again in the file here, is read."""
    now = columns_of(source)
    return {
        part: {
            column: header
            for column, header in said.items()
            if header or part not in now or find_in(now[part].headers, column) is None
        }
        for part, said in headers_of(source).items()
    }


def columns_of(source: Source) -> dict[str, FileColumns]:
    """The columns of the files of a source that lie here, by the part that each is, as far as they were seen."""
    rows = FileColumns.objects.filter(source=source, file__let_go_at__isnull=True).select_related("file")
    return {row.part: row for row in rows}


def files_not_seen(source: Source) -> list[HandedFile]:
    """The files of a source that lie here and whose columns were not seen yet."""
    return list(HandedFile.objects.filter(source=source, let_go_at__isnull=True, columns__isnull=True))


def columns_before(
    sources: Iterable[Source], read_at: dt.datetime | None, today: dt.date
) -> dict[tuple[int, str], FileColumns]:
    """Of each part of some sources the columns of last year's file: what is here now is held against it.

    It is the file that lay here when the last update had read it, where one is known; else the last one that was let
    go before this year. By the key of the source's row and the part.
    """
    every = FileColumns.objects.filter(source__in=list(sources)).order_by("seen_at", "pk")
    found = {(row.source_id, row.part): row for row in every.filter(file__let_go_at__year__lt=today.year)}
    if read_at is not None:
        read = every.filter(file__handed_at__lte=read_at).exclude(file__let_go_at__lte=read_at)
        found |= {(row.source_id, row.part): row for row in read}
    return found


def last_said(sources: Iterable[Source]) -> dict[int, dt.datetime]:
    """When a header of each source was last said or taken back."""
    rows = ColumnSaid.objects.filter(source__in=list(sources)).values_list("source_id", "said_at", "ended_at")
    found: dict[int, dt.datetime] = {}
    for pk, *days in rows:
        found[pk] = max(day for day in (*days, found.get(pk)) if day is not None)
    return found


def columns_now(sources: Iterable[Source]) -> dict[tuple[int, str], FileColumns]:
    """Of each part of some sources the columns of the file that lies here, as far as they were seen."""
    rows = FileColumns.objects.filter(source__in=list(sources), file__let_go_at__isnull=True)
    return {(row.source_id, row.part): row for row in rows}
