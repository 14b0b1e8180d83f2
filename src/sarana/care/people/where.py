"""Areas by their code or their name, as somebody types where a person is; and what an area is called."""

from django.utils.translation import gettext as _

from sarana.basics.actors import AREA_CODE, Actor
from sarana.ground.codelists.models import Area
from sarana.ground.codelists.queries import areas_for, find_area, search_areas

SHOWN = 5


def read_area(actor: Actor, text: str) -> tuple[str, str]:
    """The code of the area that was meant, or "" and a sentence that says what to write."""
    code = text.upper()
    if AREA_CODE.fullmatch(code) and find_area(actor, code, actor.today):
        return code, ""
    found = [area for country in _countries(actor) for area in _named(actor, country, text)]
    same = [area for area in found if text.casefold() in {area.name_latin.casefold(), area.name_local.casefold()}]
    meant = same or found
    if len(meant) == 1:
        return meant[0].code, ""
    if not meant:
        return "", _("No area is called so, and none has this code. Leave it empty and write it into the address.")
    few = ", ".join(f"{area.code} {area.name_local}" for area in meant[:SHOWN])
    return "", _("Several areas are called so. Write the code of one of them: %(few)s.") % {"few": few}


def area_called(actor: Actor, code: str) -> str:
    """The name of an area as it is written there, with the Latin form beside; its code where it is not known now."""
    area = find_area(actor, code, actor.today) if code else None
    if area is None:
        return code
    return " · ".join(dict.fromkeys(filter(None, (area.name_local, area.name_latin))))


def _named(actor: Actor, country: str, text: str) -> list[Area]:
    return list(search_areas(areas_for(actor, country, on=actor.today), text)[:200]) if text else []


def _countries(actor: Actor) -> list[str]:
    """The countries of the mandates in which somebody works."""
    return sorted({area[:2].upper() for grant in actor.grants for area in grant.mandate})
