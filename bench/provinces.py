"""`python -m bench.provinces OUT`: several invented provinces put into one folder, as a ministry would hold them.

Each province is invented by itself, from a seed of its own, and added to the files before the next is begun, so that
memory is that of one province. Nobody lives in two of them. Row ids, household numbers and the sectors' own area codes
get the province's two digits, for they are only unique within a province; the few IDs that two provinces gave out by
chance (some 3 in 10,000) stay as they are: the register of another's ID is a fault that files have.
"""

import argparse
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sarana.basics.progress import Silent
from sarana.methods.invented.province import MARKER, invent_province
from sarana.methods.invented.settings import ProvinceSettings

FIRST_CODE = 50
MOST = 10
COLUMNS_OF_CENTRES = 4
APART = 2.0
"""Degrees between the middles of two provinces."""

MARKS = {
    "health.csv": ((rb"(?m)^H(?=\d{8},)", rb"H%s"),),
    "education.csv": ((rb"(?m)^E(?=\d{8},)", rb"E%s"), (rb",E(?=\d{5},)", rb",E%s")),
    "human_security.csv": ((rb"(?m)^S(?=\d{8},)", rb"S%s"),),
    "family_welfare.csv": ((rb"(?m)^F(\d{8}),", rb"F%s\g<1>,%s"), (rb",FW(?=\d{6},)", rb",FW%s")),
    "crosswalk_education.csv": ((rb"(?m)^E(?=\d{5},)", rb"E%s"),),
    "crosswalk_family_welfare.csv": ((rb"(?m)^FW(?=\d{6},)", rb"FW%s"),),
    "crosswalk_health.csv": (),
    "crosswalk_human_security.csv": (),
    "villages.csv": (),
}
"""Of each file, what gets the province's digits, and where they go."""


def invent_provinces(people: int, seeds: list[int], out: Path) -> None:
    """Write as many provinces of `people` people as there are seeds into one folder, truth and all."""
    (out / "truth").mkdir(parents=True)
    rows, persons = _Growing(out / "truth" / "rows.parquet"), _Growing(out / "truth" / "persons.parquet")
    with rows, persons:
        for at, settings in enumerate(_provinces(people, seeds)):
            with tempfile.TemporaryDirectory(dir=out) as temp:
                own = Path(temp)
                invent_province(settings, own, Silent())
                for name in MARKS:
                    _add_file(own / name, out / name, settings.province, is_first=at == 0)
                shutil.copy(own / MARKER, out / MARKER)
                rows.add(_told_apart(pq.read_table(own / "truth" / "rows.parquet"), at * people, settings.province))
                persons.add(_told_apart(pq.read_table(own / "truth" / "persons.parquet"), at * people, ""))


def _provinces(people: int, seeds: list[int]) -> Iterator[ProvinceSettings]:
    """The provinces: codes that follow one another, and middles that lie apart."""
    for at, seed in enumerate(seeds):
        down, across = divmod(at, COLUMNS_OF_CENTRES)
        centre = (18.8 - APART * down, 98.9 + APART * across)
        yield ProvinceSettings(people, seed=seed, province=str(FIRST_CODE + at), centre=centre)


def _add_file(own: Path, out: Path, province: str, *, is_first: bool) -> None:
    """Add a province's file to the one for all, its header only once."""
    text = own.read_bytes()
    digits = province.encode()
    for pattern, mark in MARKS[own.name]:
        text = re.sub(pattern, mark.replace(b"%s", digits), text)
    with out.open("ab") as file:
        file.write(text if is_first else text[text.index(b"\n") + 1 :])


def _told_apart(table: pa.Table, n_before: int, province: str) -> pa.Table:
    """The truth of a province with numbers and row ids that no other province has."""
    for name in ("person_id", "household"):
        if name in table.column_names:
            raised = pc.add(table[name], pa.scalar(n_before, table[name].type))
            table = table.set_column(table.column_names.index(name), name, raised)
    if "row_id" in table.column_names:
        row_id = table["row_id"].cast(pa.string())
        marked = pc.utf8_replace_slice(row_id, 1, 1, province)
        table = table.set_column(table.column_names.index("row_id"), "row_id", marked)
    return table


class _Growing:
    """A Parquet file that grows by a table at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer: pq.ParquetWriter | None = None

    def add(self, table: pa.Table) -> None:
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._path, table.schema, compression="zstd", compression_level=1)
        self._writer.write_table(table)

    def __enter__(self) -> None:
        return None

    def __exit__(self, *_: object) -> None:
        if self._writer is not None:
            self._writer.close()


def main() -> None:
    """Invent the provinces that are asked for."""
    ask = argparse.ArgumentParser(prog="python -m bench.provinces")
    ask.add_argument("out", type=Path)
    ask.add_argument("--people", type=int, required=True, help="people in each province")
    ask.add_argument("--seeds", required=True, help="one province for each")
    asked = ask.parse_args()
    seeds = [int(seed) for seed in asked.seeds.split(",")]
    if len(seeds) > MOST:
        ask.error(f"{len(seeds)} seeds were given; up to {MOST} provinces can be told apart.")
    invent_provinces(asked.people, seeds, asked.out)


if __name__ == "__main__":
    main()
