"""Where agencies work: each area of a mandate with its agencies, for the map and the table beside it."""

from dataclasses import dataclass
from typing import Any

from sarana.basics.actors import Actor
from sarana.basics.ordering import sort_key
from sarana.ground.accounts import queries
from sarana.ground.accounts.models import Agency
from sarana.ground.pages import maps


@dataclass(frozen=True, slots=True)
class Mandate:
    """One area, its name, the agencies whose mandate it is, and its shape where the installation has one."""

    code: str
    name: str
    agencies: tuple[Agency, ...]
    shape: maps.Shape | None


def mandates_for(actor: Actor, language: str) -> list[Mandate]:
    """The areas in which agencies work, in the order of their names; a country where an agency names no area."""
    held: dict[str, list[Agency]] = {}
    for agency in queries.agencies_for(actor).filter(closed_on__isnull=True):
        for code in agency.areas or [agency.country]:
            held.setdefault(code, []).append(agency)
    shapes = maps.countries() | maps.boundaries()
    found = [
        Mandate(
            code,
            shapes[code].called(language) if code in shapes else code,
            _sorted(agencies, language),
            shapes.get(code),
        )
        for code, agencies in held.items()
    ]
    return sorted(found, key=lambda mandate: sort_key(mandate.name))


def as_features(mandates: list[Mandate], language: str) -> dict[str, Any]:
    """The outlines of the region, and over them the areas with the number of their agencies."""
    ground = [_feature(shape, language, "ground", 0) for shape in maps.countries().values()]
    areas = [_feature(mandate.shape, language, "area", len(mandate.agencies)) for mandate in mandates if mandate.shape]
    signs = [_sign(mandate.shape, len(mandate.agencies)) for mandate in mandates if mandate.shape]
    return {"type": "FeatureCollection", "features": ground + areas + signs}


def _sorted(agencies: list[Agency], language: str) -> tuple[Agency, ...]:
    return tuple(sorted(agencies, key=lambda agency: sort_key(agency.called(language))))


def _feature(shape: maps.Shape, language: str, kind: str, n_agencies: int) -> dict[str, Any]:
    properties = {"kind": kind, "code": shape.code, "name": shape.called(language), "n": n_agencies}
    return {"type": "Feature", "properties": properties, "geometry": shape.geometry}


def _sign(shape: maps.Shape, n_agencies: int) -> dict[str, Any]:
    point = {"type": "Point", "coordinates": shape.centre()}
    return {"type": "Feature", "properties": {"kind": "sign", "n": n_agencies}, "geometry": point}
