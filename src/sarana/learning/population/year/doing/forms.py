"""What is written down of an activity, and by what a list of them is chosen."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sarana.ground.accounts.models import Agency
from sarana.learning.population.sources.forms import day_field
from sarana.learning.population.year.doing.actions import Done
from sarana.learning.population.year.models import Activity

ALL: list[tuple[str, Any]] = [("", _("all"))]
WHOLE: list[tuple[str, Any]] = [("", _("the whole province"))]


class ActivityForm(forms.Form):
    """Who, where, when, for which whole group, how many, and what it cost; never a list of persons."""

    organiser = forms.CharField(label=_("Who organised it"), max_length=160, help_text=_("The office or group."))
    agency = forms.ChoiceField(label=_("Agency"))
    area = forms.ChoiceField(label=_("Province"))
    place = forms.ChoiceField(label=_("District or subdistrict"), required=False)
    kind = forms.ChoiceField(label=_("What was done"), choices=Activity.Kind.choices)
    group = forms.ChoiceField(
        label=_("For whom"),
        choices=Activity.Group.choices,
        help_text=_("Always a whole group. An invitation never carries a band or an index."),
    )
    from_on = day_field(_("From"))
    until_on = day_field(_("Until, this day included"))
    n_reached = forms.IntegerField(
        label=_("How many people it reached"), min_value=0, max_value=10_000_000, help_text=_("A number, no names.")
    )
    cost = forms.IntegerField(
        label=_("Cost"), min_value=0, max_value=10**12, required=False, help_text=_("In whole units. Empty: not known.")
    )
    currency = forms.RegexField(
        r"^[A-Z]{3}$", label=_("Currency"), required=False, initial="THB", help_text=_("Three letters, such as THB.")
    )
    source_line = forms.CharField(
        label=_("Where this stands"), max_length=200, help_text=_("The report or letter, with its number and day.")
    )

    def __init__(
        self, agencies: Sequence[Agency], areas: Sequence[str], places: Sequence[tuple[str, str]], today: dt.date,
        *words: Any, **more: Any,
    ) -> None:  # fmt: skip
        """Offer her agencies, her provinces, and the areas of their maps."""
        super().__init__(*words, **more)
        self.today, language = today, get_language() or "en"
        self.found_agencies = {str(each.ref): each for each in agencies}
        fields: dict[str, Any] = self.fields
        fields["agency"].choices = [(ref, each.called(language)) for ref, each in self.found_agencies.items()]
        fields["area"].choices = [(area, area) for area in areas]
        fields["place"].choices = [*WHOLE, *places]

    def clean_until_on(self) -> dt.date:
        """Only what was done already is written down."""
        until: dt.date = self.cleaned_data["until_on"]
        if until > self.today:
            raise forms.ValidationError(_("Write it down once it is over: give a day until today."))
        return until

    def clean(self) -> dict[str, Any]:
        """It ends after it begins, in one province; a cost has a currency."""
        given: dict[str, Any] = super().clean() or {}
        begins, ends = given.get("from_on"), given.get("until_on")
        if begins and ends and ends < begins:
            self.add_error("until_on", _("It cannot end before it begins."))
        if given.get("place") and not given["place"].startswith(given.get("area", "")[2:] or "?"):
            self.add_error("place", _("Choose an area of that province."))
        if given.get("cost") is None:
            given["currency"] = ""
        elif not given.get("currency") and "currency" not in self.errors:
            self.add_error("currency", _("Say in which currency."))
        return given

    def done(self) -> Done:
        """What was given, as the action takes it."""
        return Done(**{name: self.cleaned_data[name] for name in Done.__slots__})


class ChoiceForm(forms.Form):
    """Which activities are listed; it stands in the address."""

    kind = forms.ChoiceField(label=_("What was done"), choices=[*ALL, *Activity.Kind.choices], required=False)
    year = forms.ChoiceField(label=_("Year"), required=False)

    def __init__(self, years: Sequence[int], *words: Any, **more: Any) -> None:
        """Offer the years in which there are any."""
        super().__init__(*words, **more)
        fields: dict[str, Any] = self.fields
        fields["year"].choices = [*ALL, *((str(year), str(year)) for year in years)]
