"""The form of a record that lures."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sarana.care.people.models import Person


class LureForm(forms.Form):
    """An invented person: one name, sex, year of birth."""

    agency = forms.ChoiceField(label=_("Agency"))
    name = forms.CharField(
        label=_("An invented name"),
        max_length=200,
        strip=True,
        help_text=_("Of nobody who lives: a given and a family name as they are usual here."),
    )
    sex = forms.ChoiceField(label=_("Sex"), choices=Person.Sex.choices, initial=Person.Sex.UNKNOWN)
    year = forms.IntegerField(label=_("Year of birth"), required=False, min_value=1880, max_value=2700)

    def __init__(self, agencies: list[tuple[str, str]], data: Any = None) -> None:
        """The agencies for which she enters one."""
        super().__init__(data)
        self.fields["agency"].choices = agencies  # type: ignore[attr-defined]
        self.fields["agency"].initial = agencies[0][0] if agencies else ""
        if len(agencies) == 1:
            self.fields["agency"].widget = forms.HiddenInput()
