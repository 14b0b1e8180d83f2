"""The archive that an agency takes along: tables as CSV and as JSON, files of runs, and a page that explains each."""

import csv
import datetime as dt
import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

import pyarrow.parquet as pq

from sarana.basics.cells import guarded
from sarana.gates.exchange import queries
from sarana.ground.owned import Owned, owned
from sarana.methods.runs.erase import KEPT
from sarana.methods.runs.folder import LOCK, RECEIPTS, SEAL, find_card

README = "README.txt"
ABOUT = """What {name} took along from Sarana on {day} ({zone})

Each table lies here twice, with the same rows: as CSV (UTF-8, one line a row, the first line names the columns; any
spreadsheet opens it) and as JSON (a list of rows). Times are in UTC, as ISO 8601 writes them. A column that speaks of a
row of another table holds its reference (`ref`) or its code. Secrets are left out: passphrases, links, second factors.
In CSV a text that a spreadsheet would take for a formula has an apostrophe before it; in JSON it stands as it is.

People are named here as they are called at work. Keep this as you keep such lists: not in clear on a disk or in a mail.
"""


def write_archive(
    stream: BinaryIO, *, agency: UUID, name: str, runs: Sequence[Path], now: dt.datetime
) -> dict[str, int]:
    """Write everything that an agency owns into a stream; gives the number of rows of each table."""
    counts: dict[str, int] = {}
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for kind in owned():
            counts[kind.file] = _write_table(archive, kind, agency)
        n_files = {run.name: _write_run(archive, run) for run in runs}
        with _member(archive, README) as text:
            text.write(_readme(counts, n_files, name=name, now=now))
    return counts


def _write_table(archive: zipfile.ZipFile, kind: Owned, agency: UUID) -> int:
    columns = list(queries.columns_of(kind))
    n_rows = 0
    with _member(archive, f"{kind.file}.csv") as text:
        table = csv.writer(text)
        table.writerow(columns)
        for row in queries.rows_of(kind, agency):
            table.writerow(_cell(row[column]) for column in columns)
            n_rows += 1
    with _member(archive, f"{kind.file}.json") as text:
        text.write("[")
        for number, row in enumerate(queries.rows_of(kind, agency)):
            text.write(",\n" if number else "\n")
            json.dump({column: _plain(row[column]) for column in columns}, text, ensure_ascii=False)
        text.write("\n]\n")
    return n_rows


def _write_run(archive: zipfile.ZipFile, run: Path) -> int:
    """The files of a run that tell of no single person: its card, its receipts, its protected figures."""
    whole = [run / name for name in sorted(KEPT - {LOCK, SEAL, RECEIPTS})] + sorted((run / RECEIPTS).glob("*.json"))
    found = [path for path in whole if path.is_file()]
    for path in found:
        archive.write(path, f"runs/{run.name}/{path.relative_to(run)}")
        if path.suffix == ".parquet":
            with _member(archive, f"runs/{run.name}/{path.stem}.csv") as text:
                _write_parquet(path, text)
    return len(found)


def _write_parquet(path: Path, text: io.TextIOWrapper) -> None:
    file = pq.ParquetFile(path)
    table = csv.writer(text)
    table.writerow(file.schema_arrow.names)
    for batch in file.iter_batches():
        table.writerows([_cell(value) for value in row.values()] for row in batch.to_pylist())


def is_run(path: Path) -> bool:
    """Whether a folder holds a run of ours."""
    return find_card(path) is not None


@contextmanager
def _member(archive: zipfile.ZipFile, name: str) -> Iterator[io.TextIOWrapper]:
    with archive.open(name, "w", force_zip64=True) as raw:
        text = io.TextIOWrapper(raw, "utf-8", newline="")
        yield text
        text.flush()
        text.detach()


def _plain(value: Any) -> Any:
    """A value as JSON has it."""
    match value:
        case None | bool() | int() | float() | str() | list() | dict():
            return value
        case bytes() | memoryview():
            return bytes(value).hex()
        case dt.datetime():
            return value.astimezone(dt.UTC).isoformat()
        case _:
            return str(value)


def _cell(value: Any) -> str:
    """A value as a cell of a table."""
    plain = _plain(value)
    if plain is None:
        return ""
    text = plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False)
    return guarded(text) if isinstance(value, str) else text


def _readme(counts: dict[str, int], n_files: dict[str, int], *, name: str, now: dt.datetime) -> str:
    parts = [ABOUT.format(name=name, day=now.astimezone(dt.UTC).date(), zone="UTC")]
    for kind in owned():
        columns = [f"{column} ({queries.grade_of(kind, column)})" for column in queries.columns_of(kind)]
        title = f"{kind.file}.csv, {kind.file}.json: {counts[kind.file]:,} rows"
        parts.append(f"{title}\n{'-' * len(title)}\n{kind.says}\nColumns: {', '.join(columns)}.\n")
    for run, n in n_files.items():
        parts.append(
            f"runs/{run}/: {n} files of a run\n"
            "run.toml says what it was made of, receipts/ what each step did in counts, areas.* are the protected\n"
            "figures (CSV, Parquet, GeoJSON), report.html is the report. What tells of single persons is not here: it\n"
            "stays sealed where it was.\n"
        )
    parts.append(
        "The word in brackets says how closely a column was kept: technical, public, official, staff, sensitive.\n"
    )
    return "\n".join(parts)
