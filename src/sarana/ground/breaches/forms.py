"""What is asked of an officer: choices, times and numbers. No field takes a word, so that nobody is named here."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sarana.basics.actors import Actor
from sarana.ground.accounts import queries as accounts
from sarana.ground.accounts.models import Agency
from sarana.ground.breaches.models import Affected, Incident

MOST_PEOPLE = 100_000_000


def _moment(label: Any, **more: Any) -> forms.DateTimeField:
    return forms.DateTimeField(label=label, widget=forms.DateTimeInput(attrs={"type": "datetime-local"}), **more)


class IncidentForm(forms.Form):
    """An incident to record."""

    agency = forms.ChoiceField(label=_("Agency"))
    what = forms.ChoiceField(label=_("What was readable"), choices=Incident.What.choices)
    found = forms.ChoiceField(label=_("How it was found"), choices=Incident.Found.choices)
    since_at = _moment(_("Since when"), help_text=_("The earliest that it can have been."))
    known_at = _moment(_("Known since"), help_text=_("Deadlines count from here."))
    file_number = forms.RegexField(
        r"^[0-9/.-]*$",
        label=_("Number of your own file"),
        required=False,
        max_length=40,
        help_text=_("Digits only. What happened in words, and who is concerned, stays in that file."),
        error_messages={"invalid": _("Only digits, points, strokes and lines: no name and no word.")},
    )

    def __init__(self, agencies: Sequence[Agency], *words: Any, **more: Any) -> None:
        """Offer the agencies whose officer she is."""
        super().__init__(*words, **more)
        self.found_agencies = {str(each.ref): each for each in agencies}
        self.fields["agency"].choices = [  # type: ignore[attr-defined]
            (ref, each.called(get_language() or "en")) for ref, each in self.found_agencies.items()
        ]


class CountForm(forms.Form):
    """How many people of one agency it touches."""

    agency = forms.TypedChoiceField(label=_("Whose data"))
    tier = forms.ChoiceField(label=_("What could be read"), choices=Affected.Tier.choices)
    n_people = forms.IntegerField(label=_("How many people"), min_value=0, max_value=MOST_PEOPLE)

    def __init__(self, actor: Actor, *words: Any, **more: Any) -> None:
        """Offer every agency that the actor sees."""
        super().__init__(*words, **more)
        names = accounts.agency_names(actor, get_language() or "en")
        self.refs = {str(ref): ref for ref in names}
        self.fields["agency"].choices = [(str(ref), name) for ref, name in names.items()]  # type: ignore[attr-defined]


class ToldForm(forms.Form):
    """When somebody was told."""

    told_at = _moment(_("Told at"))
