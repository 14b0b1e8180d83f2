"""What is asked about a photograph: what it shows, what is to be hidden in it, and to whom a masked copy goes."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sarana.care.people.photographs.models import Photograph
from sarana.methods.pictures.copies import MOST_BOXES, Box

BOXES_AT_FIRST = 4
"""So many empty lines for boxes stand there; more on asking."""


class KindForm(forms.Form):
    """What a photograph shows."""

    kind = forms.ChoiceField(label=_("What it shows"), choices=Photograph.Kind.choices)


def _percent(label: Any) -> forms.FloatField:
    widget = forms.NumberInput(attrs={"min": 0, "max": 100, "step": "0.1", "inputmode": "decimal"})
    return forms.FloatField(label=label, min_value=0, max_value=100, required=False, widget=widget)


class BoxForm(forms.Form):
    """One box, in hundredths of the picture's width and height."""

    left = _percent(_("From the left"))
    top = _percent(_("From above"))
    width = _percent(_("How wide"))
    height = _percent(_("How high"))

    def clean(self) -> dict[str, Any]:
        """A line that was begun is filled whole."""
        given = super().clean() or {}
        numbers = [given.get(name) for name in ("left", "top", "width", "height")]
        if not self.errors and any(number is not None for number in numbers) and None in numbers:
            raise forms.ValidationError(gettext("Fill in all four numbers of this box, or none."))
        return given

    def box(self) -> Box | None:
        """The box, held to the picture; None where the line is empty."""
        given = self.cleaned_data
        if given.get("left") is None:
            return None
        left, top = given["left"] / 100, given["top"] / 100
        return Box(left, top, min(1.0, left + given["width"] / 100), min(1.0, top + given["height"] / 100))


Boxes = forms.formset_factory(BoxForm, extra=BOXES_AT_FIRST, max_num=MOST_BOXES, absolute_max=MOST_BOXES)
BOXES = "boxes"
TOTAL = f"{BOXES}-TOTAL_FORMS"


def boxes_of(posted: Mapping[str, Any], *, has_more: bool) -> Any:
    """The lines of boxes as they were sent, with some empty ones more where that was asked; empty at first."""
    if TOTAL not in posted:
        return Boxes(prefix=BOXES)
    data = dict(posted.items())
    if has_more and str(data[TOTAL]).isdigit():
        data[TOTAL] = str(min(int(data[TOTAL]) + BOXES_AT_FIRST, MOST_BOXES))
    return Boxes(data, prefix=BOXES)


class HandForm(forms.Form):
    """To which agency a masked copy goes."""

    basis = forms.UUIDField(widget=forms.Select, label=_("To whom"))

    def __init__(self, choices: Sequence[tuple[str, str]], *words: Any, **more: Any) -> None:
        """Offer the living bases."""
        super().__init__(*words, **more)
        self.fields["basis"].widget.choices = list(choices)
