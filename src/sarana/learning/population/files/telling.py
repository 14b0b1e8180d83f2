"""What a file says: the rows of the map, one column for each thing told, and the notice that goes with every row."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from sarana.learning.population.drawn import words_of
from sarana.learning.population.files.outlines import Place, Ring
from sarana.learning.population.looking import Look
from sarana.learning.population.models import AreaLevel, Drawing
from sarana.learning.population.queries import ALL
from sarana.learning.population.showing import BANDS, GROUPS, NONE, Shown

type Value = str | int | float | None


@dataclass(frozen=True, slots=True)
class Told:
    """A map as a file says it: its title, its notice, its rows, and where there are any, outlines by area."""

    title: str
    notice: str
    rows: Sequence[Mapping[str, Value]]
    bands: Sequence[str]
    pieces: Mapping[str, list[list[Ring]]] = field(default_factory=dict)
    codes: Sequence[str] = ()
    """The code of each row by which its outline or its point is found."""

    points: Mapping[str, Place] = field(default_factory=dict)
    """Longitude and latitude of villages, as far as they are known."""


def tell(
    look: Look,
    rows: Sequence[Shown],
    pieces: Mapping[str, list[list[Ring]]] | None = None,
    drawing: Drawing | None = None,
    points: Mapping[str, Place] | None = None,
) -> Told:
    """The rows of a map as every kind of file has them.

    `pieces` are the outlines of a layer, None for a table; `points` those of villages, in place of outlines.
    """
    notice = " ".join(filter(None, (notice_of(look), _outlines(pieces), _drawn_by(drawing), _points(points))))
    return Told(
        title=f"{look.run.name} ({', '.join(map(str, _title(look)))})",
        notice=notice,
        rows=[{name: told(row, look, notice) for name, told in COLUMNS.items()} for row in rows],
        bands=[row.band for row in rows],
        pieces=pieces or {},
        codes=[row.figure.code for row in rows],
        points={row.figure.code: points[row.figure.code] for row in rows if points and row.figure.code in points},
    )


def _title(look: Look) -> list[Any]:
    of = [look.measure.name] if look.measure else []
    return [*of, AreaLevel(look.choice.level).label, GROUPS[look.choice.group]]


def notice_of(look: Look) -> str:
    """What stands in every row, so that no line taken out of its table loses it."""
    run = look.run
    said = {
        "run": f"{run.name} ({run.fingerprint[:16]})",
        "day": run.as_of.isoformat(),
        "province": run.area,
        "set": run.indicator_set,
    }
    parts = [
        f"{run.get_status_display()}.",
        _("Run %(run)s, as of %(day)s, province %(province)s, indicators %(set)s.") % said,
        _("All its people are invented.") if run.is_invented else "",
        _shown(look),
        _threshold(run.threshold),
        _("Withheld: too few people, or too few of them in a band, so that a number would tell of them.")
        if look.measure is None
        else _(
            "Withheld: too few people are known, or too few give one answer or another, so that a number would tell of "
            "them."
        ),
        _not_listed(look),
        _("Counts are rounded in steps of %(n)s: an earlier table of this province is out.") % {"n": run.rounded_to}
        if run.rounded_to
        else "",
        _("A colour belongs to a band, never to a person or a village; no band may limit travel, papers or work."),
    ]
    return " ".join(filter(None, parts))


def _shown(look: Look) -> str:
    if look.measure is None:
        return ""
    return _("What is shown, of every 1,000: %(says)s.") % {"says": look.measure.says}


def _outlines(pieces: Mapping[str, list[list[Ring]]] | None) -> str:
    if pieces is None:
        return ""
    if not pieces:
        return _("There are no outlines: an earlier version took this run in.")
    return _("Outlines are simplified for a map, and settle no boundary.")


def _points(points: Mapping[str, Place] | None) -> str:
    if points is None:
        return ""
    return _(
        "Each point is where the list of villages of the province puts it; a village without one has no place here."
    )


def _drawn_by(drawing: Drawing | None) -> str:
    if drawing is None:
        return ""
    day = drawing.drawn_as_of.isoformat() if drawing.drawn_as_of else ""
    return words_of(drawing, day)


def _threshold(fewest: int | None) -> str:
    if fewest is None:
        return _("No number stands for few people: how few, the settings of the run say.")
    return _("No number other than 0 stands for fewer than %(n)s people.") % {"n": fewest}


def _not_listed(look: Look) -> str:
    if look.choice.level == AreaLevel.VILLAGE:
        return _("Only villages in the mandate of the agency are listed.")
    return _("Areas that are not listed are withheld too.") if look.choice.group != ALL else ""


def _within_code(row: Shown, look: Look) -> str | None:
    parent = row.figure.parent
    return f"{look.run.area[:2]}{parent}" if parent else None


def _indicators(look: Look) -> str:
    """Which indicators make up the rate: those of the index, or the ones of the two columns beside."""
    if look.choice.is_index:
        return "without-status" if look.choice.is_without else "all"
    return "one-indicator" if look.choice.indicator else "one-sector"


def _withheld(row: Shown, _look: Look) -> str | None:
    return _("withheld: too few people") if row.rate is None else None


COLUMNS: Mapping[str, Callable[[Shown, Look, str], Value]] = {
    "standing": lambda _row, look, _notice: str(look.run.get_status_display()),
    "area_code": lambda row, _look, _notice: row.figure.area,
    "area_name": lambda row, _look, _notice: row.figure.name,
    "area_name_local": lambda row, _look, _notice: row.figure.name_local or None,
    "area_level": lambda row, _look, _notice: row.figure.level,
    "within_code": lambda row, look, _notice: _within_code(row, look),
    "within_name": lambda row, _look, _notice: row.within or None,
    "people": lambda row, _look, _notice: row.figure.group,
    "indicators": lambda _row, look, _notice: _indicators(look),
    "indicator": lambda _row, look, _notice: look.choice.indicator or None,
    "sector": lambda _row, look, _notice: look.choice.sector or None,
    "rate_per_1000": lambda row, _look, _notice: row.rate,
    "interval_low": lambda row, _look, _notice: row.low,
    "interval_high": lambda row, _look, _notice: row.high,
    "people_known_well_enough": lambda row, _look, _notice: row.n_scored,
    "class": lambda row, _look, _notice: None if row.band == NONE else row.band,
    "why_withheld": lambda row, look, _notice: _withheld(row, look),
    "notice": lambda _row, _look, notice: notice,
}
"""The columns of every kind of file. Names are plain English words whichever language is read; values are codes or
numbers, and empty where nothing may be said."""

NUMBERS: Mapping[str, Any] = {
    "rate_per_1000": "float",
    "interval_low": "float",
    "interval_high": "float",
    "people_known_well_enough": "int",
}
"""The columns that hold numbers, and of which kind."""


def band_words(band: str) -> str:
    """A band in the language of the file."""
    return str(BANDS[band])
