"""The writing doors of columns: keep how those of a file look, and say which stands for which of the layout."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec
from django.db import transaction

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet
from sarana.ground.ledger.actions import record
from sarana.learning.population.policy import SOURCE
from sarana.learning.population.sources import policy
from sarana.learning.population.sources.columns import queries
from sarana.learning.population.sources.columns.models import MOST_OF_A_HEADER, ColumnSaid, FileColumns
from sarana.learning.population.sources.models import HandedFile, Source
from sarana.methods.population.headers import find_in
from sarana.methods.population.relaid import SIGNS, Named, named_columns
from sarana.methods.questions.samples import SeenColumn

SHORTENED = 80
"""So much of a long header is told in a message."""


@transaction.atomic
def keep_columns(actor: Actor, source: Source, seen: Mapping[str, Sequence[SeenColumn]]) -> int:
    """Keep how the columns of files look, by the reference of each file; one that was let go meanwhile is passed over.

    Returns:
        The columns of how many files are new here.

    Raises:
        Refused: POPULATION-030 the source is not hers.
    """
    policy.check_may_change(actor, source)
    Source.objects.select_for_update().get(pk=source.pk)
    lying = HandedFile.objects.filter(source=source, ref__in=list(seen), let_go_at__isnull=True, columns__isnull=True)
    for file in lying:
        told = [msgspec.to_builtins(each) for each in seen[str(file.ref)]]
        FileColumns.objects.create(source=source, file=file, part=file.part, told=told, seen_at=actor.now)
    _record(actor, source, "population.columns-looked-at", len(lying))
    return len(lying)


@transaction.atomic
def point_at_columns(actor: Actor, source: Source, columns: UUID, given: Mapping[str, str]) -> int:
    """Say which column of a file stands for which of the layout; an empty header: the file has it no more.

    Args:
        actor: who says it.
        source: whose file it is.
        columns: the reference of the columns that were shown; they have to be those of the file that lies here.
        given: headers of the file by those that the layout has.

    Returns:
        Of how many columns something new was said.

    Raises:
        Refused: POPULATION-030 the source is not hers.
        NotYet: POPULATION-050 another file took its place meanwhile; POPULATION-051 a header stands for two columns,
            or is none of this file; POPULATION-052 a column that has to be there was said not to be; POPULATION-054 a
            header that cannot be pointed at; POPULATION-055 a column that is there was said not to be.
    """
    policy.check_may_change(actor, source)
    Source.objects.select_for_update().get(pk=source.pk)  # two who point at one column do not meet
    seen = next((row for row in queries.columns_of(source).values() if row.ref == columns), None)
    if seen is None:
        raise replaced()
    named = {each.header: each for each in named_columns(source.layout) if each.part == seen.part}
    _check(named, given, seen.headers, queries.headers_of(source).get(seen.part, {}))
    plain = {column: _plain(seen.headers, column, header) for column, header in given.items()}
    n = sum(_say(actor, source, seen.part, column, header) for column, header in sorted(plain.items()))
    _record(actor, source, "population.columns-pointed-at", n)
    return n


def replaced() -> NotYet:
    """What is said where the file that was shown does not lie here any more."""
    return NotYet(
        "POPULATION-050",
        "Another file took the place of this one meanwhile, or it was taken away; nothing was kept.",
        cure="Open the page of the source, look through the files, and point at their columns.",
    )


def _check(
    named: Mapping[str, Named], given: Mapping[str, str], headers: Sequence[str], said: Mapping[str, str]
) -> None:
    chosen = {header for header in given.values() if header}
    if given.keys() - named.keys() or chosen - set(headers) or _stands_twice(named, given, headers, said):
        raise NotYet(
            "POPULATION-051",
            "One column of the file stands for two of ours, or it is none of this file; nothing was kept.",
            cure="Choose a column of its own for each, also for those that were found or pointed at before, or say "
            "that the file has none.",
        )
    unfit = sorted(header[:SHORTENED] for header in chosen if not can_be_pointed_at(header))
    if unfit:
        raise NotYet(
            "POPULATION-054",
            "A column whose header has a plus or an 'and' between blanks, or is very long, cannot be pointed at.",
            where=", ".join(unfit),
            cure="Give it a short header without these signs, or ask the sector to, and hand the file over again.",
        )
    missing = [column for column, header in given.items() if not header and named[column].is_needed]
    if missing:
        raise NotYet(
            "POPULATION-052",
            "A column that has to be there was said not to be in the file.",
            where=", ".join(missing),
            cure="Point at the column that holds it, or ask the sector for a file that has it.",
        )
    there = [column for column, header in given.items() if not header and find_in(headers, column) is not None]
    if there:
        raise NotYet(
            "POPULATION-055",
            "A column was said not to be in the file, and it is there under its own name.",
            where=", ".join(there),
            cure="Choose it; where its values are of no use, say that its codes mean that nothing is known.",
        )


def can_be_pointed_at(header: str) -> bool:
    """Whether a header can stand for one column: a run takes it apart at these signs, and a long one is not kept."""
    return len(header) <= MOST_OF_A_HEADER and not SIGNS.search(header)


def _stands_twice(
    named: Mapping[str, Named], given: Mapping[str, str], headers: Sequence[str], said: Mapping[str, str]
) -> bool:
    """Whether a column of the file would be read for two of ours, with all that was said before and is found by itself.

    Two names of ours that are one when written otherwise are no fault of whoever points.
    """
    now = {**said, **given}
    by_itself = {column: headers[at] for column in named if (at := find_in(headers, column)) is not None}
    used: dict[str, set[str]] = {}
    for column in named:
        at = find_in(headers, now.get(column) or column) if now.get(column, column) else None
        if at is not None:
            used.setdefault(headers[at], set()).add(column)
    return any(
        len(columns) > 1 and any(by_itself.get(column) != header for column in columns)
        for header, columns in used.items()
    )


def _plain(headers: Sequence[str], column: str, header: str) -> str:
    """The layout's own header where reading would find the chosen one under it anyway."""
    at = find_in(headers, column)
    return column if header and at is not None and headers[at] == header else header


def _say(actor: Actor, source: Source, part: str, column: str, header: str) -> bool:
    """Said once more, nothing changes; the layout's own header again ends what was said."""
    rows = ColumnSaid.objects.filter(source=source, part=part, column=column)
    now = rows.filter(ended_at__isnull=True).first()
    if (now.header if now else column) == header:
        return False
    rows.filter(ended_at__isnull=True).update(ended_at=actor.now)
    if header != column:
        made = ColumnSaid(source=source, part=part, column=column, header=header, version=rows.count() + 1)
        made.said_at, made.said_by_ref = actor.now, actor.account_ref
        made.save(force_insert=True)
    return True


def _record(actor: Actor, source: Source, act: str, n_things: int) -> None:
    record(actor, act, thing_kind=SOURCE, thing_ref=source.ref, owner_agency_ref=source.agency.ref, n_things=n_things)
