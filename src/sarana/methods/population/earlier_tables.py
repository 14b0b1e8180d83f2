"""The tables of earlier runs that were let out: which files they are, and how a step sees them."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from sarana.basics.errors import BadFile
from sarana.methods.disclosure.earlier import Release
from sarana.methods.engine import Engine

PROTECTED, INTERNAL = "areas.parquet", "areas-internal.parquet"


def released_tables(runs: Sequence[Path]) -> dict[str, Path]:
    """The files of earlier runs that count for protection, by a name that is no path.

    Of an erased run only the protected table is left, which is enough unless it is rounded.

    Raises:
        BadFile: RUN-010 a folder holds no protected table.
    """
    found = {}
    for place, run in enumerate(runs):
        if not (run / PROTECTED).is_file():
            raise BadFile(
                "RUN-010",
                "This folder holds no protected table of areas.",
                where=str(run),
                cure="Name with --after the run folders whose tables were let out before.",
            )
        found[f"earlier_{place}"] = run / PROTECTED
        if (run / INTERNAL).is_file():
            found[f"earlier_{place}_internal"] = run / INTERNAL
    return found


def seen_releases(engine: Engine, files: Mapping[str, Path]) -> list[Release]:
    """Let the engine read them."""
    for name, file in files.items():
        engine.view(name, file)
    return [
        Release(name, f"{name}_internal" if f"{name}_internal" in files else None)
        for name in files
        if not name.endswith("_internal")
    ]
