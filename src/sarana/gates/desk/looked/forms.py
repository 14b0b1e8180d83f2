"""What can be looked for in the list; every value stays in the address, so that a list can be found again."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sarana.gates.desk.looked.words import Names, act_choices, day_in
from sarana.ground.days import DayField
from sarana.ground.ledger.queries import Looks


class LooksForm(forms.Form):
    """The filters of the list."""

    person = forms.TypedChoiceField(label=_("Who"), required=False, empty_value="")
    act = forms.ChoiceField(label=_("What was done"), required=False)
    agency = forms.TypedChoiceField(label=_("Agency"), required=False, empty_value="")
    thing = forms.UUIDField(
        label=_("Reference of the record"),
        required=False,
        error_messages={"invalid": _("A reference has 32 letters and digits; copy it from the record's own address.")},
    )
    purpose = forms.ChoiceField(label=_("Purpose"), required=False)
    since = DayField(label=_("From"), required=False)
    until = DayField(label=_("Until, that day with it"), required=False)
    refused = forms.BooleanField(label=_("Only what was refused or failed"), required=False)

    def __init__(self, names: Names, data: Any) -> None:
        """Offer the people and agencies whose names the actor may see."""
        super().__init__(data or None)
        anybody = [("", _("all"))]
        self.fields["person"].choices = [*anybody, *_by_name(names.people)]  # type: ignore[attr-defined]
        self.fields["agency"].choices = [*anybody, *_by_name(names.agencies)]  # type: ignore[attr-defined]
        self.fields["purpose"].choices = [*anybody, *_by_name(names.purposes)]  # type: ignore[attr-defined]
        self.fields["act"].choices = [*anybody, *act_choices()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The days in their order."""
        found = super().clean() or {}
        since, until = found.get("since"), found.get("until")
        if since and until and until < since:
            self.add_error("until", _("This day lies before the first one: change one of the two."))
        return found

    def looks(self, zone: dt.tzinfo | None) -> Looks:
        """The filters as the reading door takes them; call it for a form that is valid, or was not filled in."""
        found = self.cleaned_data if self.is_bound else {}
        until = found.get("until")
        return Looks(
            agency_ref=found.get("agency") or None,
            person_ref=found.get("person") or None,
            act=found.get("act", ""),
            thing_ref=found.get("thing"),
            purpose=found.get("purpose", ""),
            only_bad_ends=found.get("refused", False),
            from_on=day_in(found["since"], zone) if found.get("since") else None,
            until_on=day_in(until + dt.timedelta(days=1), zone) if until else None,
        )


def _by_name(names: Any) -> list[tuple[str, str]]:
    return sorted(((str(ref), name) for ref, name in names.items()), key=lambda choice: choice[1].casefold())
