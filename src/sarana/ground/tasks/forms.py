"""How a task ends: shape of input only."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sarana.basics.tasks import TaskKind
from sarana.ground.tasks.actions import RETURNED


class EndForm(forms.Form):
    """What became of it."""

    outcome = forms.ChoiceField(label=_("What became of it"))

    def __init__(self, kind: TaskKind | None, data: Any = None) -> None:
        """Offer how a task of this kind can end."""
        super().__init__(data)
        fields: dict[str, Any] = self.fields
        own = kind.outcomes if kind else ()
        fields["outcome"].choices = [("", _("choose")), *own, (RETURNED, _("it is not for this role"))]
