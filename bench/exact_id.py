"""The floor: rows are one person when they show the same 13 digits, and in no other case."""

import argparse
from pathlib import Path

from bench.quality import ID_COLUMNS, sector_sql
from sarana.methods.engine import Engine, literal


def link(folder: Path, out: Path, *, threads: int, memory: str, temp: Path) -> None:
    """Write `people` (source, row_id, person_id) straight from the four files."""
    with Engine(threads=threads, memory=memory, temp=temp, folders=[folder, out.parent]) as engine:
        shown = " UNION ALL ".join(
            f"SELECT {literal(source)} AS source, row_id, replace({column}, '-', '') AS id "
            f"FROM {sector_sql(folder, source)}"
            for source, column in ID_COLUMNS.items()
        )
        engine.save(
            f"""SELECT source, row_id,
                CASE WHEN length(id) = 13 THEN id ELSE source || ':' || row_id END AS person_id
            FROM ({shown}) ORDER BY source, row_id""",
            out,
        )


def main() -> None:
    """Link the rows of a folder by ID."""
    ask = argparse.ArgumentParser()
    ask.add_argument("folder", type=Path)
    ask.add_argument("out", type=Path)
    ask.add_argument("--threads", type=int, required=True)
    ask.add_argument("--memory", required=True)
    ask.add_argument("--temp", type=Path, required=True)
    asked = ask.parse_args()
    link(asked.folder, asked.out, threads=asked.threads, memory=asked.memory, temp=asked.temp)


if __name__ == "__main__":
    main()
