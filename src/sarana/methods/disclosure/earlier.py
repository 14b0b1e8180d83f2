"""Earlier releases: what tables that were let out before show, and what has changed since the last of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sarana.basics.errors import BadTable
from sarana.methods.areas.rollup import GROUPS, LEVELS
from sarana.methods.disclosure.forest import Forest
from sarana.methods.disclosure.rule import COLUMNS, COUNTED, SHEETS, Counts, Mask
from sarana.methods.engine import Engine

ROUNDED = "rounded_to"
"""The column of a protected table that says to what its counts are rounded; empty or missing where they are exact."""


@dataclass(frozen=True, slots=True)
class Release:
    """A protected table that was let out before, and the counts behind it where they are still kept.

    Attributes:
        areas: the relation of the protected table.
        internal: the relation of the table that counts everybody; None once that run is erased.
    """

    areas: str
    internal: str | None = None


@dataclass(frozen=True, slots=True)
class Since:
    """What stands beside a run. Shapes (areas, groups, atoms) hold `COUNTED`.

    Attributes:
        shown: by sheet, shape (areas, groups): lines that every release shows.
        published: what the last release shows; 0 where it does not.
        change: how many more there are now than then; 0 where the last release does not show the line.
    """

    shown: dict[str, Mask]
    published: Counts
    change: Counts


def beside(engine: Engine, forest: Forest, releases: Sequence[Release]) -> Since | None:
    """Lay earlier releases beside the counts of this run; None where none of them is of one of its provinces.

    Args:
        engine: holds the relations of the releases, columns as `areas` and `areas_internal`.
        forest: the counts of this run.
        releases: every table that was let out before, the last one last.

    Raises:
        BadTable: DISC-004 the last release is rounded, and the counts behind it are gone.
    """
    places = {
        (LEVELS[level], code): area for area, (level, code) in enumerate(zip(forest.level, forest.code, strict=True))
    }
    roots = {code for code, up in zip(forest.code.tolist(), forest.parent, strict=True) if up < 0}
    shown = {sheet.name: np.ones(forest.people.shape, dtype=bool) for sheet in SHEETS}
    last: Release | None = None
    for release in releases:
        known = {code for (code,) in engine.rows(f"SELECT code FROM {release.areas} WHERE level = 'province'")}
        if roots & known:
            last = release
            for name, mask in _shown(engine, release.areas, places, forest).items():
                shown[name] &= mask
    if last is None:
        return None
    published = _counts(engine, last.areas, places, forest)
    before = published
    if _is_rounded(engine, last.areas):
        if last.internal is None:
            raise BadTable(
                "DISC-004",
                "The last table that was let out is rounded, and the counts behind it are gone.",
                where=last.areas,
                cure="Keep the run folder of the last release until the next one is made; without it, take back the "
                "rounded tables, and name with --after only the tables that stay out.",
            )
        before = _counts(engine, last.internal, places, forest)
    change = counted(forest.counts) - before
    for sheet in SHEETS:
        for atom in sheet.counted:
            change[..., COUNTED.index(atom)] *= shown[sheet.name]
    return Since(shown, published, change)


def counted(counts: Counts) -> Counts:
    """Shape (..., `COUNTED`) out of (..., `COLUMNS`): on the second map scored people fall into red and the rest."""
    found: Counts = counts[..., : len(COUNTED)].copy()
    found[..., COUNTED.index("n_rest_without_status")] -= counts[..., COLUMNS.index("n_red_without_status")]
    return found


def _is_rounded(engine: Engine, areas: str) -> bool:
    names = {row[0] for row in engine.rows(f"DESCRIBE {areas}")}
    return ROUNDED in names and bool(engine.row(f"SELECT count({ROUNDED}) > 0 FROM {areas}")[0])


def _shown(engine: Engine, areas: str, places: dict[tuple[str, str], int], forest: Forest) -> dict[str, Mask]:
    """By sheet: the lines that a release shows, with all its counts."""
    shown = {sheet.name: np.zeros(forest.people.shape, dtype=bool) for sheet in SHEETS}
    signs = ", ".join(f"{' IS NOT NULL AND '.join(_told(sheet.counted))} IS NOT NULL" for sheet in SHEETS)
    for level, code, group, *held in engine.rows(f'SELECT level, code, "group", {signs} FROM {areas}'):
        if (level, code) in places:
            for sheet, one in zip(SHEETS, held, strict=True):
                shown[sheet.name][places[level, code], GROUPS.index(group)] = one
    return shown


def _counts(engine: Engine, table: str, places: dict[tuple[str, str], int], forest: Forest) -> Counts:
    """The counts of a table, shape (areas, groups, `COUNTED`)."""
    found = np.zeros((*forest.people.shape, len(COUNTED)), dtype=np.int64)
    columns = ", ".join(f"coalesce({column}, 0)" for column in _told(COUNTED))
    for level, code, group, *counts in engine.rows(f'SELECT level, code, "group", {columns} FROM {table}'):
        if (level, code) in places:
            found[places[level, code], GROUPS.index(group)] = counts
    found[..., COUNTED.index("n_rest_without_status")] -= found[..., COUNTED.index("n_red_without_status")]
    return found


def _told(atoms: Sequence[str]) -> list[str]:
    """The columns that tell of these counts."""
    return ["n_scored_without_status" if atom == "n_rest_without_status" else atom for atom in atoms]
