"""Agreements, a yes and a decision: shape of input only."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from sarana.care.people.asking.actions import MOST_A_DAY
from sarana.care.people.asking.models import Reached

CHOOSE = ("", _("choose"))


class AgreementForm(forms.Form):
    """What one agency proposes to another."""

    agency = forms.ChoiceField(label=_("For which of your agencies"))
    partner = forms.ChoiceField(label=_("With which agency"))
    until = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}))
    a_day = forms.IntegerField(
        label=_("Questions a day, at most"), min_value=1, max_value=MOST_A_DAY, initial=10,
        help_text=_("For each of the two. Fewer are safer: nobody looks through people by asking."),
    )  # fmt: skip

    def __init__(self, *args: Any, own: dict[UUID, str], others: dict[UUID, str], **more: Any) -> None:
        """Own and other agencies by their reference."""
        super().__init__(*args, **more)
        self.fields["agency"].choices = [(str(ref), name) for ref, name in own.items()]  # type: ignore[attr-defined]
        offered = [(str(ref), name) for ref, name in others.items()]
        self.fields["partner"].choices = [CHOOSE, *offered]  # type: ignore[attr-defined]


class YesForm(forms.Form):
    """Until when a person's yes holds."""

    until = forms.DateField(
        label=_("The yes holds until"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("A year at most; 90 days for somebody in a shelter or who is kept closed."),
    )
    is_explained = forms.BooleanField(
        label=_(
            "It was explained in a language that the person speaks: no name is shown to either side, "
            "and the yes may be taken back."
        ),
    )


class DecisionForm(forms.Form):
    """What becomes of it."""

    outcome = forms.ChoiceField(label=_("What becomes of it"), choices=(CHOOSE, *Reached.Outcome.choices))
