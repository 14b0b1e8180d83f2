"""What is said of a person's page, and how it is settled: shape of input only."""

from django import forms
from django.utils.translation import gettext_lazy as _

from sarana.learning.population.opened.corrections.actions import Said
from sarana.learning.population.opened.models import Correction

LONGEST = 500


class CorrectionForm(forms.Form):
    """A correction or an objection."""

    kind = forms.ChoiceField(label=_("What is wrong"), choices=(("", _("choose")), *Correction.Kind.choices))
    said_by = forms.ChoiceField(label=_("Who says so"), choices=(("", _("choose")), *Correction.By.choices))
    words = forms.CharField(
        label=_("In their own words"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only if it is needed. It is sealed; the custodian of the data reads it. Name nobody else."),
    )

    def said(self) -> Said:
        """What was filled in."""
        given = self.cleaned_data
        return Said(given["kind"], given["said_by"], given["words"].strip())


class SettleForm(forms.Form):
    """How it is settled."""

    outcome = forms.ChoiceField(label=_("Does it hold?"), choices=(("", _("choose")), *Correction.Outcome.choices))
