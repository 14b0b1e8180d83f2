"""The forms with which an act is proposed: shape of input only."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sarana.basics.actors import Actor
from sarana.ground.accounts import guarded, queries
from sarana.ground.accounts.models import Agency, Membership


def _person(membership: Membership) -> str:
    language = get_language() or "en"
    return f"{membership.account.name} – {membership.role.called(language)}, {membership.agency.called(language)}"


class GiveForm(forms.Form):
    """Give one of the guarded roles to somebody who works in an agency."""

    membership = forms.ChoiceField(label=_("Person"))
    role = forms.ChoiceField(label=_("Role"))

    def __init__(self, actor: Actor, *words: Any, **more: Any) -> None:
        """Offer the people whose roles the actor sees, and the guarded roles."""
        super().__init__(*words, **more)
        self.found = {str(row.ref): row for row in queries.memberships_for(actor).filter(ended_at__isnull=True)}
        self.fields["membership"].choices = [(ref, _person(row)) for ref, row in self.found.items()]  # type: ignore[attr-defined]
        roles = queries.roles().filter(code__in=guarded.GUARDED_ROLES)
        self.fields["role"].choices = [(role.code, role.called(get_language() or "en")) for role in roles]  # type: ignore[attr-defined]


class EndForm(forms.Form):
    """End the role of the last administrator."""

    membership = forms.ChoiceField(label=_("Administrator"))

    def __init__(self, actor: Actor, *words: Any, **more: Any) -> None:
        """Offer the administrators whom the actor sees."""
        super().__init__(*words, **more)
        rows = queries.memberships_for(actor).filter(ended_at__isnull=True, role__code=guarded.ADMINISTRATOR)
        self.found = {str(row.ref): row for row in rows}
        self.fields["membership"].choices = [(ref, _person(row)) for ref, row in self.found.items()]  # type: ignore[attr-defined]


class HandOverForm(forms.Form):
    """Ask that an agency is handed over all that it owns."""

    agency = forms.ChoiceField(label=_("Agency"))

    def __init__(self, actor: Actor, *words: Any, **more: Any) -> None:
        """Offer every agency that the actor sees; whether she may is asked by the action."""
        super().__init__(*words, **more)
        self.found: dict[str, Agency] = {str(row.ref): row for row in queries.agencies_for(actor)}
        choices = [(ref, row.called(get_language() or "en")) for ref, row in self.found.items()]
        for name in self.fields:
            self.fields[name].choices = choices  # type: ignore[attr-defined]


class PartnerForm(HandOverForm):
    """Name another agency as the one that gives second words."""

    partner = forms.ChoiceField(label=_("Partner agency"))

    def partner_ref(self) -> UUID:
        """The reference of the agency chosen."""
        return self.found[self.cleaned_data["partner"]].ref
