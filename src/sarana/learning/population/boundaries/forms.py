"""What is asked when a boundary file is brought: shape of input only."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sarana.ground.accounts.models import Agency
from sarana.learning.population.boundaries.actions import Said
from sarana.learning.population.sources.forms import day_field


class BringForm(forms.Form):
    """Of which province it is, who drew it, and from which day it is; the file itself comes piece by piece."""

    agency = forms.ChoiceField(label=_("Agency"))
    area = forms.ChoiceField(label=_("Province"))
    drawn_by = forms.CharField(
        label=_("Who drew it, and under which licence"),
        max_length=200,
        help_text=_("Such as: Royal Thai Survey Department, open data."),
    )
    as_of = day_field(_("From which day its boundaries are"))
    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_("GeoJSON of the subdistricts in degrees (WGS 84), each with its code."),
    )

    def __init__(
        self, agencies: Sequence[Agency], areas: Sequence[str], today: dt.date, *words: Any, **more: Any
    ) -> None:
        """Offer her agencies and provinces, and days until today."""
        super().__init__(*words, **more)
        self.today = today
        language = get_language() or "en"
        self.found_agencies = {str(each.ref): each for each in agencies}
        fields: dict[str, Any] = self.fields
        fields["agency"].choices = [(ref, each.called(language)) for ref, each in self.found_agencies.items()]
        fields["area"].choices = [(area, area) for area in areas]

    def clean_as_of(self) -> dt.date:
        """No boundary is of a day that is still to come.

        Raises:
            ValidationError: it is after today.
        """
        given: dt.date = self.cleaned_data["as_of"]
        if given > self.today:
            raise forms.ValidationError(_("This day is still to come."))
        return given

    def said(self) -> Said:
        """What was given, as the action takes it."""
        return Said(**{name: self.cleaned_data[name] for name in Said.__slots__})
