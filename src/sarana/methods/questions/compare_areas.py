"""The protected figures of areas of two runs side by side."""

from dataclasses import dataclass

from sarana.methods.engine import Engine


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


def area_changes(engine: Engine) -> tuple[AreaChange, ...]:
    """Districts, then subdistricts, by code: figures that both protected tables show, and their difference.

    Args:
        engine: holds `areas` and `area_names` with `_a` and `_b`. Lines of people of unknown place are left out.
    """
    return tuple(
        AreaChange(*line)
        for line in engine.rows(
            """WITH named AS (SELECT level, code, min(name) AS name, min(name_local) AS local FROM area_names_b
                GROUP BY ALL)
            SELECT b.level, b.code, coalesce(n.name, b.name, ''), coalesce(n.local, ''), a.rate, b.rate,
                round(b.rate - a.rate, 1), b.mean - a.mean, a.high < b.low OR b.high < a.low
            FROM areas_b b JOIN areas_a a USING (level, code, "group")
            LEFT JOIN named n ON n.level = b.level AND n.code = b.code
            WHERE "group" = 'all' AND level IN ('district', 'subdistrict') AND NOT ends_with(code, 'unknown')
            ORDER BY level, code"""
        )
    )
