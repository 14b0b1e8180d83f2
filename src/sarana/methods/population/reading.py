"""The first step of the chain: sector files become rows of standard fields, and nothing is lost on the way."""

from collections import Counter
from collections.abc import Mapping

from sarana.basics.errors import BadTable
from sarana.basics.progress import Progress
from sarana.basics.reports import StepReport
from sarana.methods.engine import Engine, literal, quoted
from sarana.methods.population.areas_in import read_areas, read_crosswalk
from sarana.methods.population.cleaning import clean_table
from sarana.methods.population.codes import UnknownCode, UnknownCodes
from sarana.methods.population.facts import key_name, read_facts
from sarana.methods.population.sources import Field, Source, Sources
from sarana.methods.population.tables import ROW_FLAG, Column, Table, load_table
from sarana.methods.population.values import SCIENTIFIC, Sheet, Value, held_words, read_area, read_value, ready_value

NO_ROW_ID = "READ-030"
TWICE = "READ-031"
REASONS = {
    NO_ROW_ID: "The row has no row id, or one that cannot be read.",
    TWICE: "The row id stands on more than one row.",
}
ROW = "row"
"""What stands for the field in a flag that is about a whole row."""


def read_rows(engine: Engine, sources: Sources, progress: Progress) -> StepReport:
    """Read every file that SOURCES.toml names.

    Leaves `villages`, `area_names`, `set_aside`, and for each source `rows_<source>`, `read_flags_<source>` and, where
    it has area codes, `crosswalk_<source>`.

    Args:
        engine: must see the data folder.
        sources: as `load_sources` gave it.
        progress: told of each source.

    Returns:
        Rows in the files, rows of standard fields, rows set aside by code, and how many flags of each kind were set.

    Raises:
        UnknownCodes: READ-008 all codes of all files that are not known.
        BadFile, BadTable: the faults of `load_table`, `read_areas` and `read_crosswalk`; READ-029 rows do not add up.

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


def rows_query(sources: Sources, name: str) -> str:
    """The query with the total order in which `rows_<source>` is saved: by row id, codes kept as numbers on the way.

    Cost: a column of codes as text takes four times as long to sort and to write.
    """
    fields = sources.sources[name].fields
    columns = [quoted("row_id")]
    for field in sources.standard_fields(name):
        words = held_words(field, fields[field]) if field in fields else ()
        few = f"ENUM({', '.join(map(literal, words))})" if words else ""
        columns.append(f"CAST({quoted(field)} AS {few}) AS {quoted(field)}" if few else quoted(field))
    return f"SELECT {', '.join(columns)} FROM {quoted(f'rows_{name}')} ORDER BY row_id"


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
        self.rows = f"rows_{name}"
        self.unknown: list[UnknownCode] = []
        self.counts: Counter[str] = Counter()
        self.n_in = 0
        self.n_out = 0

    def read(self) -> "_Reader":
        """Load, clean, map, set aside, join facts; leave the relations of this source."""
        engine = self.engine
        engine.run(f"CREATE OR REPLACE TABLE {self.flags} (rec BIGINT, field VARCHAR, flag VARCHAR)")
        table = load_table(
            engine, self.sources.data, self.source, self._wanted(), into=self.raw, part=f"sources.{self.name}"
        )
        self.n_in = table.n_rows
        clean_table(engine, table, self.flags)
        values = self._values(table)
        facts = read_facts(engine, self.sources, self.name, self.flags)
        self.unknown += facts.unknown
        self.counts.update(facts.counts)
        if not self.unknown:
            self._set_aside()
            self._leave_flags()
            self._leave_rows([*values, *facts.values], has_row_flags=table.has_row_flags)
            self.counts[f"rows {self.name}"] = self.n_out
        for left in (self.raw, self.flags, f"{self.raw}_twice", *facts.tables):
            engine.run(f"DROP TABLE IF EXISTS {quoted(left)}")
        return self

    def _wanted(self) -> dict[str, Column]:
        """The columns to load: the row id, the fields, area and moo, and the keys of fact tables; no others."""
        columns = {field: Column(said.columns, ready_value(field, said)) for field, said in self.source.fields.items()}
        area = self.source.area
        if area is not None:
            columns["area"] = Column(area.column, "{0}")
            if area.moo:
                columns["moo"] = Column(area.moo)
        keys = {key_name(key): Column((key,)) for facts in self.source.facts for key in facts.keys}
        return {"row_id": Column(self.source.row_id)} | dict(sorted(columns.items())) | keys

    def _values(self, table: Table) -> list[Value]:
        """The expressions of all fields of the person table; flags and unknown codes are noted on the way."""
        sheet = Sheet(self.engine, self.raw, self.flags, self.name, table.ready)
        values = []
        said: Mapping[str, Field] = self.source.fields
        for field, each in sorted(said.items()):
            value, unknown = read_value(sheet, field, each, each.columns[0])
            values.append(value)
            self.unknown += unknown
        area = self.source.area
        if area is not None:
            value, unknown = read_area(sheet, self.area_codes, unknown=area.unknown, column=area.column[0])
            values.append(value)
            self.unknown += unknown
            if area.moo:
                values.append(Value("moo", "moo"))
        if table.has_row_flags:
            self.engine.run(
                f"INSERT INTO {self.flags} SELECT rowid, {literal(ROW)}, {ROW_FLAG} FROM {self.raw} "
                f"WHERE {ROW_FLAG} IS NOT NULL"
            )
        return values

    def _set_aside(self) -> None:
        """Note the rows without a row id and all copies of one that stands twice."""
        bad = f"row_id IS NULL OR regexp_full_match(row_id, {literal(SCIENTIFIC)})"
        self.engine.run(
            f"INSERT INTO set_aside SELECT {literal(self.name)}, row_id, rowid + 1, {literal(NO_ROW_ID)}, "
            f"{literal(REASONS[NO_ROW_ID])} FROM {self.raw} WHERE {bad}"
        )
        self.engine.run(
            f"CREATE OR REPLACE TABLE {self.raw}_twice AS SELECT row_id FROM {self.raw} WHERE NOT ({bad}) "
            "GROUP BY row_id HAVING count(*) > 1"
        )
        self.engine.run(
            f"INSERT INTO set_aside SELECT {literal(self.name)}, row_id, rowid + 1, {literal(TWICE)}, "
            f"{literal(REASONS[TWICE])} FROM {self.raw} SEMI JOIN {self.raw}_twice USING (row_id)"
        )

    def _leave_rows(self, values: list[Value], *, has_row_flags: bool) -> None:
        """Leave `rows_<source>`: the rows that are not set aside."""
        n_aside = int(self.engine.row(f"SELECT count(*) FROM set_aside WHERE source = {literal(self.name)}")[0])
        is_ready = not n_aside and not self.source.facts and all(v.sql in (v.field, quoted(v.field)) for v in values)
        if is_ready and not has_row_flags:
            self.engine.run(f"DROP TABLE IF EXISTS {self.rows}")
            self.engine.run(f"ALTER TABLE {self.raw} RENAME TO {self.rows}")
            self.n_out = self.n_in
            return
        fields = ", ".join(f"{v.sql} AS {quoted(v.field)}" for v in sorted(values, key=lambda v: v.field))
        joins = " ".join(dict.fromkeys(v.join for v in values if v.join))
        self.engine.run(
            f"CREATE OR REPLACE TABLE {self.rows} AS SELECT row_id, {fields} FROM "
            f"(SELECT * FROM {self.raw} WHERE rowid + 1 NOT IN (SELECT line FROM set_aside WHERE source = "
            f"{literal(self.name)})) AS {self.raw} {joins}"
        )
        self.n_out = int(self.engine.row(f"SELECT count(*) FROM {self.rows}")[0])
        if self.n_in != self.n_out + n_aside:
            raise BadTable(
                "READ-029",
                f"The file has {self.n_in:,} rows, but {self.n_out:,} were read and {n_aside:,} set aside.",
                where=f"[sources.{self.name}]",
                cure="This is a fault of Sarana: please report it.",
            )

    def _leave_flags(self) -> None:
        """Leave `read_flags_<source>`: what became missing or was mended, for the rows that are not set aside."""
        self.engine.run(
            f"CREATE OR REPLACE TABLE read_flags_{self.name} AS SELECT DISTINCT row_id, field, flag FROM {self.flags} "
            f"JOIN (SELECT rowid AS rec, row_id FROM {self.raw}) USING (rec) WHERE rec + 1 NOT IN "
            f"(SELECT line FROM set_aside WHERE source = {literal(self.name)}) ORDER BY ALL"
        )
        for flag, n in self.engine.rows(
            f"SELECT flag, count(*) FROM read_flags_{self.name} GROUP BY flag ORDER BY flag"
        ):
            self.counts[f"flag {flag} {self.name}"] = n
