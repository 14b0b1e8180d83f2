"""What is asked before somebody is opened in an emergency: which one, and why."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sarana.care.people.emergency.models import Emergency
from sarana.care.people.fields import Written
from sarana.care.people.forms import CodeForm
from sarana.care.people.reasons import FEWEST, MOST_LETTERS

UNCHOSEN = {"required": _("Choose one from the list.")}


class ReasonForm(forms.Form):
    """Why, from a list and in words."""

    reason = forms.ChoiceField(label=_("What happens"), choices=[("", _("choose"))], error_messages=UNCHOSEN)
    words = Written(label=_("In a sentence or two"), longest=MOST_LETTERS, rows=3)

    def clean_words(self) -> str:
        """Words from which somebody else understands it."""
        words: str = self.cleaned_data["words"].strip()
        if len(words) < FEWEST:
            raise forms.ValidationError(_t("Say in a sentence what happens."))
        return words


class EmergencyForm(ReasonForm, CodeForm):
    """Whom to open, by the code, and why."""

    def __init__(self, *args: Any, **more: Any) -> None:
        """The reasons of an emergency."""
        super().__init__(*args, **more)
        self.fields["code"].label = _("Code of the person")
        self.fields["reason"].choices = [("", _("choose")), *Emergency.Reason.choices]  # type: ignore[attr-defined]
        self.order_fields(["code", "reason", "words"])
