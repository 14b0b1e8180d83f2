"""What SOURCES.toml says of a province's files, as frozen values that nothing after this page may change."""

import datetime as dt
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct, field

Level = Literal["village", "subdistrict", "district", "province"]
LEVELS: tuple[Level, ...] = ("village", "subdistrict", "district", "province")
"""The levels of areas, smallest first."""

Unknown = Literal["stop", "missing"]
Format = Literal["", "csv", "tsv", "pipe", "xlsx", "parquet"]
Take = Literal["max", "min", "sum", "count", "latest", "any", "worst"]
Era = Literal["any", "buddhist", "common"]
Order = Literal["any", "given-first", "family-first"]


class Shape(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, rename={"from_": "from"}):
    """The manners all parts of SOURCES.toml share: frozen, named, no key that is not known."""


class Ethics(Shape, kw_only=True, frozen=True):
    """A province's recorded ethics decision: these indicators may be switched on."""

    indicators: tuple[str, ...]
    reference: Annotated[str, Meta(min_length=3)]


class Run(Shape, kw_only=True, frozen=True):
    """The run as a whole.

    `as_of` is the day the run looks from; `indicators` names a set of `reference/indicators`, or, ending in `.toml`,
    a file beside SOURCES.toml; `invented` says that no row is about a real person.
    """

    name: Annotated[str, Meta(min_length=1)]
    province: str
    as_of: dt.date
    indicators: Annotated[str, Meta(pattern=r"^([a-z0-9-]+|.{1,200}\.toml)$")]
    invented: bool = False
    impact_assessment: str = ""
    ethics: tuple[Ethics, ...] = ()

    @property
    def allowed_indicators(self) -> frozenset[str]:
        """The indicators, in capitals, that need an ethics decision and have one."""
        return frozenset(i.upper() for decision in self.ethics for i in decision.indicators)


class File(Shape, kw_only=True, frozen=True):
    """A table in a file inside the data folder: where it is and how it is written."""

    path: Annotated[str, Meta(min_length=1)]
    format: Format = ""
    encoding: str = "auto"
    sheet: str = ""


class Successors(File, kw_only=True, frozen=True):
    """A list of areas that were abolished: a column for the old code, one for the code that took its place."""

    old: str = "old"
    new: str = "new"


class Areas(File, kw_only=True, frozen=True):
    """The province's own list of villages, with the areas above each: each key names a column of the file.

    `names` and `names_local` give names by code where the file has none. What is empty is not in the file.
    """

    village: str
    subdistrict: str
    district: str
    province: str
    lat: str = ""
    lon: str = ""
    village_name: str = ""
    village_name_local: str = ""
    subdistrict_name: str = ""
    subdistrict_name_local: str = ""
    district_name: str = ""
    district_name_local: str = ""
    province_name: str = ""
    province_name_local: str = ""
    names: dict[str, str] = {}
    names_local: dict[str, str] = {}
    successors: Successors | None = None


class Boundaries(Shape, kw_only=True, frozen=True):
    """A map layer: its file, the level of its shapes, the property that holds the code, and what stands before it.

    `drawn_by` says who drew it and under which licence, `as_of` from which day it is, `sha256` is that of the file as
    its office gave it, where this one was made of it. They change no figure; the card of the run says them.
    """

    path: Annotated[str, Meta(min_length=1)]
    level: Literal["subdistrict", "district", "province"]
    code: str
    prefix: str = ""
    drawn_by: Annotated[str, Meta(max_length=200)] = ""
    as_of: dt.date | None = None
    sha256: Annotated[str, Meta(pattern="^([0-9a-f]{64})?$")] = ""


class Field(Shape, kw_only=True, frozen=True):
    """Which column feeds a standard field, and what to do to its values.

    `columns` are names the column may bear (`{year}` stands for four digits); one name alone may put columns together
    (`A & B`) or add them up (`A + B`). `codes` maps the file's codes to standard ones (nothing: the standard codes of
    `reference/fields.toml`; an empty target: missing; `*` stands for every code that is not named). `strip` are
    characters taken out, `missing` values that mean nothing is known, `factor` a number every value is multiplied
    with (a unit). `era`, `formats` and `order` are handed on to standardising as they are.
    """

    columns: Annotated[tuple[str, ...], Meta(min_length=1)] = field(name="column")
    codes: dict[str, str] = {}
    unknown: Unknown = "stop"
    strip: str = ""
    missing: tuple[str, ...] = ()
    factor: Annotated[float, Meta(gt=0)] = 1.0
    era: Era = "any"
    formats: tuple[str, ...] = ()
    order: Order = "any"


class Area(Shape, kw_only=True, frozen=True):
    """Which column holds a source's own area code, and the crosswalk from it to the province's areas.

    `also` names codes that the crosswalk lacks, each with the area that it means.
    Without a crosswalk the codes are the province's own, of the given level. Without a column they come out of a fact
    table that feeds the field `area`.
    """

    level: Level
    column: tuple[str, ...] = ()
    crosswalk: str = ""
    from_: str = "sector_code"
    to: str = ""
    valid_from: str = ""
    valid_until: str = ""
    moo: tuple[str, ...] = ()
    unknown: Unknown = "stop"
    also: dict[str, str] = {}


class FactField(Field, kw_only=True, frozen=True):
    """A standard field out of a fact table: the column, and which of many rows of a person counts.

    `take` is max, min, sum, count, any, worst (in the order of worry of the field's standard codes), or latest (by the
    date column `by`); `absent` stands where a person has no row at all (nothing: not known).
    """

    columns: tuple[str, ...] = field(name="column", default=())
    take: Take = "max"
    by: str = ""
    absent: str = ""


class Facts(File, kw_only=True, frozen=True):
    """A table with any number of rows a person, joined by keys: column of the person table = column of this table.

    `only` names columns and the values of the rows that count; `F2*` stands for every value that begins so.
    """

    keys: Annotated[dict[str, str], Meta(min_length=1)]
    fields: Annotated[dict[str, FactField], Meta(min_length=1)]
    only: dict[str, Annotated[tuple[str, ...], Meta(min_length=1)]] = {}


class Source(File, kw_only=True, frozen=True):
    """One sector's register: a person table, any number of fact tables, and under which right it is held.

    `register` is the register of the set of indicators that the source plays, where that has another name.
    """

    row_id: Annotated[tuple[str, ...], Meta(min_length=1)]
    fields: Annotated[dict[str, Field], Meta(min_length=1)]
    as_of: dt.date | None = None
    area: Area | None = None
    facts: tuple[Facts, ...] = ()
    register: str = ""
    custodian: str = ""
    legal_basis: str = ""
    agreement: str = ""
    agreement_until: dt.date | None = None


class Sources(Struct, frozen=True, kw_only=True):
    """Everything SOURCES.toml says, checked, the folder its files lie in, and the one that it lies in itself."""

    run: Run
    areas: Areas
    sources: dict[str, Source]
    boundaries: Boundaries | None = None
    data: Path = Path()
    beside: Path = Path()

    @property
    def own_set(self) -> Path | None:
        """The file of the province's own indicator set; None where the run uses one that comes with Sarana."""
        name = self.run.indicators
        return (self.beside / name).resolve() if name.endswith(".toml") else None

    def path_of(self, name: str) -> Path:
        """The full path of a file named in SOURCES.toml."""
        return (self.data / name).resolve()

    def as_of(self, source: str) -> dt.date:
        """The day a source's values date from unless a row says better: the source's own, else the run's."""
        return self.sources[source].as_of or self.run.as_of

    def standard_fields(self, source: str) -> tuple[str, ...]:
        """The standard fields a source declares, sorted: the columns of its `rows_…` besides `row_id`."""
        said = self.sources[source]
        found = set(said.fields) | {name for facts in said.facts for name in facts.fields}
        if said.area is not None:
            found |= {"area", "moo"} if said.area.moo else {"area"}
        return tuple(sorted(found))

    def files(self) -> dict[str, Path]:
        """Every file the run reads, by its name in SOURCES.toml: what a receipt must hash."""
        names = {self.areas.path}
        if self.areas.successors is not None:
            names.add(self.areas.successors.path)
        if self.boundaries is not None:
            names.add(self.boundaries.path)
        for source in self.sources.values():
            names.add(source.path)
            names.update(facts.path for facts in source.facts)
            if source.area is not None and source.area.crosswalk:
                names.add(source.area.crosswalk)
        return {name: self.path_of(name) for name in sorted(names)}

    def settings(self) -> dict[str, Any]:
        """All settings as plain values, without the folders: what a settings hash is made of."""
        plain: dict[str, Any] = msgspec.to_builtins(self, enc_hook=str)
        del plain["data"], plain["beside"]
        for told in ("drawn_by", "as_of", "sha256") if plain["boundaries"] else ():
            del plain["boundaries"][told]  # who drew a line decides no figure
        for source in plain["sources"].values():
            if source["area"] and not source["area"]["also"]:
                del source["area"]["also"]  # what is not said changes no hash
        return plain
