"""What an earlier run read that a new one need not read again: whole sources, and single words."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sarana.methods.doors import file_hash
from sarana.methods.names.keys import HEARD
from sarana.methods.names.standard import PARTS_BEFORE, WHOLES_BEFORE
from sarana.methods.population.chain_settings import read_settings
from sarana.methods.population.sources import Sources
from sarana.methods.population.standardise import BIRTHS_BEFORE
from sarana.methods.runs.earlier import Earlier
from sarana.methods.runs.receipts import Receipt, settings_json, text_hash
from sarana.methods.tablefiles import read_arrow

WORDS = {
    "word_keys": ("work/word-keys.parquet", HEARD),
    "word_parts": ("work/word-parts.parquet", PARTS_BEFORE),
    "word_wholes": ("work/word-wholes.parquet", WHOLES_BEFORE),
    "word_births": ("work/word-births.parquet", BIRTHS_BEFORE),
}
"""Where a run keeps what it read of single words, and as which relation a later run is given that."""


@dataclass(frozen=True, slots=True)
class TakenSource:
    """What reading left of a source: rows, flags, what was set aside (row_id, line, code), and its counts."""

    rows: pa.Table
    flags: pa.Table
    aside: pa.Table
    counts: Mapping[str, int]


def unchanged_sources(earlier: Earlier, sources: Sources, reference: Mapping[str, Path]) -> dict[str, TakenSource]:
    """The sources that would be read to the very same rows again.

    A source is taken over when nothing it was read from differs: its own tables and crosswalk, the list of areas, the
    reference files, what SOURCES.toml says of reading, code and libraries; and when what was left still has its hash.
    """
    receipt = earlier.receipt("01-read")
    if receipt is None or receipt.settings_hash != text_hash(settings_json(read_settings(sources))):
        return {}
    areas = {sources.areas.path, *([sources.areas.successors.path] if sources.areas.successors else [])}
    shared = dict(reference) | {name: sources.path_of(name) for name in areas}
    if not _are_same(receipt, shared):
        return {}
    same = [name for name in sources.sources if _are_same(receipt, _files_of(sources, name))]
    aside_file = earlier.find_whole("work/set-aside-lines.parquet", receipt) if same else None
    if aside_file is None:
        return {}
    aside = pq.read_table(aside_file)
    found = {name: _taken(earlier, receipt, aside, name) for name in same}
    return {name: taken for name, taken in found.items() if taken is not None}


def known_words(earlier: Earlier, reference: Mapping[str, Path]) -> dict[str, pa.Table]:
    """What the earlier run read of single words, by relation, where the same would be read now."""
    receipt = earlier.receipt("02-standardise")
    if receipt is None or not _are_same(receipt, reference):
        return {}
    found = {relation: earlier.find_whole(file, receipt) for file, relation in WORDS.values()}
    return {relation: pq.read_table(file) for relation, file in found.items() if file is not None}


def _files_of(sources: Sources, name: str) -> dict[str, Path]:
    """The files that one source alone is read from."""
    source = sources.sources[name]
    names = {source.path, *(facts.path for facts in source.facts)}
    if source.area is not None and source.area.crosswalk:
        names.add(source.area.crosswalk)
    return {file: sources.path_of(file) for file in names}


def _are_same(receipt: Receipt, files: Mapping[str, Path]) -> bool:
    return all(receipt.inputs.get(name) == file_hash(path) for name, path in files.items())


def _taken(earlier: Earlier, receipt: Receipt, aside: pa.Table, name: str) -> TakenSource | None:
    rows = earlier.find_whole(f"work/rows-{name}.arrow", receipt)
    flags = earlier.find_whole(f"work/read-flags-{name}.parquet", receipt)
    if rows is None or flags is None:
        return None
    own = aside.filter(pc.equal(aside.column("source"), name)).select(["row_id", "line", "code"])
    counts = {key: int(n) for key, n in receipt.counts.items() if isinstance(n, int) and _is_of(key, name)}
    return TakenSource(read_arrow(rows), pq.read_table(flags), own, counts)


def _is_of(key: str, name: str) -> bool:
    """Whether a count of reading is of one source: `rows NAME`, `flag CODE NAME`, `facts … NAME NUMBER`."""
    words = key.split(" ")
    match words[0]:
        case "facts":
            return words[-2] == name
        case "rows" | "flag":
            return words[-1] == name
        case _:
            return False


def settings_of(receipt: Receipt) -> dict[str, object]:
    """The settings that a receipt tells, as plain values."""
    told: dict[str, object] = msgspec.json.decode(receipt.settings)
    return told
