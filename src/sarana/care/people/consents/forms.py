"""What is asked when a person agrees to something, or a supervisor decides by law."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from sarana.care.consent.actions import Agreed
from sarana.care.consent.models import Consent
from sarana.care.people.world import languages
from sarana.ground.days import DayField
from sarana.ground.vault.identities.actions.sharing import SHARED_TIERS, Terms
from sarana.ground.vault.identities.models import Basis
from sarana.methods.sealing.identities import Tier

TIER_WORDS = {
    Tier.NAMES: _("who it is: names, birth and papers"),
    Tier.CONTACT: _("how to reach them, and where they are"),
    Tier.STORY: _("what they tell, and what their health needs"),
    Tier.MASKED: _("photographs in which face and marks are hidden"),
}
EXPLAINED = (
    (Consent.Explained.FACE_TO_FACE, _("face to face")),
    (Consent.Explained.INTERPRETER, _("through an interpreter")),
    (Consent.Explained.TELEPHONE, _("by telephone")),
    (Consent.Explained.WRITTEN, _("on paper that the person read")),
)
EVIDENCE = (
    (Consent.Evidence.SIGNED, _("signed")),
    (Consent.Evidence.RECORDED, _("recorded")),
    (Consent.Evidence.WITNESS, _("a witness was there")),
    (Consent.Evidence.SPOKEN, _("spoken only")),
)
SPEAKERS = (
    (Consent.Speaker.SELF, _("the person")),
    (Consent.Speaker.GUARDIAN, _("a guardian")),
)
WAYS = (
    (Consent.Way.SPOKEN, _("The person said so")),
    (Consent.Way.WRITTEN, _("The person wrote so")),
    (Consent.Way.GUARDIAN, _("A guardian said so")),
    (Consent.Way.AGENCY, _("We end it, for their safety")),
)
GROUNDS = (
    (Basis.Ground.ORDER, _("a court or a prosecutor ordered it")),
    (Basis.Ground.DUTY, _("a law demands that it is told")),
    (Basis.Ground.DANGER, _("somebody's life or health is in danger")),
)

type Choices = Sequence[tuple[str, str]]


class TermsForm(forms.Form):
    """Who reads what, for what, until when."""

    recipient = forms.UUIDField(label=_("Which agency"), widget=forms.Select)
    tiers = forms.TypedMultipleChoiceField(
        label=_("What it may read"),
        choices=[(str(tier), TIER_WORDS[tier]) for tier in SHARED_TIERS],
        coerce=Tier,
        widget=forms.CheckboxSelectMultiple,
    )
    purpose = forms.ChoiceField(label=_("For what"))
    until = DayField(label=_("Last day"), help_text=_("A year from today at most."))

    def __init__(self, agencies: Choices, purposes: Choices, *words: Any, **more: Any) -> None:
        """Offer other agencies, and purposes."""
        super().__init__(*words, **more)
        self.fields["recipient"].widget.choices = [("", _("choose")), *agencies]
        self.fields["purpose"].choices = [("", _("choose")), *purposes]  # type: ignore[attr-defined]

    def terms(self) -> Terms:
        """The same as the door takes it."""
        given = self.cleaned_data
        return Terms(given["tiers"], given["recipient"], given["purpose"], given["until"])


class AgreedForm(TermsForm):
    """What a person agreed to, and how that came about."""

    language = forms.ChoiceField(label=_("In which language it was explained"))
    explained = forms.ChoiceField(label=_("How it was explained"), choices=EXPLAINED)
    explained_by = forms.TypedChoiceField(label=_("Who explained it"), coerce=UUID)
    agreed_by = forms.ChoiceField(label=_("Who agreed"), choices=SPEAKERS)
    evidence = forms.ChoiceField(label=_("What proves it"), choices=EVIDENCE)

    def __init__(self, agencies: Choices, purposes: Choices, helpers: Choices, *words: Any, **more: Any) -> None:
        """Offer languages, and those who help in the agency besides."""
        super().__init__(agencies, purposes, *words, **more)
        self.fields["language"].choices = [("", _("choose")), *languages()]  # type: ignore[attr-defined]
        self.fields["explained_by"].choices = list(helpers)  # type: ignore[attr-defined]

    def agreed(self) -> Agreed:
        """The same as the door takes it."""
        given = self.cleaned_data
        return Agreed(
            recipient=given["recipient"],
            tiers=given["tiers"],
            purpose=given["purpose"],
            until=given["until"],
            language=given["language"],
            explained=Consent.Explained(given["explained"]),
            explained_by=given["explained_by"],
            evidence=Consent.Evidence(given["evidence"]),
            agreed_by=Consent.Speaker(given["agreed_by"]),
        )


class LawForm(TermsForm):
    """What a supervisor decides where nobody agreed."""

    ground = forms.ChoiceField(label=_("On which ground"), choices=[("", _("choose")), *GROUNDS])


class TakeBackForm(forms.Form):
    """How it was taken back."""

    how = forms.ChoiceField(choices=WAYS)
