"""What can be chosen on the map: the level, the group, the district, and which of the two maps."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sarana.learning.population.models import AreaLevel
from sarana.learning.population.queries import ALL
from sarana.learning.population.showing import BETTER, GROUPS, WITHOUT, Choice


class ChoiceForm(forms.Form):
    """The filters of the map, which stand in the address."""

    level = forms.ChoiceField(label=_("Kind of area"), choices=AreaLevel.choices)
    within = forms.ChoiceField(label=_("District"))
    group = forms.ChoiceField(label=_("Which people"))
    which = forms.ChoiceField(
        label=_("Indicators"),
        required=False,
        choices=(("", _("all indicators")), (WITHOUT, _("without legal status"))),
    )
    only = forms.ChoiceField(
        label=_("Which areas"),
        required=False,
        choices=(("", _("all areas")), (BETTER, _("those that do better than predicted"))),
        help_text=_("Only of subdistricts is it told."),
    )

    def __init__(self, choice: Choice, districts: Sequence[tuple[str, str]], groups: frozenset[str]) -> None:
        """Show what was chosen, and offer what the run says anything of."""
        super().__init__({**choice.as_data(), "only": BETTER if choice.is_better else ""})
        fields: dict[str, Any] = self.fields
        fields["within"].choices = [(ALL, _("the whole province")), *districts]
        fields["group"].choices = [(code, words) for code, words in GROUPS.items() if code in groups or code == ALL]
