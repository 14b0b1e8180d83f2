"""Asking for a map as a file: which kind, and for villages the reason."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sarana.learning.population.files.writing import FORMATS
from sarana.learning.population.models import AreaLevel, MapFile
from sarana.learning.population.showing import Choice

CHOSEN = ("level", "within", "group", "which", "indicator", "sector")
"""The choice of the map, which goes along unseen."""


class TakeForm(forms.Form):
    """What is asked for; the choice of the map goes along as it stands."""

    kind = forms.ChoiceField(label=_("As"), choices=[pair for pair in MapFile.Kind.choices if pair[0] in FORMATS])
    reason = forms.ChoiceField(
        label=_("For what you take villages along"),
        choices=(("", _("choose")), *MapFile.Reason.choices),
        help_text=_("It stands in the list of who looked and what was done, with your name."),
    )

    def __init__(self, choice: Choice, data: Any = None) -> None:
        """Offer what the level can be taken along as; a reason is asked for villages only."""
        super().__init__(data, auto_id="take_%s")
        for name, value in choice.as_data().items():
            self.fields[name] = forms.CharField(widget=forms.HiddenInput, required=False, initial=value)
        if choice.level != AreaLevel.VILLAGE:
            del self.fields["reason"]
