"""Filters and forms of the pages of words and areas: shape of input only."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sarana.ground.codelists import actions, sources
from sarana.ground.days import DayField

LARGEST = 900_000
LANGUAGES = {
    "km": "ភាសាខ្មែរ",
    "lo": "ລາວ",
    "my": "မြန်မာ",
    "vi": "Tiếng Việt",
    "id": "Indonesia",
    "fil": "Filipino",
    "th": "ไทย",
    "en": "English",
}


class Languages(forms.ChoiceField):
    """One of the languages into which words are translated."""

    def __init__(self, **more: Any) -> None:
        """Offer them by their own names."""
        super().__init__(choices=[(code, LANGUAGES[code]) for code in actions.LANGUAGES], **more)


def _countries() -> list[tuple[str, str]]:
    return [(code, country.called(get_language() or "en")) for code, country in sources.countries().items()]


class AreasForm(forms.Form):
    """Which areas to show."""

    country = forms.ChoiceField(label=_("Country"), choices=_countries)
    q = forms.CharField(label=_("Name or code"), required=False, max_length=80)
    level = forms.TypedChoiceField(
        label=_("Level"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", _("all")), *((str(n), str(n)) for n in range(1, 6))],
    )
    on = DayField(label=_("As on"), required=False)
    ended = forms.BooleanField(label=_("Also areas that ended"), required=False)


class BringForm(forms.Form):
    """A table of P-codes."""

    country = forms.ChoiceField(
        label=_("Country"),
        choices=lambda: [each for each in _countries() if sources.country_of(each[0]).scheme == "P-codes"],
    )
    table = forms.FileField(
        label=_("Table"), help_text=_("The CSV file of P-codes that OCHA publishes, up to 900,000 bytes.")
    )

    def clean_table(self) -> bytes:
        """The contents, where they are not too large."""
        file = self.cleaned_data["table"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("This file is too large: cut it to the rows of the country."))
        content: bytes = file.read()
        return content


class TranslateForm(forms.Form):
    """A label for one word."""

    code = forms.CharField(max_length=40)
    language = Languages(label=_("Language"))
    text = forms.CharField(label=_("Label"), max_length=160)
