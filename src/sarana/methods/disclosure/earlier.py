"""Earlier releases: what a table that was let out before says beside this one, and what it withheld."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from sarana.methods.areas.rollup import GROUPS, LEVELS
from sarana.methods.disclosure.forest import Forest
from sarana.methods.disclosure.rule import CHANGED, COLUMNS, SHEETS, Mask
from sarana.methods.engine import Engine


@dataclass(frozen=True, slots=True)
class Release:
    """A protected table that was let out before, and the counts behind it where they are still kept.

    Attributes:
        areas: the relation of the protected table.
        internal: the relation of the table that counts everybody; None once that run is erased.
    """

    areas: str
    internal: str | None = None


def beside(
    engine: Engine, forest: Forest, releases: Sequence[Release], threshold: int
) -> tuple[Forest, dict[str, Mask]]:
    """Lay earlier releases beside the counts of this run.

    Args:
        engine: holds the relations of the releases, columns as `areas` and `areas_internal`.
        forest: the counts of this run.
        releases: every table that was let out before.
        threshold: a change below it is small.

    Returns:
        The forest, its counts followed by the change since each release (`CHANGED`, signed; 0 where neither the
        release nor its internal table tells); and by sheet, shape (areas, groups): lines that stay withheld, because
        a release withheld them and less than `threshold` has changed since in some count, or nobody knows how much.
    """
    carried = {sheet.name: np.zeros(forest.people.shape, dtype=bool) for sheet in SHEETS}
    changes = [forest.counts]
    places = {
        (LEVELS[level], code): area for area, (level, code) in enumerate(zip(forest.level, forest.code, strict=True))
    }
    for release in releases:
        before, gone = _read(engine, release, places, forest)
        now = forest.counts[..., : len(CHANGED)]
        change = now - before
        near = (np.abs(change) < threshold) & ((now > 0) | (before > 0))
        for sheet in SHEETS:
            atoms = [COLUMNS.index(atom) for atom in sheet.atoms if atom in CHANGED]
            stays = near[..., atoms].any(axis=-1) if release.internal else True
            carried[sheet.name] |= gone[sheet.name] & stays
        known = ~gone[SHEETS[0].name] if release.internal is None else np.ones(forest.people.shape, dtype=bool)
        changes.append(np.where(known[..., None], change, 0))
    return replace(forest, counts=np.concatenate(changes, axis=-1)), carried


def _read(
    engine: Engine, release: Release, places: dict[tuple[str, str], int], forest: Forest
) -> tuple[np.ndarray[tuple[int, ...], np.dtype[np.int64]], dict[str, Mask]]:
    """The counts of a release, shape (areas, groups, changed), and by sheet which of its lines were withheld."""
    before = np.zeros((*forest.people.shape, len(CHANGED)), dtype=np.int64)
    gone = {sheet.name: np.zeros(forest.people.shape, dtype=bool) for sheet in SHEETS}
    signs = ", ".join(f"{sheet.figures[0]} IS NULL" for sheet in SHEETS)
    counted = ", ".join(f"coalesce({column}, 0)" for column in CHANGED)
    for level, code, group, *held in engine.rows(f'SELECT level, code, "group", {signs} FROM {release.areas}'):
        if (level, code) in places:
            for sheet, one in zip(SHEETS, held, strict=True):
                gone[sheet.name][places[level, code], GROUPS.index(group)] = one
    source = release.internal or release.areas
    for level, code, group, *counts in engine.rows(f'SELECT level, code, "group", {counted} FROM {source}'):
        if (level, code) in places:
            before[places[level, code], GROUPS.index(group)] = counts
    return before, gone
