"""What is judged: shape of input only."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from sarana.care.people.same.models import Likeness, Verdict


class JudgeForm(forms.Form):
    """The same, not the same, or cannot say; and who leads."""

    verdict = forms.ChoiceField(label=_("Are they one person?"), choices=Verdict.choices, widget=forms.RadioSelect)
    leads = forms.ChoiceField(
        label=_("Where they are: which record leads"),
        required=False,
        help_text=_("Search shows the one that leads. Nothing is copied, and it can be taken back whole."),
    )

    def __init__(self, data: Mapping[str, Any] | None, row: Likeness) -> None:
        """The two records by their code."""
        super().__init__(data)
        sides = [(str(each.ref), each.code) for each in (row.first, row.second)]
        self.fields["leads"].choices = sides  # type: ignore[attr-defined]

    def leading(self) -> UUID | None:
        """Which leads."""
        said = self.cleaned_data["leads"]
        return UUID(said) if said else None
