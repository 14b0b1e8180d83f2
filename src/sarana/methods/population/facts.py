"""Joins fact tables to their people: many rows a person become one value a field, by a declared rule."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sarana.methods.coded import Coded
from sarana.methods.engine import Engine, literal, quoted
from sarana.methods.population.cleaning import ROW_FLAG
from sarana.methods.population.codes import UnknownCode
from sarana.methods.population.joining import check_joined, key_name
from sarana.methods.population.made_columns import load_made_columns
from sarana.methods.population.numbers import number_sql
from sarana.methods.population.sheets import Sheet, trimmed
from sarana.methods.population.sources import FactField, Facts, Sources
from sarana.methods.population.tables import Column
from sarana.methods.population.values import read_area, read_value
from sarana.methods.reference import read_reference

DATE_FORMATS = ["%Y-%m-%d", "%Y%m%d", "%d/%m/%Y", "%Y-%m-%d %H:%M:%S", "%Y%m%d%H%M%S", "%Y"]
FLAG_DATE = "READ-028"


@dataclass(slots=True)
class Joined:
    """What the fact tables of a source give: columns by field, unknown codes, counts, tables to drop."""

    columns: dict[str, Coded] = field(default_factory=dict)
    unknown: list[UnknownCode] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    tables: list[str] = field(default_factory=list)


def read_facts(engine: Engine, sources: Sources, name: str, flags: str, area_codes: Mapping[str, str]) -> Joined:
    """Read and aggregate the fact tables of a source, ready to be joined to `raw_<source>`.

    Args:
        engine: holds `raw_<source>`, with its key columns, cleaned.
        sources: as `load_sources` gave it.
        name: the source.
        flags: table (rec, field, flag) of the source; flags of fact rows go to the people they belong to.
        area_codes: the source's area codes, for a fact table that feeds the field `area`.

    Raises:
        BadTable: READ-015 none, or nearly none, of a fact table's rows belongs to a row of the person table.
        And the faults of `load_columns`.
    """
    joined = Joined()
    for n, facts in enumerate(sources.sources[name].facts, 1):
        _FactTable(engine, sources, name, facts, n).read(flags, joined, area_codes)
    return joined


class _FactTable:
    """One fact table of a source."""

    def __init__(self, engine: Engine, sources: Sources, name: str, facts: Facts, number: int) -> None:
        self.engine = engine
        self.sources = sources
        self.name = name
        self.facts = facts
        self.number = number
        self.person = f"raw_{name}"
        self.raw = f"facts_{name}_{number}"
        self.one = f"{self.raw}_one"
        self.keys = [quoted(key_name(key)) for key in facts.keys]

    def read(self, flags: str, joined: Joined, area_codes: Mapping[str, str]) -> None:
        """Load the table, make one row of each key's rows, and hand on values, flags and counts."""
        own = f"{self.raw}_flags"
        self.engine.run(f"CREATE OR REPLACE TABLE {own} (rec BIGINT, field VARCHAR, flag VARCHAR)")
        part = f"sources.{self.name}.facts {self.number}"
        table = load_made_columns(
            self.engine, self.sources.data, self.facts, self._wanted(), into=self.raw, part=part, flags=own
        )
        n_rows = table.num_rows
        table = self._only(table, own)
        self._make_values(table, own, joined, area_codes)
        n_strays = self._count_strays()
        check_joined(self.engine, self.person, self.raw, self.facts, n_strays, part=part)
        self._aggregate()
        self._hand_on_flags(own, flags)
        joined.counts[f"facts {self.name} {self.number}"] = n_rows
        joined.counts[f"facts without a person {self.name} {self.number}"] = n_strays
        if self.facts.only:
            joined.counts[f"facts left out {self.name} {self.number}"] = n_rows - table.num_rows
        taken = []
        for fact, said in self.facts.fields.items():
            sql = f"{self.one}.{quoted(fact)}"
            if said.absent:
                sql = f"CASE WHEN {self.one}.{self.keys[0]} IS NULL THEN {literal(said.absent)} ELSE {sql} END"
            taken.append(f"{sql} AS {quoted(fact)}")
        found = self.engine.arrow(
            f"SELECT {', '.join(taken)} FROM {self.person} LEFT JOIN {self.one} "
            f"ON {self._match(self.one, self.person)} ORDER BY {self.person}.rowid"
        )
        joined.columns |= {fact: Coded.of(found.column(fact)) for fact in self.facts.fields}
        joined.tables += [self.raw, self.one, own]

    def _wanted(self) -> dict[str, Column]:
        """The columns to load: keys, facts, and dates that tell the latest."""
        wanted = {key_name(key): Column((theirs,)) for key, theirs in self.facts.keys.items()}
        for fact, said in self.facts.fields.items():
            if said.columns:
                wanted[fact] = Column(said.columns)
            if said.by:
                wanted[f"by {fact}"] = Column((said.by,))
        wanted |= {f"only {column}": Column((column,)) for column in self.facts.only}
        return wanted

    def _only(self, table: pa.Table, own: str) -> pa.Table:
        """The rows that count; the flags of the others are dropped, those of the rest follow their rows."""
        if not self.facts.only:
            return table
        is_kept = np.ones(table.num_rows, np.bool_)
        for column, values in self.facts.only.items():
            words = trimmed(Coded.of(table.column(f"only {column}")))
            is_kept &= words.marked(_is_any(words.words, values))
        kept = np.flatnonzero(is_kept)
        self.engine.lend(f"{self.raw}_kept", pa.table({"was": kept, "now": np.arange(len(kept))}))
        self.engine.run(
            f"CREATE OR REPLACE TABLE {own} AS SELECT now AS rec, field, flag FROM {own} "
            f"JOIN {self.raw}_kept ON rec = was"
        )
        self.engine.give_back(f"{self.raw}_kept")
        return table.take(pa.array(kept)).drop_columns([f"only {column}" for column in self.facts.only])

    def _make_values(self, table: pa.Table, own: str, joined: Joined, area_codes: Mapping[str, str]) -> None:
        """Leave the facts before they are aggregated, with the keys and dates beside them."""
        columns = {name: trimmed(Coded.of(table.column(name))) for name in table.column_names if name != ROW_FLAG}
        sheet = Sheet(self.engine, f"{self.raw}_words", own, self.name, columns)
        if ROW_FLAG in table.column_names:
            sheet.flag_mended(table.column(ROW_FLAG))
        values = dict(columns)
        for fact, said in sorted(self.facts.fields.items()):
            column = f"{self.facts.path} {said.columns[0]}" if said.columns else ""
            area = self.sources.sources[self.name].area
            if fact == "area" and area is not None:
                values[fact], unknown = read_area(sheet, area_codes, unknown=area.unknown, column=column)
                joined.unknown += unknown
            elif column:
                values[fact], unknown = read_value(sheet, fact, said, column)
                joined.unknown += unknown
            else:
                values[fact] = Coded.same(table.num_rows, "1")
        self.engine.load(self.raw, pa.table({name: values[name].plain() for name in values}))
        for fact, said in sorted(self.facts.fields.items()):
            if said.by:
                self.engine.run(
                    f"INSERT INTO {own} SELECT rowid, {literal(fact)}, {literal(FLAG_DATE)} FROM {self.raw} "
                    f"WHERE {quoted(fact)} IS NOT NULL AND {_date(fact)} IS NULL"
                )

    def _aggregate(self) -> None:
        """Make one row of each key's rows; rows with a key missing belong to nobody."""
        fields = [*self.keys, *(quoted(fact) for fact in self.facts.fields)]
        fields += [f"{_date(f)} AS {quoted('on ' + f)}" for f, said in self.facts.fields.items() if said.by]
        taken = [f"{_taken(f, said)} AS {quoted(f)}" for f, said in self.facts.fields.items()]
        whole = " AND ".join(f"{key} IS NOT NULL" for key in self.keys)
        self.engine.run(
            f"CREATE OR REPLACE TABLE {self.one} AS SELECT {', '.join([*self.keys, *taken])} FROM "
            f"(SELECT {', '.join(fields)} FROM {self.raw}) WHERE {whole} GROUP BY {', '.join(self.keys)}"
        )

    def _hand_on_flags(self, own: str, flags: str) -> None:
        """Give the flags of fact rows to the people they belong to."""
        facts = ", ".join(literal(f) for f in (*self.facts.fields, "row"))
        self.engine.run(
            f"INSERT INTO {flags} SELECT DISTINCT {self.person}.rowid, field, flag FROM {own} JOIN {self.raw} "
            f"ON rec = {self.raw}.rowid JOIN {self.person} ON {self._match(self.raw, self.person)} "
            f"WHERE field IN ({facts})"
        )

    def _count_strays(self) -> int:
        """How many fact rows belong to no row of the person table."""
        found = self.engine.row(
            f"SELECT count(*) FROM {self.raw} WHERE NOT EXISTS "
            f"(SELECT 1 FROM {self.person} WHERE {self._match(self.raw, self.person)})"
        )
        return int(found[0])

    def _match(self, left: str, right: str) -> str:
        """The condition that the keys of two tables are equal."""
        return " AND ".join(f"{left}.{key} = {right}.{key}" for key in self.keys)


def _taken(fact: str, said: FactField) -> str:
    """The aggregate that picks or makes one value; numbers are compared as numbers, sums are exact decimals."""
    value = quoted(fact)
    ranked = f"'n': coalesce(try_cast({number_sql(value)} AS DOUBLE), '-infinity'), 'v': {value}"
    held = f"FILTER ({value} IS NOT NULL)"
    match said.take:
        case "max" | "min":
            return f"({said.take}({{{ranked}}}) {held}).v"
        case "worst":
            order = [str(code) for code in read_reference("fields.toml")[fact]["values"]]
            return f"(max({{'n': list_position({order!r}, {value}), 'v': {value}}}) {held}).v"
        case "latest":
            on = f"coalesce({quoted('on ' + fact)}, '-infinity'::TIMESTAMP)"
            return f"(max({{'d': {on}, {ranked}}}) {held}).v"
        case "sum":
            return f"rtrim(rtrim(CAST(sum(try_cast({number_sql(value)} AS DECIMAL(30,6))) AS VARCHAR), '0'), '.')"
        case "count":
            return f"CAST(count({value}) AS VARCHAR)"
        case "any":
            return f"CAST(CAST(bool_or({value} <> '0') AS TINYINT) AS VARCHAR)"


def _is_any(words: pa.Array, values: Sequence[str]) -> pa.Array:
    """For each word whether it is one of the values, or begins like one that ends in `*`."""
    found = pc.is_in(words, value_set=pa.array([v for v in values if not v.endswith("*")], pa.string()))
    for value in values:
        if value.endswith("*"):
            found = pc.or_(found, pc.starts_with(words, value.removesuffix("*")))
    return found


def _date(fact: str) -> str:
    """The date of a fact, for finding the latest; years of one column are taken to be of one era."""
    return f"try_strptime({quoted('by ' + fact)}, {DATE_FORMATS!r})"
