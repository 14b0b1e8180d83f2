"""The reading doors of boundary files, and of what the country's list of areas says of the codes in them."""

import datetime as dt
import gzip
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet
from sarana.ground.accounts.queries import kinds_worked_in
from sarana.ground.codelists import queries as codelists
from sarana.ground.codelists.models import Area
from sarana.ground.pages.maps import countries
from sarana.learning.population.boundaries.looking import Asked
from sarana.learning.population.boundaries.models import BoundaryFile
from sarana.learning.population.boundaries.reading import Box
from sarana.learning.population.boundaries.sketching import Sketch
from sarana.learning.population.sources import policy

SUBDISTRICTS = 3
"""The level of subdistricts in the list of areas of a country."""


@dataclass(frozen=True, slots=True)
class Ended:
    """An area that is no more: its name, its last day, and what it became."""

    code: str
    name: str
    until: dt.date | None
    successors: tuple[Area, ...]


@dataclass(frozen=True, slots=True)
class Against:
    """Codes held against the list of areas that is in force: those that are no more, and those that lack."""

    ended: tuple[Ended, ...]
    lacking: tuple[Area, ...]
    n_now: int


def boundaries_for(actor: Actor) -> QuerySet[BoundaryFile]:
    """The boundary files of the provinces for which an actor answers, without their outlines.

    Raises:
        Refused: POPULATION-030 she has no door here.
    """
    policy.check_may_look_at_updates(actor, kinds_worked_in(actor))
    rows = BoundaryFile.objects.filter(policy.boundaries_openable_by(actor)).select_related("agency")
    return rows.defer("content", "outlines", "drawing")


def get_boundary(actor: Actor, ref: UUID) -> BoundaryFile:
    """One boundary file.

    Raises:
        Refused: POPULATION-030 she has no door here.
        BoundaryFile.DoesNotExist: there is none, or it is not for her.
    """
    return boundaries_for(actor).get(ref=ref)


def find_same(area: str, sha256: str) -> BoundaryFile | None:
    """The very same file, where it waits or is in force already; for the action that brings one."""
    here = (BoundaryFile.State.WAITING, BoundaryFile.State.LOOKED_THROUGH, BoundaryFile.State.IN_FORCE)
    rows = BoundaryFile.objects.select_related("agency").defer("content", "outlines", "drawing")
    return rows.filter(area=area, sha256=sha256, state__in=here).first()


def get_to_look_through(actor: Actor, ref: UUID) -> BoundaryFile:
    """The file that long work is about.

    Raises:
        Refused: POPULATION-030 she has no door here, or it is of a province that is not hers.
    """
    found = boundaries_for(actor).filter(ref=ref).first()
    if found is None:
        raise policy.not_hers()
    return found


def asked_of(actor: Actor, file: BoundaryFile) -> Asked:
    """A file that an actor was given, with what it is held against when it is looked through.

    Raises:
        NotYet: POPULATION-104 the list of areas of the country is not in force any more.
    """
    country = file.area[:2]
    content = bytes(BoundaryFile.objects.values_list("content", flat=True).get(pk=file.pk))
    known = tuple(sorted(check_known(actor, file.area)))
    return Asked(content=content, country=country, known=known, within=file.area, box=_box(country))


def sketch_of(file: BoundaryFile) -> Sketch | None:
    """The small map of a file that an actor was given; None where none was made."""
    return BoundaryFile.objects.only("drawing").get(pk=file.pk).drawn()


def find_in_force(actor: Actor, area: str) -> BoundaryFile | None:
    """The boundary file of a province that is in force."""
    return boundaries_for(actor).filter(area=area, state=BoundaryFile.State.IN_FORCE).first()


def find_drawn_by(actor: Actor, ref: UUID | None) -> BoundaryFile | None:
    """The boundary file that was in force when an update was asked for; None where none was."""
    return boundaries_for(actor).filter(ref=ref).first() if ref is not None else None


def unpacked(file: BoundaryFile | None) -> bytes:
    """The outlines of a file that an actor was given, as GeoJSON; empty without a file: then patches are drawn."""
    return gzip.decompress(outlines_of(file)) if file is not None else b""


def told_of(file: BoundaryFile | None) -> dict[str, Any]:
    """What the run that is drawn by a file says of it: who drew it, from which day, and its hash as it came."""
    return {"drawn_by": file.drawn_by, "as_of": file.as_of, "sha256": file.sha256} if file is not None else {}


def outlines_of(file: BoundaryFile) -> bytes:
    """The packed outlines of a file that an actor was given."""
    return bytes(BoundaryFile.objects.values_list("outlines", flat=True).get(pk=file.pk))


def subdistricts_ever(actor: Actor, country: str) -> frozenset[str]:
    """The codes of all subdistricts that a country has or had; empty where its list was never loaded."""
    rows = codelists.areas_for(actor, country).filter(level=SUBDISTRICTS)
    return frozenset(rows.values_list("code", flat=True))


def check_known(actor: Actor, area: str) -> frozenset[str]:
    """The codes of all subdistricts that the country of a province has or had.

    Raises:
        NotYet: POPULATION-104 its list was never loaded.
    """
    known = subdistricts_ever(actor, area[:2])
    if not known:
        raise NotYet(
            "POPULATION-104",
            "No list of areas of this country is in force, so nobody can say which areas lack or are no more.",
            cure="Have the data custodian load it under Settings, Lists; then bring the file again.",
        )
    return known


def against_list(actor: Actor, area: str, codes: Collection[str]) -> Against:
    """What the list of areas says today of these subdistricts of a province, and which ones are not among them.

    A list that was never loaded says nothing.
    """
    rows = list(
        codelists.areas_for(actor, area[:2]).filter(level=SUBDISTRICTS, code__startswith=area).order_by("code", "pk")
    )
    now = {row.code: row for row in rows if _holds(row, actor.today)}
    last: dict[str, Area] = {}
    for row in rows:
        if row.code not in now and (row.code not in last or _until(row) > _until(last[row.code])):
            last[row.code] = row
    gone = [row for code, row in sorted(last.items()) if code in codes]
    ended = tuple(Ended(row.code, row.name_local, row.valid_until, _successors(actor, row)) for row in gone)
    return Against(ended, tuple(row for code, row in sorted(now.items()) if code not in codes), len(now))


def list_of_areas(actor: Actor, area: str) -> str:
    """Which list of areas of the country of a province is in force: what is said of areas hangs on it."""
    return str(codelists.find_ref_in_force(actor, f"areas.{area[:2]}") or "")


def later_in_force(actor: Actor, file: BoundaryFile) -> BoundaryFile | None:
    """The file in force, where its boundaries are of a later day than those of this one."""
    found = find_in_force(actor, file.area)
    return found if found is not None and found.as_of > file.as_of else None


def ended_among(actor: Actor, area: str, codes: Collection[str]) -> tuple[Ended, ...]:
    """Which of these subdistricts of a province are no more, with what they became."""
    rows = codelists.areas_for(actor, area[:2]).filter(level=SUBDISTRICTS, code__startswith=area)
    if not rows.filter(valid_until__lt=actor.today, code__in=list(codes)).exists():
        return ()
    return against_list(actor, area, codes).ended


def _successors(actor: Actor, gone: Area) -> tuple[Area, ...]:
    codes = codelists.successors(actor, gone.code, gone.valid_until or actor.today)
    found = codelists.areas_for(actor, gone.code[:2], on=actor.today).filter(code__in=codes)
    return tuple(found.order_by("code"))


def _holds(row: Area, day: dt.date) -> bool:
    return (row.valid_from is None or row.valid_from <= day) and (row.valid_until is None or row.valid_until >= day)


def _until(row: Area) -> dt.date:
    return row.valid_until or dt.date.min


def _box(country: str) -> Box:
    """Where a country lies, by its outline."""
    geometry = countries()[country].geometry
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    points = [point for polygon in polygons for point in polygon[0]]
    lons, lats = [point[0] for point in points], [point[1] for point in points]
    return min(lons), min(lats), max(lons), max(lats)
