"""What is asked when a source is registered or changed, and when a file is handed over."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sarana.basics.actors import Actor
from sarana.ground.accounts.models import Agency
from sarana.ground.days import DayField
from sarana.learning.population.sets.queries import adopted_in
from sarana.learning.population.sources import policy
from sarana.learning.population.sources.actions import Said
from sarana.learning.population.sources.models import Source
from sarana.learning.population.sources.updates.actions import Wanted
from sarana.methods.population.layouts import layouts
from sarana.methods.risk.sets import list_sets

PROVINCE = 4
"""So many signs of a mandate's code name its province: two of the country, and two more."""

USUAL_KEPT, MOST_KEPT = dt.timedelta(days=550), dt.timedelta(days=731)
"""Usually a year and a half: next year's update is made beside what lies behind this one, and may be late."""

NEEDED = ("agreement", "agreement_until", "impact_assessment")


def day_field(label: Any, **more: Any) -> DayField:
    """A day that a browser shows again: it knows one way of writing only, whatever the language."""
    return DayField(label=label, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **more)


class SourceForm(forms.Form):
    """What is said of a source."""

    name = forms.CharField(
        label=_("Name"), max_length=120, help_text=_("As the office calls it. No name of a person in a file.")
    )
    sector = forms.ChoiceField(label=_("Sector"), choices=Source.Sector.choices)
    custodian = forms.CharField(
        label=_("Who keeps it"), max_length=160, help_text=_("The office, and whom to ask there.")
    )
    legal_basis = forms.CharField(
        label=_("By which right it is used"), max_length=200, help_text=_("The law and its section.")
    )
    as_of = day_field(_("From which day its values are"))
    is_invented = forms.BooleanField(
        label=_("All people in it are invented"), required=False, help_text=_("Only for exercises.")
    )
    agreement = forms.CharField(
        label=_("Agreement"), max_length=120, required=False, help_text=_("Its number. Needed for real people.")
    )
    agreement_until = day_field(_("Agreement until"), required=False)
    impact_assessment = forms.CharField(
        label=_("Impact assessment"), max_length=120, required=False, help_text=_("Its number. Needed for real people.")
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean(self) -> dict[str, Any]:
        """On real people nothing is handed over without its papers."""
        given: dict[str, Any] = super().clean() or {}
        for name in NEEDED if not given.get("is_invented") else ():
            if name not in self.errors and not given.get(name):
                self.add_error(name, _("Needed, unless all people in it are invented."))
        return given

    def said(self) -> Said:
        """What was given, as the actions take it."""
        given = self.cleaned_data
        return Said(**{name: given[name] for name in Said.__slots__})


class RegisterForm(SourceForm):
    """The same, with whose it is, of which province, and how it is laid out."""

    agency = forms.ChoiceField(label=_("Agency"))
    area = forms.ChoiceField(label=_("Province"))
    layout = forms.ChoiceField(label=_("Layout"), help_text=_("How the files are made. Their columns are known."))
    field_order = ("name", "agency", "area", "layout", "sector", "custodian")

    def __init__(self, actor: Actor, agencies: Sequence[Agency], *words: Any, **more: Any) -> None:
        """Offer her agencies, the provinces of their mandates, and every layout."""
        super().__init__(*words, **more)
        language = get_language() or "en"
        self.found_agencies = {str(each.ref): each for each in agencies}
        areas = sorted({held[:PROVINCE] for grant in policy.grants_of(actor) for held in grant.mandate})
        fields: dict[str, Any] = self.fields
        fields["agency"].choices = [(ref, each.called(language)) for ref, each in self.found_agencies.items()]
        fields["area"].choices = [(area, area) for area in areas if len(area) == PROVINCE]
        fields["layout"].choices = [(code, each.called(language)) for code, each in layouts().items()]


class UpdateForm(forms.Form):
    """What is asked of a yearly update."""

    name = forms.CharField(label=_("Name of the update"), max_length=120, help_text=_("Such as Chiang Mai 2569."))
    agency = forms.ChoiceField(label=_("Agency"))
    area = forms.ChoiceField(label=_("Province"))
    as_of = day_field(_("From which day it looks"))
    indicators = forms.ChoiceField(label=_("Set of indicators"))
    until = day_field(
        label=_("Its files on people open until"),
        help_text=_("Then their key is destroyed. Next year's update has to be made before. At most two years."),
    )
    impact_assessment = forms.CharField(
        label=_("Impact assessment"), max_length=120, required=False, help_text=_("Its number. Needed for real people.")
    )
    sources = forms.MultipleChoiceField(
        label=_("Of which sources"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Those all of whose files are here. Ticked are those of this year whose papers are in force."),
    )

    def __init__(
        self, actor: Actor, agencies: Sequence[Agency], complete: Sequence[Source], why_not: Mapping[UUID, str],
        *words: Any, **more: Any,
    ) -> None:  # fmt: skip
        """Offer her agencies and provinces, the sets, and the sources that are complete.

        `why_not` says in words, by the reference of a source, why it is not ticked.
        """
        super().__init__(*words, **more)
        language = get_language() or "en"
        self.today, self.complete = actor.today, {str(each.ref): each for each in complete}
        self.found_agencies = {str(each.ref): each for each in agencies}
        held = {held[:PROVINCE] for grant in policy.officer_grants(actor) for held in grant.mandate}
        areas = sorted(area for area in held if len(area) == PROVINCE and policy.answers_for(actor, area))
        fields: dict[str, Any] = self.fields
        fields["agency"].choices = [(ref, each.called(language)) for ref, each in self.found_agencies.items()]
        fields["area"].choices = [(area, area) for area in areas]
        self.own_sets = {str(each.ref): each for each in adopted_in(areas)}
        fields["indicators"].choices = [(name, name) for name in list_sets()]
        own = [(ref, f"{each.called} · {each.title} ({each.area})") for ref, each in self.own_sets.items()]
        fields["indicators"].choices += own
        fields["sources"].choices = [
            (ref, " · ".join((f"{each.name} ({each.area})", *([why] if (why := why_not.get(each.ref, "")) else []))))
            for ref, each in self.complete.items()
        ]
        fields["until"].initial = actor.today + USUAL_KEPT
        fields["sources"].initial = [
            ref for ref, each in self.complete.items() if each.area in areas[:1] and not why_not.get(each.ref)
        ]

    def clean_until(self) -> dt.date:
        """Not over yet, and not for ever."""
        until: dt.date = self.cleaned_data["until"]
        if not self.today <= until <= self.today + MOST_KEPT:
            raise forms.ValidationError(_("Give a day from today on, within two years."))
        return until

    def clean(self) -> dict[str, Any]:
        """Sources of one province; on real people not without an impact assessment."""
        given: dict[str, Any] = super().clean() or {}
        chosen = [self.complete[ref] for ref in given.get("sources", ())]
        if any(each.area != given.get("area") for each in chosen):
            self.add_error("sources", _("Choose sources of the province of the update."))
        own = self.own_sets.get(given.get("indicators", ""))
        if own is not None and own.area != given.get("area"):
            self.add_error("indicators", _("This set is another province's."))
        if not given.get("impact_assessment") and any(not each.is_invented for each in chosen):
            self.add_error("impact_assessment", _("Needed, unless all people in it are invented."))
        return given

    def wanted(self) -> Wanted:
        """What was given, as the action takes it."""
        return Wanted(**{name: self.cleaned_data[name] for name in Wanted.__slots__})
