"""What can be chosen on the map: the level, the group, the district, the areas, and what is shown of them."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sarana.learning.population.models import AreaLevel
from sarana.learning.population.queries import ALL
from sarana.learning.population.showing import BETTER, GROUPS, WITHOUT, Choice

NO_ANSWERS = _("This map tells no answers: of the index alone it can say something.")


class ChoiceForm(forms.Form):
    """The filters of the map, which stand in the address."""

    level = forms.ChoiceField(label=_("Kind of area"), choices=AreaLevel.choices)
    within = forms.ChoiceField(label=_("District"))
    group = forms.ChoiceField(
        label=_("Which people"),
        help_text=_("One sex or one age: both together would be numbers of few people in most districts."),
    )
    which = forms.ChoiceField(
        label=_("Indicators"),
        required=False,
        choices=(("", _("all indicators")), (WITHOUT, _("without legal status"))),
    )
    indicator = forms.ChoiceField(
        label=_("One indicator"),
        required=False,
        help_text=_("Of everybody together, and not of villages."),
    )
    sector = forms.ChoiceField(
        label=_("One sector"), required=False, help_text=_("Who has the gravest answer to a question of it.")
    )
    only = forms.ChoiceField(
        label=_("Which areas"),
        required=False,
        choices=(("", _("all areas")), (BETTER, _("those that do better than predicted"))),
        help_text=_("Only of subdistricts is it told."),
    )

    def __init__(
        self,
        choice: Choice,
        districts: Sequence[tuple[str, str]],
        groups: frozenset[str],
        indicators: Sequence[tuple[str, str]],
        sectors: Sequence[tuple[str, str]],
    ) -> None:
        """Show what was chosen, and offer what the run says anything of; what it does not know is not chosen."""
        chosen = choice.as_data()
        for name, offered in (("indicator", indicators), ("sector", sectors)):
            if chosen[name] not in dict(offered):
                chosen[name] = ""
        super().__init__({**chosen, "only": BETTER if choice.is_better else ""})
        fields: dict[str, Any] = self.fields
        if choice.is_of_villages:
            fields["within"].label = _("District or subdistrict")
        fields["within"].choices = [(ALL, _("all districts")), *districts]
        fields["group"].choices = [(code, words) for code, words in GROUPS.items() if code in groups or code == ALL]
        for name, offered in (("indicator", indicators), ("sector", sectors)):
            fields[name].choices = [("", _("the index")), *offered]
            if not offered:
                fields[name].help_text = NO_ANSWERS
