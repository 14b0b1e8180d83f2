"""What the pages of photographs say."""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sarana.basics.actors import Actor
from sarana.care.people.models import Person
from sarana.care.people.photographs import queries
from sarana.care.people.photographs.forms import HandForm, KindForm
from sarana.care.people.photographs.models import MaskedCopy, Photograph
from sarana.ground.accounts import queries as accounts
from sarana.ground.pages.calendars import say_day
from sarana.methods.pictures.copies import MARGIN
from sarana.methods.pictures.reading import MOST_BYTES

UNREADY = 422


def page_of(actor: Actor, person: Person, fault: str = "") -> dict[str, Any]:
    """The lines of a person's photographs, for her agency; for another one the masked copies given to it."""
    if person.agency_ref not in actor.agency_refs:
        given = list(queries.given_of(actor, person))
        return {"person": person, "is_own": False, "given": given, "seen": given, "fault": fault}
    names = accounts.agency_names(actor, get_language() or "en")
    found = list(queries.photographs_of(actor, person))
    choices = [
        (str(basis.ref), f"{names.get(basis.recipient_ref, '')} – {_('until')} {say_day(basis.until)}")
        for basis in queries.bases_for(actor, person)
    ]
    return {
        "person": person,
        "is_own": True,
        "is_whole": person.emergency is None,
        "rows": [_row(each, names, choices) for each in found],
        "seen": found,
        "form": KindForm(),
        "most_mib": MOST_BYTES // 1_048_576,
        "fault": fault,
    }


def _row(photograph: Photograph, names: dict[Any, str], choices: list[tuple[str, str]]) -> dict[str, Any]:
    return {"row": photograph, "masked": [_masked(each, names, choices) for each in photograph.masked.all()]}


def _masked(masked: MaskedCopy, names: dict[Any, str], choices: list[tuple[str, str]]) -> dict[str, Any]:
    given = list(masked.handed.all())
    taken = {str(each.basis_id) for each in given}
    return {
        "row": masked,
        "given": [(names.get(each.recipient_ref, ""), each.at) for each in given],
        "form": HandForm(choices, auto_id=f"id_{masked.ref}_%s") if choices else None,
        "taken": taken,
    }


def words_of_masking(photograph: Photograph, formset: Any, picture: str) -> dict[str, Any]:
    """What the page shows on which faces and marks are hidden."""
    return {
        "photograph": photograph,
        "person": photograph.person,
        "formset": formset,
        "picture": picture,
        "preview": "",
        "fault": "",
        "drawn": [box for form in formset if (box := _drawn(form))] if formset.is_bound else [],
        "margin": MARGIN,
    }


def _drawn(form: Any) -> dict[str, float] | None:
    """A box as it stands over the picture, in hundredths."""
    box = form.box() if form.is_valid() else None
    if box is None:
        return None
    return {
        "x": round(box.left * 100, 2),
        "y": round(box.top * 100, 2),
        "width": round((box.right - box.left) * 100, 2),
        "height": round((box.bottom - box.top) * 100, 2),
    }
