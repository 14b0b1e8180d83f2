"""What a province's files are like before a run: counts only, by file, and how far the sectors speak of one people."""

import datetime as dt
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sarana.basics.progress import Progress
from sarana.methods.disclosure.rule import DisclosureSettings
from sarana.methods.engine import Engine, quoted
from sarana.methods.population.codes import UnknownCode, UnknownCodes
from sarana.methods.population.reading import read_rows
from sarana.methods.population.source_rows import SourceRows
from sarana.methods.population.sources import Sources
from sarana.methods.population.standardise import standardise_rows
from sarana.methods.population.standardise_settings import SourceSettings, standardise_settings
from sarana.methods.questions.profile_calendars import count_calendars
from sarana.methods.questions.profile_codes import UnknownColumn, tell_unknown, with_unknown
from sarana.methods.reference import read_reference

STATUS = "unvalidated, for planning only"
type Counts = Mapping[str, int | float | str]

STATES = ("valid", "check", "length", "shared")
OLD_MONTHS = 24
"""After so many months most values count as unknown (`max_age_months` of the indicator sets that come with Sarana)."""


@dataclass(frozen=True, slots=True)
class FieldCount:
    """A standard field of a source: rows without a value, and how many of those a value was taken from on reading.

    `n_taken` counts unknown codes, broken bytes and numbers that a spreadsheet rounded. `n_unusable` counts rows whose
    value is there and will count as not known: no number of the field, out of its range, or on another scale.
    """

    field: str
    n_missing: int
    n_taken: int
    n_unusable: int = 0


@dataclass(frozen=True, slots=True)
class FactTable:
    """A fact table of a source: its rows, and how many of them belong to nobody in the person table."""

    path: str
    n_rows: int
    n_strays: int


@dataclass(frozen=True, slots=True)
class FileProfile:
    """What one sector's file is like.

    Attributes:
        n_rows: rows in the file; `set_aside` of them, by code, would not go on.
        fields: every field that SOURCES.toml declares, but for areas without one.
        unknown: codes that are not known.
        ids: rows by state of the national ID, and `none` without one; empty where the file has none.
        n_ids_again: distinct valid IDs that stand on two rows or more.
        flags: rows that go on with a flag, by code.
        declared: the day its values are said to date from; oldest, newest: of its rows; n_old: rows older than
            `OLD_MONTHS` months on the day of the run.
        calendars: rows by calendar of the date of birth; empty where the file has none.
        scripts: rows by script of the name, `none` without letters; empty where the file has no names.
        facts: its fact tables, in the order of SOURCES.toml; none in profiles that were kept by earlier versions.
    """

    source: str
    path: str
    n_rows: int
    set_aside: Mapping[str, int]
    fields: tuple[FieldCount, ...]
    unknown: tuple[UnknownColumn, ...]
    ids: Mapping[str, int]
    n_ids_again: int
    flags: Mapping[str, int]
    declared: dt.date
    oldest: dt.date | None
    newest: dt.date | None
    n_old: int
    calendars: Mapping[str, int]
    scripts: Mapping[str, int]
    facts: tuple[FactTable, ...] = ()


@dataclass(frozen=True, slots=True)
class Overlap:
    """How many distinct valid IDs stand in both of two files, and which thousandths of each that are.

    All three are None where so few IDs stand in both, or in only one of them, that they are withheld.
    """

    left: str
    right: str
    n_both: int | None
    share_left: int | None
    share_right: int | None


@dataclass(frozen=True, slots=True)
class Profile:
    """All files of a province, and their overlaps; `would_stop`: a run would stop at unknown codes."""

    status: str
    files: tuple[FileProfile, ...]
    overlaps: tuple[Overlap, ...]
    would_stop: bool


def profile_sources(engine: Engine, sources: Sources, progress: Progress) -> Profile:
    """Look through a province's files as a run would read and standardise them, and count.

    Unknown codes do not stop it: they are listed, taken as missing, and everything else is counted.

    Args:
        engine: must see the data folder.
        sources: as `load_sources` gave it.
        progress: told of each part.

    Returns:
        Counts, dates and shares; no value of a person, and no code that may be a person's own words.

    Raises:
        BadFile, BadTable: the faults of `read_rows`, but for READ-008.

    Cost: what reading and standardising cost, and once more reading where codes are not known.
    """
    unknown, counts = _read(engine, sources, progress)
    settings = standardise_settings(sources)
    written = {source.name: _written(engine, source, settings.oldest_years) for source in settings.sources}
    standardise_rows(engine, settings, progress)  # which lets go of what was read
    engine.run("CREATE OR REPLACE VIEW profile_ids AS SELECT DISTINCT source, national_id FROM standardised "
               "WHERE id_state = 'valid'")  # fmt: skip
    files = tuple(_File(engine, sources, name, counts).told(written[name], unknown) for name in sources.sources)
    overlaps = _overlaps(engine, list(sources.sources))
    would_stop = any(column.is_stopping for file in files for column in file.unknown)
    return Profile(STATUS, files, overlaps, would_stop)


def _read(engine: Engine, sources: Sources, progress: Progress) -> tuple[Sequence[UnknownCode], Counts]:
    """Read all files, unknown codes as missing; the unknown codes, and what was counted."""
    try:
        return (), read_rows(engine, with_unknown(sources, "stop"), progress).counts
    except UnknownCodes as err:
        return err.unknown, read_rows(engine, with_unknown(sources, "missing"), progress).counts


@dataclass(frozen=True, slots=True)
class _Written:
    """What is told of a source's rows as they were read: how many go on, their fields, their calendars."""

    n_rows: int
    fields: tuple[FieldCount, ...]
    calendars: Mapping[str, int]


def _written(engine: Engine, source: SourceSettings, oldest_years: int) -> _Written:
    """Count the rows of a source before they are standardised."""
    rows = SourceRows.of(engine, source.name)
    taken = dict(
        engine.rows(
            f"SELECT field, count(DISTINCT row_id) FROM {quoted(f'read_flags_{source.name}')} "
            "WHERE flag IN ('READ-020', 'READ-022', 'READ-024') GROUP BY field"
        )
    )
    fields = tuple(
        FieldCount(name, int(column.is_missing.sum()), int(taken.get(name, 0))) for name, column in rows.columns.items()
    )
    birth = rows.columns.get("birth")
    calendars = {} if birth is None else count_calendars(birth, source, oldest_years)
    return _Written(rows.n_rows, fields, calendars)


class _File:
    """Counts one source."""

    def __init__(self, engine: Engine, sources: Sources, name: str, counts: Counts) -> None:
        self.counts = counts
        self.engine = engine
        self.sources = sources
        self.name = name

    def told(self, written: _Written, unknown: Sequence[UnknownCode]) -> FileProfile:
        """Everything that is told of the source."""
        said = self.sources.sources[self.name]
        set_aside = self._counts("SELECT code, count(*) FROM set_aside WHERE source = $1 GROUP BY code ORDER BY code")
        oldest, newest, n_old = self._days()
        has_names = any(name in said.fields for name in ("given", "family", "full_name"))
        return FileProfile(
            source=self.name,
            path=said.path,
            n_rows=written.n_rows + sum(set_aside.values()),
            set_aside=set_aside,
            fields=tuple(self._with_unusable(field) for field in written.fields),
            facts=tuple(self._fact_table(n, facts.path) for n, facts in enumerate(said.facts, 1)),
            unknown=tell_unknown(self.sources, self.name, unknown),
            ids=self._ids() if "national_id" in said.fields else {},
            n_ids_again=self._ids_again(),
            flags=self._counts(
                "SELECT flag, count(*) FROM (SELECT unnest(flags) AS flag FROM standardised WHERE source = $1) "
                "GROUP BY flag ORDER BY flag"
            ),
            declared=self.sources.as_of(self.name),
            oldest=oldest,
            newest=newest,
            n_old=n_old,
            calendars=written.calendars,
            scripts=self._counts(
                "SELECT coalesce(script::VARCHAR, 'none') AS s, count(*) FROM standardised WHERE source = $1 "
                "GROUP BY s ORDER BY count(*) DESC, s"
            )
            if has_names
            else {},
        )

    def _with_unusable(self, field: FieldCount) -> FieldCount:
        """The field, with the values of a fact that standardising could not take."""
        if read_reference("fields.toml").get(field.field, {}).get("kind") != "fact":
            return field
        column = quoted(field.field)
        [n] = self.engine.row(f"SELECT count(*) FROM standardised WHERE source = $1 AND {column} IS NULL", [self.name])
        return replace(field, n_unusable=max(int(n) - field.n_missing, 0))

    def _fact_table(self, number: int, path: str) -> FactTable:
        n_rows, n_strays = (
            int(self.counts.get(f"{what} {self.name} {number}", 0)) for what in ("facts", "facts without a person")
        )
        return FactTable(path, n_rows - int(self.counts.get(f"facts left out {self.name} {number}", 0)), n_strays)

    def _counts(self, sql: str) -> dict[str, int]:
        return {str(key): int(n) for key, n in self.engine.rows(sql, [self.name])}

    def _ids(self) -> dict[str, int]:
        found = self._counts(
            "SELECT coalesce(id_state::VARCHAR, 'none') AS s, count(*) FROM standardised WHERE source = $1 GROUP BY s"
        )
        return {state: found.get(state, 0) for state in (*STATES, "none")}

    def _ids_again(self) -> int:
        found = self.engine.row(
            "SELECT count(*) FROM (SELECT national_id FROM standardised WHERE source = $1 AND id_state = 'valid' "
            "GROUP BY national_id HAVING count(*) > 1)",
            [self.name],
        )
        return int(found[0])

    def _days(self) -> tuple[dt.date | None, dt.date | None, int]:
        """The oldest and the newest day of values, and how many rows are old."""
        oldest, newest, n_old = self.engine.row(
            "SELECT min(as_of), max(as_of), count(*) FILTER (as_of < $2::DATE - to_months($3)) "
            "FROM standardised WHERE source = $1",
            [self.name, self.sources.run.as_of, OLD_MONTHS],
        )
        return oldest, newest, int(n_old)


def _overlaps(engine: Engine, names: Sequence[str]) -> tuple[Overlap, ...]:
    """The overlap of each pair of sources."""
    total = dict(engine.rows("SELECT source::VARCHAR, count(*) FROM profile_ids GROUP BY ALL"))
    both = {
        frozenset((left, right)): n
        for left, right, n in engine.rows(
            "SELECT a.source::VARCHAR, b.source::VARCHAR, count(*) FROM profile_ids a JOIN profile_ids b "
            "USING (national_id) WHERE a.source::VARCHAR < b.source::VARCHAR GROUP BY ALL"
        )
    }
    return tuple(
        overlap(left, right, total.get(left, 0), total.get(right, 0), both.get(frozenset((left, right)), 0))
        for left, right in itertools.combinations(names, 2)
    )


def overlap(left: str, right: str, n_left: int, n_right: int, n_both: int) -> Overlap:
    """An overlap, withheld where it, or what it leaves of one of the files, is a small count.

    Args:
        left: the one file.
        right: the other.
        n_left: distinct valid IDs of the one.
        n_right: distinct valid IDs of the other.
        n_both: those that stand in both.
    """
    threshold = DisclosureSettings().threshold
    if any(0 < n < threshold for n in (n_both, n_left - n_both, n_right - n_both)):
        return Overlap(left, right, None, None, None)
    return Overlap(left, right, n_both, _share(n_both, n_left), _share(n_both, n_right))


def _share(part: int, whole: int) -> int | None:
    """A share in thousandths, rounded half up; None of nothing."""
    return (2000 * part + whole) // (2 * whole) if whole else None
