"""Joins fact tables to their people: many rows a person become one value a field, by a declared rule."""

from collections import Counter
from dataclasses import dataclass, field

import pyarrow as pa

from sarana.methods.coded import Coded
from sarana.methods.engine import Engine, literal, quoted
from sarana.methods.population.cleaning import ROW_FLAG
from sarana.methods.population.codes import UnknownCode
from sarana.methods.population.sheets import Sheet, trimmed
from sarana.methods.population.sources import FactField, Facts, Sources
from sarana.methods.population.tables import Column, load_columns
from sarana.methods.population.values import read_value

DATE_FORMATS = ["%Y-%m-%d", "%Y%m%d", "%d/%m/%Y", "%Y-%m-%d %H:%M:%S", "%Y%m%d%H%M%S", "%Y"]
FLAG_DATE = "READ-028"


@dataclass(slots=True)
class Joined:
    """What the fact tables of a source give: columns by field, unknown codes, counts, tables to drop."""

    columns: dict[str, Coded] = field(default_factory=dict)
    unknown: list[UnknownCode] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    tables: list[str] = field(default_factory=list)


def key_name(header: str) -> str:
    """How a key column of the person table is called while it is needed."""
    return f"key {header}"


def read_facts(engine: Engine, sources: Sources, name: str, flags: str) -> Joined:
    """Read and aggregate the fact tables of a source, ready to be joined to `raw_<source>`.

    Args:
        engine: holds `raw_<source>`, with its key columns, cleaned.
        sources: as `load_sources` gave it.
        name: the source.
        flags: table (rec, field, flag) of the source; flags of fact rows go to the people they belong to.

    Raises:
        The faults of `load_columns`.
    """
    joined = Joined()
    for n, facts in enumerate(sources.sources[name].facts, 1):
        _FactTable(engine, sources, name, facts, n).read(flags, joined)
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

    def read(self, flags: str, joined: Joined) -> None:
        """Load the table, make one row of each key's rows, and hand on values, flags and counts."""
        own = f"{self.raw}_flags"
        self.engine.run(f"CREATE OR REPLACE TABLE {own} (rec BIGINT, field VARCHAR, flag VARCHAR)")
        part = f"sources.{self.name}.facts {self.number}"
        table = load_columns(
            self.engine, self.sources.data, self.facts, self._wanted(), into=self.raw, part=part, flags=own
        )
        self._make_values(table, own, joined)
        self._aggregate()
        self._hand_on_flags(own, flags)
        joined.counts[f"facts {self.name} {self.number}"] = table.num_rows
        joined.counts[f"facts without a person {self.name} {self.number}"] = self._count_strays()
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
        return wanted

    def _make_values(self, table: pa.Table, own: str, joined: Joined) -> None:
        """Leave the facts before they are aggregated, with the keys and dates beside them."""
        columns = {name: trimmed(Coded.of(table.column(name))) for name in table.column_names if name != ROW_FLAG}
        sheet = Sheet(self.engine, f"{self.raw}_words", own, self.name, columns)
        if ROW_FLAG in table.column_names:
            sheet.flag_mended(table.column(ROW_FLAG))
        values = dict(columns)
        for fact, said in sorted(self.facts.fields.items()):
            if said.columns:
                values[fact], unknown = read_value(sheet, fact, said, f"{self.facts.path} {said.columns[0]}")
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
    ranked = f"'n': coalesce(try_cast({value} AS DOUBLE), '-infinity'), 'v': {value}"
    held = f"FILTER ({value} IS NOT NULL)"
    match said.take:
        case "max" | "min":
            return f"({said.take}({{{ranked}}}) {held}).v"
        case "latest":
            on = f"coalesce({quoted('on ' + fact)}, '-infinity'::TIMESTAMP)"
            return f"(max({{'d': {on}, {ranked}}}) {held}).v"
        case "sum":
            return f"rtrim(rtrim(CAST(sum(try_cast({value} AS DECIMAL(30,6))) AS VARCHAR), '0'), '.')"
        case "count":
            return f"CAST(count({value}) AS VARCHAR)"
        case "any":
            return f"CAST(CAST(bool_or({value} <> '0') AS TINYINT) AS VARCHAR)"


def _date(fact: str) -> str:
    """The date of a fact, for finding the latest; years of one column are taken to be of one era."""
    return f"try_strptime({quoted('by ' + fact)}, {DATE_FORMATS!r})"
