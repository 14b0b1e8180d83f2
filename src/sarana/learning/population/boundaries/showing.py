"""What the page of a boundary file says, in sentences; which of them keep it from being put in force."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext as _

from sarana.basics.actors import Actor
from sarana.ground.codelists.models import Area
from sarana.ground.jobs.models import Job
from sarana.ground.jobs.queries import jobs_for
from sarana.ground.pages.calendars import say_day
from sarana.learning.population.boundaries import queries
from sarana.learning.population.boundaries.actions import fault_of
from sarana.learning.population.boundaries.models import BoundaryFile
from sarana.learning.population.boundaries.reading import FAR, METRES, TURNED, Place, Told

State = BoundaryFile.State

NAMED = 20
"""So many areas are named in a sentence; the others are counted."""


@dataclass(frozen=True, slots=True)
class Gone:
    """An area that is no more, in words."""

    code: str
    name: str
    says: str


def whole(actor: Actor, file: BoundaryFile) -> dict[str, Any]:
    """Everything that the page of a file says."""
    state = file.state
    said = {
        "is_waiting": state == State.LOOKED_THROUGH,
        "is_in_force": state == State.IN_FORCE,
        "is_looked_through": bool(file.told),
        "may_put_aside": state in (State.WAITING, State.LOOKED_THROUGH, State.IN_FORCE),
    }
    if file.told:
        return {**said, **_found(actor, file)}
    return {**said, **_under_way(actor, file), "unfit": _unfit(file)}


def _found(actor: Actor, file: BoundaryFile) -> dict[str, Any]:
    """What was found in a file, held against the list of areas of today."""
    told = file.found()
    against = queries.against_list(actor, file.area, told.codes)
    return {
        "told": told,
        "faults": list(_faults(told)),
        "place": _place(told),
        "gone": gone_in_words(against.ended),
        "lacking": [(row.code, called(row)) for row in against.lacking[:NAMED]],
        "n_lacking": len(against.lacking),
        "n_lacking_more": max(0, len(against.lacking) - NAMED),
        "n_now": against.n_now,
        "n_drawn": against.n_now - len(against.lacking),
        "outside": told.outside[:NAMED],
        "n_outside": len(told.outside),
        "drawing": queries.sketch_of(file),
        "later": queries.later_in_force(actor, file),
    }


def _under_way(actor: Actor, file: BoundaryFile) -> dict[str, Any]:
    """How far the work is that looks a file through; whoever did not ask for it sees only that it waits."""
    if file.state != State.WAITING:
        return {}
    job = jobs_for(actor).filter(ref=file.job_ref).first() if file.job_ref else None
    return {"waits": True, "job": job, "runs": job is None or job.state in (Job.State.WAITING, Job.State.RUNNING)}


def _unfit(file: BoundaryFile) -> str:
    """Why a file is of no use, in the language of the page."""
    if not file.fault:
        return ""
    fault = fault_of(file)
    return f"{fault.where} {gettext(fault.what)} {gettext(fault.cure)} ({fault.code})".strip()


def gone_in_words(ended: tuple[queries.Ended, ...]) -> list[Gone]:
    """Areas that are no more, each with what it became."""
    return [Gone(each.code, each.name, _became(each)) for each in ended]


def called(row: Area) -> str:
    """The name of an area for the reader."""
    return row.name_local if get_language() == "th" or not row.name_latin else row.name_latin


def _faults(told: Told) -> Iterator[str]:
    """What keeps a file from being put in force, each fault with areas that have it."""
    counts = told.wrong
    for kind, says in _kinds(counts).items():
        yield " ".join(filter(None, (says, _named(kind, told.wrong_at.get(kind, ()), counts[kind]))))
    n = sum(counts.values())
    if n and n < len(told.codes):
        yield _("%(n)s of %(of)s areas are wrong; the others lie in the country.") % {
            "n": f"{n:,}",
            "of": f"{len(told.codes):,}",
        }


def _kinds(counts: Mapping[str, int]) -> dict[str, str]:
    """Each fault that areas have, in a sentence."""
    turned = ngettext(
        "Longitude and latitude are turned round in %(count)s area. GeoJSON writes longitude first.",
        "Longitude and latitude are turned round in %(count)s areas. GeoJSON writes longitude first.",
        counts.get(TURNED, 0),
    )
    metres = ngettext(
        "%(count)s area is in metres, not degrees. Save the file in degrees (WGS 84, EPSG:4326).",
        "%(count)s areas are in metres, not degrees. Save the file in degrees (WGS 84, EPSG:4326).",
        counts.get(METRES, 0),
    )
    far = ngettext(
        "%(count)s area lies outside of the country.",
        "%(count)s areas lie outside of the country.",
        counts.get(FAR, 0),
    )
    says = {TURNED: turned, METRES: metres, FAR: far}
    return {kind: said % {"count": f"{counts[kind]:,}"} for kind, said in says.items() if counts.get(kind)}


def _named(kind: str, places: Sequence[Place], n: int) -> str:
    """Areas that have a fault, by code and where they lie."""
    if not places:
        return ""
    says = _("%(code)s at %(lon)s and %(lat)s") if kind == METRES else _("%(code)s at %(lon)s E, %(lat)s N")
    told = "; ".join(says % {"code": code, "lon": f"{lon:,.1f}", "lat": f"{lat:,.1f}"} for code, lon, lat in places)
    if len(places) < n:
        return _("The first of them: %(places)s.") % {"places": told}
    return _("Namely: %(places)s.") % {"places": told}


def _place(told: Told) -> str:
    """Where the first area lies, for whoever knows the place."""
    code, lon, lat = told.first
    said = {"code": code, "lon": f"{lon:,.1f}", "lat": f"{lat:,.1f}"}
    return _("The first area, %(code)s, lies at %(lon)s E, %(lat)s N.") % said


def _became(each: queries.Ended) -> str:
    names = ", ".join(f"{row.code} {called(row)}" for row in each.successors)
    told = {"day": say_day(each.until) if each.until else "–", "names": names}
    if not names:
        return _("is no more since %(day)s; the list does not say what it became") % told
    return _("is no more since %(day)s; it became %(names)s") % told
