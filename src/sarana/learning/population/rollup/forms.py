"""Forms of the way to the nation: shape of input only."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sarana.ground.accounts.models import Agency
from sarana.ground.pages.calendars import say_year
from sarana.methods.population.package.form import MOST_BYTES
from sarana.methods.population.package.keys import MOST_PUBLIC_BYTES

YEARS = 6
"""So many years can be asked for: this one and those before."""


class Small(forms.FileField):
    """A small file, as its bytes."""

    def __init__(self, most_bytes: int, **more: Any) -> None:
        """Of at most so many bytes."""
        super().__init__(**more)
        self.most_bytes = most_bytes

    def clean(self, data: Any, initial: Any = None) -> Any:
        """The contents, where they are not too large."""
        file = super().clean(data, initial)
        if file.size > self.most_bytes:
            raise forms.ValidationError(_("This file is too large to be the right one."))
        content: bytes = file.read()
        return content


class TakeInForm(forms.Form):
    """The file of a province, and of which year it should be."""

    year = forms.TypedChoiceField(
        label=_("Which year you asked for"),
        coerce=int,
        help_text=_("The year of the day from which the tables look. A file of another year is not taken in."),
    )
    file = Small(
        MOST_BYTES, label=_("File"), help_text=_("The ZIP file as the province sent it: not opened, not packed again.")
    )

    def __init__(self, today: dt.date, *words: Any, **more: Any) -> None:
        """Offer this year and those before, as the reader counts years."""
        super().__init__(*words, **more)
        fields: dict[str, Any] = self.fields
        years = [today.year - back for back in range(YEARS)]
        fields["year"].choices = [(year, say_year(dt.date(year, 7, 1))) for year in years]


class TrustForm(forms.Form):
    """A key that came one way, and its digits as they were heard another way."""

    station = forms.ChoiceField(label=_("Agency and province"))
    key = Small(MOST_PUBLIC_BYTES, label=_("File with the key"), help_text=_("As the province sent it."))
    heard = forms.CharField(
        label=_("The forty digits that you heard"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
        help_text=_(
            "Call somebody of the province whom you know, over a number that you knew before, and have them read out "
            "eight groups of five. Do not copy them from the file or from a message: whoever changed the file changed "
            "them too."
        ),
    )

    def __init__(self, agencies: Sequence[tuple[Agency, str]], language: str, *words: Any, **more: Any) -> None:
        """Offer the agencies of provinces."""
        super().__init__(*words, **more)
        fields: dict[str, Any] = self.fields
        self.found = {f"{agency.ref}:{area}": (agency, area) for agency, area in agencies}
        offered = [(key, f"{agency.called(language)} ({area})") for key, (agency, area) in self.found.items()]
        # Nothing is chosen beforehand: a key for the wrong province is worse than none.
        fields["station"].choices = [("", _("choose")), *offered]
