"""What is asked before a conflict of interest is written down."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from sarana.care.people.conflict.models import Conflict
from sarana.care.people.emergency.forms import UNCHOSEN, ReasonForm

type Choices = Sequence[tuple[UUID, str]]


class FlagForm(ReasonForm):
    """Why, from a list and in words; who, in the forms that come of this one."""

    def __init__(self, who: Choices, *words: Any, **more: Any) -> None:
        """Offer those who can be flagged."""
        super().__init__(*words, **more)
        self.fields["who"].choices = _offered(who)  # type: ignore[attr-defined]
        self.fields["reason"].choices = [("", _("choose")), *Conflict.Reason.choices]  # type: ignore[attr-defined]
        self.fields["reason"].label = _("Why")
        self.order_fields(["who", "reason", "words", "instead"])


class AgencyForm(FlagForm):
    """Another agency."""

    who = forms.TypedChoiceField(label=_("Which agency"), coerce=UUID, error_messages=UNCHOSEN)


class ColleagueForm(FlagForm):
    """Somebody of one's own agency."""

    who = forms.TypedChoiceField(label=_("Which colleague"), coerce=UUID, error_messages=UNCHOSEN)
    instead = forms.TypedChoiceField(
        label=_("Who works with this person instead"),
        required=False,
        coerce=UUID,
        empty_value=None,
        help_text=_("Only needed where nobody else is left who may open this person."),
    )

    def __init__(self, who: Choices, helpers: Choices, *words: Any, **more: Any) -> None:
        """Offer those who help here besides."""
        super().__init__(who, *words, **more)
        self.fields["instead"].choices = _offered(helpers)  # type: ignore[attr-defined]


def _offered(choices: Choices) -> list[tuple[Any, Any]]:
    return [("", _("choose")), *((str(ref), name) for ref, name in choices)]
