"""Joins fact tables to their people: many rows a person become one value a field, by a declared rule."""

from collections import Counter
from dataclasses import dataclass, field

from sarana.methods.engine import Engine, literal, quoted
from sarana.methods.population.cleaning import clean_table
from sarana.methods.population.codes import UnknownCode
from sarana.methods.population.sources import FactField, Facts, Sources
from sarana.methods.population.tables import Column, load_table
from sarana.methods.population.values import Sheet, Value, read_value

DATE_FORMATS = ["%Y-%m-%d", "%Y%m%d", "%d/%m/%Y", "%Y-%m-%d %H:%M:%S", "%Y%m%d%H%M%S", "%Y"]
FLAG_DATE = "READ-028"


@dataclass(slots=True)
class Joined:
    """What the fact tables of a source give: values with their joins, unknown codes, counts, tables to drop."""

    values: list[Value] = field(default_factory=list)
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
        The faults of `load_table`.
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
        table = load_table(self.engine, self.sources.data, self.facts, self._wanted(), into=self.raw, part=part)
        clean_table(self.engine, table, own)
        self._aggregate(self._values(own, joined))
        self._hand_on_flags(own, flags)
        joined.counts[f"facts {self.name} {self.number}"] = table.n_rows
        joined.counts[f"facts without a person {self.name} {self.number}"] = self._count_strays()
        join = f"LEFT JOIN {self.one} ON {self._match(self.one, self.person)}"
        for fact, said in self.facts.fields.items():
            sql = f"{self.one}.{quoted(fact)}"
            if said.absent:
                sql = f"CASE WHEN {self.one}.{self.keys[0]} IS NULL THEN {literal(said.absent)} ELSE {sql} END"
            joined.values.append(Value(fact, sql, join))
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

    def _values(self, own: str, joined: Joined) -> list[Value]:
        """The expressions of the facts before they are aggregated."""
        sheet = Sheet(self.engine, self.raw, own, self.name)
        values = []
        for fact, said in sorted(self.facts.fields.items()):
            if said.columns:
                value, unknown = read_value(sheet, fact, said, f"{self.facts.path} {said.columns[0]}")
                joined.unknown += unknown
            else:
                value = Value(fact, "'1'")
            values.append(value)
            if said.by:
                sheet.note(fact, f"{quoted(fact)} IS NOT NULL AND {_date(fact)} IS NULL", FLAG_DATE)
        return values

    def _aggregate(self, values: list[Value]) -> None:
        """Make one row of each key's rows; rows with a key missing belong to nobody."""
        fields = [*self.keys, *(f"{v.sql} AS {quoted(v.field)}" for v in values)]
        fields += [f"{_date(f)} AS {quoted('on ' + f)}" for f, said in self.facts.fields.items() if said.by]
        taken = [f"{_taken(f, said)} AS {quoted(f)}" for f, said in self.facts.fields.items()]
        whole = " AND ".join(f"{key} IS NOT NULL" for key in self.keys)
        joins = " ".join(v.join for v in values if v.join)
        self.engine.run(
            f"CREATE OR REPLACE TABLE {self.one} AS SELECT {', '.join([*self.keys, *taken])} FROM "
            f"(SELECT {', '.join(fields)} FROM {self.raw} {joins}) WHERE {whole} GROUP BY {', '.join(self.keys)}"
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
