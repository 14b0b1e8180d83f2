"""The first step of the chain: sector files become rows of standard fields, and nothing is lost on the way."""

from collections import Counter
from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sarana.basics.progress import Progress
from sarana.basics.reports import StepReport
from sarana.methods.coded import Coded, Rows
from sarana.methods.engine import Engine, literal, quoted
from sarana.methods.population.areas_in import read_areas, read_crosswalk
from sarana.methods.population.chain_earlier import TakenSource
from sarana.methods.population.cleaning import ROW_FLAG
from sarana.methods.population.codes import UnknownCode, UnknownCodes
from sarana.methods.population.facts import Joined, read_facts
from sarana.methods.population.joining import key_name
from sarana.methods.population.made_columns import load_made_columns
from sarana.methods.population.sheets import Sheet, trimmed
from sarana.methods.population.sources import Source, Sources
from sarana.methods.population.tables import Column
from sarana.methods.population.values import SCIENTIFIC, read_area, read_value
from sarana.methods.together import each

NO_ROW_ID = "READ-030"
TWICE = "READ-031"
REASONS = {
    NO_ROW_ID: "The row has no row id, or one that cannot be read.",
    TWICE: "The row id stands on more than one row.",
}


def read_rows(
    engine: Engine, sources: Sources, progress: Progress, taken: Mapping[str, TakenSource] | None = None
) -> StepReport:
    """Read every file that SOURCES.toml names.

    Leaves `villages`, `area_names`, `set_aside`, and for each source `rows_<source>`, `read_flags_<source>` and, where
    it has area codes, `crosswalk_<source>`.

    Args:
        engine: must see the data folder.
        sources: as `load_sources` gave it.
        progress: told of each source.
        taken: sources that an earlier run read to the same rows; they are not read again.

    Returns:
        Rows in the files, rows of standard fields, rows set aside by code, and how many flags of each kind were set.

    Raises:
        UnknownCodes: READ-008 all codes of all files that are not known.
        BadFile, BadTable: the faults of `load_columns`, `read_areas` and `read_crosswalk`.

    Cost: 16 CPU s and 0.8 GiB for 2.28 million rows of clean UTF-8, measured on a busy machine.
    """
    total = len(sources.sources) + 1
    progress.report(0, total, "reading areas")
    areas = read_areas(engine, sources)
    engine.run(
        "CREATE OR REPLACE TABLE set_aside (source VARCHAR, row_id VARCHAR, line BIGINT, code VARCHAR, reason VARCHAR)"
    )
    known = {
        name: read_crosswalk(engine, sources, name, areas)
        for name, source in sources.sources.items()
        if source.area is not None
    }
    unknown: list[UnknownCode] = []
    rows_in, rows_out, counts = 0, 0, Counter[str]()
    for n, (name, source) in enumerate(sources.sources.items(), 1):
        progress.report(n, total, f"reading {name}")
        if taken and name in taken:
            n_in, n_out = _take(engine, name, taken[name])
            rows_in, rows_out = rows_in + n_in, rows_out + n_out
            counts.update(taken[name].counts)
            counts[f"taken over {name}"] = n_out
            continue
        said = _Reader(engine, sources, name, source, known.get(name, {})).read()
        unknown += said.unknown
        rows_in += said.n_in
        rows_out += said.n_out
        counts.update(said.counts)
    if unknown:
        raise UnknownCodes(unknown)
    progress.report(total, total, "read")
    aside = dict(engine.rows("SELECT code, count(*) FROM set_aside GROUP BY code ORDER BY code"))
    return StepReport(rows_in, rows_out, aside, dict(sorted(counts.items())))


def _take(engine: Engine, name: str, taken: TakenSource) -> tuple[int, int]:
    """Leave what reading a source left before; its rows in and out."""
    engine.lend(f"rows_{name}", taken.rows)
    engine.load(f"read_flags_{name}", taken.flags)
    engine.lend("_aside", taken.aside)
    for code, reason in REASONS.items():
        engine.run(
            f"INSERT INTO set_aside SELECT {literal(name)}, row_id, line, code, {literal(reason)} FROM _aside "
            f"WHERE code = {literal(code)}"
        )
    engine.give_back("_aside")
    n_out = int(taken.rows.num_rows)
    return n_out + int(taken.aside.num_rows), n_out


class _Reader:
    """Reads one source."""

    def __init__(
        self, engine: Engine, sources: Sources, name: str, source: Source, area_codes: Mapping[str, str]
    ) -> None:
        self.engine = engine
        self.sources = sources
        self.name = name
        self.source = source
        self.area_codes = area_codes
        self.raw = f"raw_{name}"
        self.flags = f"flags_{name}"
        self.unknown: list[UnknownCode] = []
        self.counts: Counter[str] = Counter()
        self.n_in = 0
        self.n_out = 0

    def read(self) -> "_Reader":
        """Load, clean, map, set aside, join facts; leave the relations of this source."""
        engine = self.engine
        engine.run(f"CREATE OR REPLACE TABLE {self.flags} (rec BIGINT, field VARCHAR, flag VARCHAR)")
        part = f"sources.{self.name}"
        table = load_made_columns(
            engine, self.sources.data, self.source, self._wanted(), into=self.raw, part=part, flags=self.flags
        )
        self.n_in = table.num_rows
        raw = {name: table.column(name) for name in table.column_names}
        del table  # each column goes when it was read
        row_id = _bare(raw.pop("row_id"))
        kept = self._set_aside(row_id)
        facts = self._facts(raw)
        rows = self._columns(raw)
        self.unknown += facts.unknown
        self.counts.update(facts.counts)
        if not self.unknown:
            self._leave_flags(row_id, kept)
            self._leave_rows(row_id, {**rows, **facts.columns}, kept)
            self.counts[f"rows {self.name}"] = self.n_out
        for left in (self.raw, self.flags, *facts.tables):
            engine.run(f"DROP TABLE IF EXISTS {quoted(left)}")
        return self

    def _wanted(self) -> dict[str, Column]:
        """The columns to load: the row id, the fields, area and moo, and the keys of fact tables; no others."""
        columns = {f: Column(said.columns, is_own=f == "national_id") for f, said in self.source.fields.items()}
        area = self.source.area
        if area is not None:
            columns |= {place: Column(said) for place, said in (("area", area.column), ("moo", area.moo)) if said}
        keys = {key_name(key): Column((key,)) for facts in self.source.facts for key in facts.keys}
        return {"row_id": Column(self.source.row_id, is_own=True)} | dict(sorted(columns.items())) | keys

    def _columns(self, raw: dict[str, pa.ChunkedArray]) -> dict[str, Coded]:
        """The standard fields of the person table; flags and unknown codes are noted on the way.

        Args:
            raw: the columns as they were loaded; each is taken out when it was read, so that its memory can go.
        """
        columns: dict[str, Coded] = {}
        if ROW_FLAG in raw:
            self._sheet({}).flag_mended(raw.pop(ROW_FLAG))
        for field, said in sorted(self.source.fields.items()):
            column = raw.pop(field)
            is_own = field == "national_id" and pa.types.is_string(column.type)
            sheet = self._sheet({field: trimmed(Coded.each(column) if is_own else Coded.of(column))})
            columns[field], unknown = read_value(sheet, field, said, said.columns[0])
            self.unknown += unknown
        area = self.source.area
        if area is not None and area.column:
            sheet = self._sheet({"area": trimmed(Coded.of(raw.pop("area")))})
            columns["area"], unknown = read_area(sheet, self.area_codes, unknown=area.unknown, column=area.column[0])
            self.unknown += unknown
        if "moo" in raw:
            columns["moo"] = trimmed(Coded.of(raw.pop("moo")))
        return columns

    def _sheet(self, words: Mapping[str, Coded]) -> Sheet:
        return Sheet(self.engine, f"{self.raw}_words", self.flags, self.name, words)

    def _facts(self, raw: Mapping[str, pa.ChunkedArray]) -> Joined:
        """The fields that fact tables give."""
        if not self.source.facts:
            return Joined()
        keys = {key_name(key) for facts in self.source.facts for key in facts.keys}
        person = {key: trimmed(Coded.of(raw[key])).plain() for key in sorted(keys)}
        self.engine.load(self.raw, pa.table(person))
        return read_facts(self.engine, self.sources, self.name, self.flags, self.area_codes)

    def _set_aside(self, row_id: pa.Array) -> Rows:
        """Note the rows without a row id and all copies of one that stands twice; the others, in order of row id."""
        is_bad = pc.or_kleene(row_id.is_null(), pc.match_substring_regex(row_id, f"^(?:{SCIENTIFIC})$"))
        is_bad = is_bad.to_numpy(zero_copy_only=False).astype(np.bool_)
        good = np.flatnonzero(~is_bad)
        if len(good) == len(row_id) and _is_rising(row_id):
            return good
        in_order: Rows = good[pc.sort_indices(row_id.take(good)).to_numpy()]
        ids = row_id.take(in_order)
        is_next = np.asarray(pc.equal(ids[1:], ids[: max(0, len(ids) - 1)])).astype(np.bool_)
        is_twice = np.append(is_next, False)[: len(ids)] | np.append(False, is_next)[: len(ids)]
        for code, rows in ((NO_ROW_ID, np.flatnonzero(is_bad)), (TWICE, np.sort(in_order[is_twice]))):
            self.engine.lend(self.raw + "_aside", pa.table({"row_id": row_id.take(rows), "line": pa.array(rows + 1)}))
            self.engine.run(
                f"INSERT INTO set_aside SELECT {literal(self.name)}, row_id, line, {literal(code)}, "
                f"{literal(REASONS[code])} FROM {quoted(self.raw + '_aside')}"
            )
            self.engine.give_back(self.raw + "_aside")
        kept: Rows = in_order[~is_twice]
        return kept

    def _are_all(self, kept: Rows) -> bool:
        """Whether all rows are kept, in the order they stand in."""
        return len(kept) == self.n_in and bool((kept[1:] > kept[:-1]).all())

    def _leave_rows(self, row_id: pa.Array, columns: Mapping[str, Coded], kept: Rows) -> None:
        """Leave `rows_<source>`: the rows that are not set aside, in order of row id."""
        self.n_out = len(kept)
        are_all = self._are_all(kept)
        fields = self.sources.standard_fields(self.name)

        def left(field: str) -> pa.Array:
            """A column for the rows kept, as it is left."""
            return (columns[field] if are_all else columns[field].at(kept)).to_arrow()

        rows = dict(zip(fields, each(left, fields, threads=self.engine.threads), strict=True))
        own = row_id if are_all else row_id.take(kept)
        self.engine.lend(f"rows_{self.name}", pa.table({"row_id": own, **rows}))

    def _leave_flags(self, row_id: pa.Array, kept: Rows) -> None:
        """Leave `read_flags_<source>`: what became missing or was mended, for the rows that are not set aside."""
        noted = self.engine.table(self.flags)
        rec = noted.column("rec").to_numpy()
        is_kept = np.zeros(self.n_in, np.bool_)
        is_kept[kept] = True
        told = noted.filter(pa.array(is_kept[rec])).drop_columns(["rec"])
        self.engine.load("_told", told.append_column("row_id", row_id.take(rec[is_kept[rec]])))
        self.engine.run(
            f"CREATE OR REPLACE TABLE read_flags_{self.name} AS SELECT DISTINCT row_id, field, flag FROM _told "
            "ORDER BY ALL"
        )
        self.engine.run("DROP TABLE _told")
        for flag, n in self.engine.rows(
            f"SELECT flag, count(*) FROM read_flags_{self.name} GROUP BY flag ORDER BY flag"
        ):
            self.counts[f"flag {flag} {self.name}"] = n


def _bare(row_id: pa.ChunkedArray) -> pa.Array:
    """Row ids as plain text without blanks at their ends; what was nothing but blanks is missing."""
    plain = pa.concat_arrays(row_id.cast(pa.string()).chunks) if row_id.num_chunks else pa.array([], pa.string())
    bare = pc.utf8_trim(plain, " ")
    return pc.if_else(pc.equal(bare, ""), pa.scalar(None, pa.string()), bare)


def _is_rising(ids: pa.Array) -> bool:
    """Whether each id stands after the one before it, as in most files."""
    return len(ids) < 2 or bool(pc.all(pc.less(ids[:-1], ids[1:])).as_py())
