"""The protected figures of areas of two runs side by side."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sarana.methods.disclosure.rule import DisclosureSettings, Mask
from sarana.methods.engine import Engine, literal


@dataclass(frozen=True, slots=True)
class AreaChange:
    """One district or subdistrict in two runs; None is withheld or not to be computed.

    Attributes:
        rate_a, rate_b: people in the highest band per 1,000 scored, as published.
        rate: the change.
        mean: change of the mean index, thousandths.
        is_clear: whether the 95 % intervals of the two rates lie apart; None where one is not shown.
    """

    level: str
    code: str
    name: str
    name_local: str
    rate_a: float | None
    rate_b: float | None
    rate: float | None
    mean: int | None
    is_clear: bool | None


_MAPPED = ("district", "subdistrict")


def area_changes(engine: Engine, threshold: int) -> tuple[AreaChange, ...]:
    """Districts, then subdistricts, by code: figures that both protected tables show, and their difference.

    Where a table was not protected with the other at hand, differences may tell of few people: then no figure of any
    area is said, for one that is left out follows from the others.

    Args:
        engine: holds `areas` and `area_names` with `_a` and `_b`. Lines of people of unknown place are left out.
        threshold: a change of fewer people is small.
    """
    told = "NULL" if few_changed(engine, ("province", *_MAPPED), threshold) else None
    figures = ", ".join(
        told or figure
        for figure in (
            "a.rate",
            "b.rate",
            "round(b.rate - a.rate, 1)",
            "b.mean - a.mean",
            "a.high < b.low OR b.high < a.low",
        )
    )
    return tuple(
        AreaChange(*line)
        for line in engine.rows(
            f"""WITH named AS (SELECT level, code, min(name) AS name, min(name_local) AS local FROM area_names_b
                GROUP BY ALL)
            SELECT b.level, b.code, coalesce(n.name, b.name, ''), coalesce(n.local, ''), {figures}
            FROM areas_b b JOIN areas_a a USING (level, code, "group")
            LEFT JOIN named n ON n.level = b.level AND n.code = b.code
            WHERE "group" = 'all' AND level IN {_MAPPED} AND NOT ends_with(code, 'unknown')
            ORDER BY level, code"""
        )
    )


def few_changed(engine: Engine, levels: tuple[str, ...], threshold: int) -> bool:
    """Whether two protected tables beside each other show that few people came, left or changed band in an area.

    Args:
        engine: holds `areas_a` and `areas_b`.
        levels: of which areas.
        threshold: what is few.
    """
    counts = ("n_people", "n_scored", "n_red", "n_yellow", "n_green", "n_grey")
    small = " OR ".join(f"abs(b.{c} - a.{c}) BETWEEN 1 AND {int(threshold) - 1}" for c in counts)
    among = ", ".join(literal(level) for level in levels)
    return bool(
        engine.row(
            f"""SELECT coalesce(bool_or({small}), false) FROM areas_b b JOIN areas_a a USING (level, code, "group")
            WHERE "group" = 'all' AND level IN ({among})"""
        )[0]
    )


def changed_by_few(counts: NDArray[np.int64], parts: tuple[str, ...], rule: DisclosureSettings) -> Mask:
    """Shape (parts,): whether one of two counts, or their sum, changed by few people between the runs.

    Only of `data`, who are the same people in both; of the others different people are counted in each run.
    """
    change = np.column_stack([counts[:, 2:] - counts[:, :2], counts[:, 2:].sum(axis=1) - counts[:, :2].sum(axis=1)])
    few: Mask = ((change != 0) & (np.abs(change) < rule.threshold)).any(axis=1)
    return np.asarray(few & np.array([key == "data" for key in parts]), np.bool_)
