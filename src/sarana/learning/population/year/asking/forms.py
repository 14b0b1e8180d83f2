"""What is written down of a register that an office holds."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sarana.ground.accounts.models import Agency
from sarana.learning.population.sources.forms import day_field
from sarana.learning.population.sources.models import Source
from sarana.learning.population.year.asking.actions import Told
from sarana.learning.population.year.models import Holding

NOBODY: list[tuple[str, Any]] = [("", "–")]


class HoldingForm(forms.Form):
    """Who holds it, whether it may be had, and what comes next; the office, and nobody in it."""

    name = forms.CharField(label=_("Which register"), max_length=120, help_text=_("As the office calls it."))
    sector = forms.ChoiceField(label=_("Sector"), choices=Source.Sector.choices)
    holder = forms.CharField(label=_("Which office holds it"), max_length=160)
    contact = forms.CharField(
        label=_("How to reach that office"),
        max_length=160,
        required=False,
        help_text=_("A number or an address of the office. No name, and no telephone of a person."),
    )
    stands = forms.ChoiceField(label=_("May it be had"), choices=Holding.Stands.choices)
    legal_basis = forms.CharField(
        label=_("By which right"), max_length=200, required=False, help_text=_("The law and its section.")
    )
    codes = forms.CharField(
        label=_("In which codes and layout"),
        max_length=200,
        required=False,
        help_text=_("Such as: the 43 files, version 2.4, villages by eight digits."),
    )
    refused_by = forms.CharField(
        label=_("Which office refused"), max_length=160, required=False, help_text=_("Only where it was refused.")
    )
    reason = forms.ChoiceField(label=_("Why it was refused"), required=False)
    next_step = forms.CharField(label=_("What comes next"), max_length=160, required=False)
    next_on = day_field(_("On which day"), required=False)
    source = forms.ChoiceField(
        label=_("Source that it became"), required=False, help_text=_("Once its file was handed over.")
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, sources: Sequence[Source], *words: Any, **more: Any) -> None:
        """Offer the sources of the province."""
        super().__init__(*words, **more)
        self.found_sources = {str(each.ref): each for each in sources}
        fields: dict[str, Any] = self.fields
        fields["reason"].choices = [*NOBODY, *Holding.Reason.choices]
        fields["source"].choices = [*NOBODY, *((ref, each.name) for ref, each in self.found_sources.items())]

    def clean(self) -> dict[str, Any]:
        """Who refused and why stand exactly where it was refused."""
        given: dict[str, Any] = super().clean() or {}
        is_refused = given.get("stands") == Holding.Stands.NO
        for name in ("refused_by", "reason"):
            if is_refused and not given.get(name) and name not in self.errors:
                self.add_error(name, _("Needed, because it was refused."))
            if not is_refused and given.get(name):
                self.add_error(name, _("Only where it was refused. Choose that above, or leave this empty."))
        return given

    def told(self) -> Told:
        """What was given, as the actions take it."""
        given = {name: self.cleaned_data[name] for name in Told.__slots__}
        return Told(**{**given, "source": self.found_sources.get(given["source"])})


class NewHoldingForm(HoldingForm):
    """The same, with whose line it is, and of which province."""

    agency = forms.ChoiceField(label=_("Agency"))
    area = forms.ChoiceField(label=_("Province"))
    field_order = ("name", "agency", "area")

    def __init__(self, agencies: Sequence[Agency], areas: Sequence[str], *words: Any, **more: Any) -> None:
        """Offer her agencies and provinces."""
        super().__init__(*words, **more)
        language = get_language() or "en"
        self.found_agencies = {str(each.ref): each for each in agencies}
        fields: dict[str, Any] = self.fields
        fields["agency"].choices = [(ref, each.called(language)) for ref, each in self.found_agencies.items()]
        fields["area"].choices = [(area, area) for area in areas]
