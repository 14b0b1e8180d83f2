"""What is asked about a new purpose: shape of input only."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sarana.ground.days import DayField

LONGEST_NAME, LONGEST_TEXT, LONGEST_CODE = 80, 300, 40


def _line(label: Any, longest: int = LONGEST_NAME) -> forms.CharField:
    return forms.CharField(label=label, max_length=longest)


def _text(label: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 2}))


class PurposeForm(forms.Form):
    """A purpose to add."""

    code = forms.RegexField(
        r"\A[a-z][a-z0-9-]*\Z",
        label=_("Code"),
        max_length=LONGEST_CODE,
        help_text=_("Small Latin letters, digits and lines. The ledger holds it, so it is never given twice."),
        error_messages={"invalid": _("Only small Latin letters, digits and lines, with a letter first.")},
    )
    name = _line(_("Purpose in English"))
    name_th = _line(_("Purpose in Thai"))
    text = _text(_("What it allows, in English"))
    text_th = _text(_("What it allows, in Thai"))
    roles = forms.MultipleChoiceField(label=_("Roles that may state it"), widget=forms.CheckboxSelectMultiple)
    from_on = DayField(label=_("From"))
    until_on = DayField(label=_("Last day"), required=False, help_text=_("Empty: until somebody ends it."))

    def __init__(self, roles: Iterable[tuple[str, str]], *words: Any, **more: Any) -> None:
        """Offer every role there is."""
        super().__init__(*words, **more)
        self.fields["roles"].choices = list(roles)  # type: ignore[attr-defined]
