"""Counts of sources and of linking, as the chain leaves them in small tables: no row of a person among them."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from sarana.methods.engine import Engine


@dataclass(frozen=True, slots=True)
class SourceCounts:
    """What became of one source's rows.

    `set_aside` counts rows by code, `flags` rows by flag, `missing` rows without a value by field, `made_missing`
    values that became missing on reading by field.
    """

    rows: int = 0
    set_aside: Mapping[str, int] = field(default_factory=dict)
    flags: Mapping[str, int] = field(default_factory=dict)
    missing: Mapping[str, int] = field(default_factory=dict)
    made_missing: Mapping[str, int] = field(default_factory=dict)

    @property
    def rows_in(self) -> int:
        """Rows that the file held."""
        return self.rows + sum(self.set_aside.values())


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts by source, and of linking by what is counted (`people`, `pairs_joined`, `pairs_for_review` ...)."""

    sources: Mapping[str, SourceCounts] = field(default_factory=dict)
    link: Mapping[str, int] = field(default_factory=dict)

    def of(self, source: str) -> SourceCounts:
        """The counts of a source; all zero where the run has none."""
        return self.sources.get(source, SourceCounts())


def read_counts(engine: Engine) -> Counts:
    """Read `quality` (source, kind, key, n) and `link_counts` (key, n), as far as the run has them."""
    tables = engine.tables()
    kinds: dict[str, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    if "quality" in tables:
        for source, kind, key, n in engine.rows("SELECT source, kind, key, n::BIGINT FROM quality ORDER BY ALL"):
            kinds[source][kind][key] = n
    link = dict(engine.rows("SELECT key, n::BIGINT FROM link_counts ORDER BY ALL")) if "link_counts" in tables else {}
    found = {
        source: SourceCounts(of["rows"].get("", 0), of["set-aside"], of["flag"], of["missing"], of["unknown"])
        for source, of in kinds.items()
    }
    return Counts(found, link)
