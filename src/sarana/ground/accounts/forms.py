"""The shape of what people type here: signing in, coming for the first time, one's own account, agencies and people."""

from typing import Any

from allauth.account.forms import LoginForm, ReauthenticateForm
from allauth.core import context
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import get_language
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sarana.basics.actors import AREA_CODE
from sarana.ground.accounts import actions, queries
from sarana.ground.accounts.adapter import asking
from sarana.ground.accounts.issuers import Issuer
from sarana.ground.accounts.models import Account, Agency, Role
from sarana.ground.accounts.passphrases import LONGEST, one_form
from sarana.ground.days import DayField

COUNTRY_LETTERS = 2
NAME_SIGNS = 120
SIGN_IN_SIGNS = 60
UNKEPT: dict[str, Any] = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}
"""On a shared computer a browser must not remember who signs in."""


def passphrase_field(label: Any, autocomplete: str, **kwargs: Any) -> forms.CharField:
    """A field for a passphrase of any script, blanks and all."""
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete, "spellcheck": "false"})
    return forms.CharField(label=label, strip=False, max_length=2 * LONGEST, widget=widget, **kwargs)


class SignInForm(LoginForm):  # type: ignore[misc]
    """Sign-in name and passphrase."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Name the fields in our words."""
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(
            label=_("Sign-in name"), max_length=SIGN_IN_SIGNS, widget=forms.TextInput(attrs=UNKEPT)
        )
        self.fields["password"] = passphrase_field(_("Passphrase"), "current-password")
        self.order_fields(["login", "password"])


class AgainForm(ReauthenticateForm):  # type: ignore[misc]
    """The passphrase once more, before factors are changed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Name the field in our words."""
        super().__init__(*args, **kwargs)
        self.fields["password"] = passphrase_field(_("Passphrase"), "current-password")

    def clean_password(self) -> str:
        """It fits, which is written down."""
        typed = str(super().clean_password())
        actions.record_shown_again(asking(context.request))
        return typed


class _ChoosesPassphrase(forms.Form):
    """A new passphrase, twice the same."""

    passphrase = passphrase_field(
        _("Passphrase"),
        "new-password",
        help_text=_("At least 15 letters: a few words in any language, which nobody would guess together."),
    )
    again = passphrase_field(_("The same passphrase again"), "new-password")

    def whose(self) -> Account:
        """Whose passphrase it becomes, so that it is not her name."""
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        """The two are the same, and the passphrase will do."""
        given = super().clean() or {}
        chosen, again = given.get("passphrase"), given.get("again")
        if chosen and again and one_form(chosen) != one_form(again):
            self.add_error("again", _t("This is not the same passphrase. Type both once more."))
        if chosen:
            try:
                validate_password(one_form(chosen), self.whose())
            except forms.ValidationError as err:
                self.add_error("passphrase", err)
        return given


class FirstComingForm(_ChoosesPassphrase):
    """What an invited person chooses."""

    name = forms.CharField(
        label=_("Your name at work"), max_length=NAME_SIGNS, help_text=_("Colleagues of your agency see it.")
    )
    sign_in_name = forms.CharField(
        label=_("Sign-in name"),
        max_length=SIGN_IN_SIGNS,
        min_length=3,
        help_text=_("Something short that you remember; no telephone number, no e-mail address is needed."),
        widget=forms.TextInput(attrs=UNKEPT),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    field_order = ("name", "sign_in_name", "language", "passphrase", "again")

    def clean_sign_in_name(self) -> str:
        """In the one form in which names are kept; a name that is taken is said when the account is made."""
        return actions.tidy_sign_in_name(self.cleaned_data["sign_in_name"])

    def whose(self) -> Account:
        """The account as it would be."""
        given = self.cleaned_data
        return Account(sign_in_name=given.get("sign_in_name", ""), name=given.get("name", ""))


class ComeBackForm(_ChoosesPassphrase):
    """A new passphrase for somebody who lost what she signs in with."""

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        """Keep whose it becomes."""
        super().__init__(*args, **kwargs)
        self.account = account

    def whose(self) -> Account:
        """The person who comes back."""
        return self.account


class NewPassphraseForm(ComeBackForm):
    """A new passphrase of one's own, with the present one."""

    present = passphrase_field(_("Your present passphrase"), "current-password")
    field_order = ("present", "passphrase", "again")


class OwnForm(forms.Form):
    """One's own account: name at work, language, calendar."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(label=_("Your name at work"), max_length=NAME_SIGNS)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    calendar = forms.ChoiceField(label=_("Calendar"), choices=Account.Calendar.choices)


class OnceForm(forms.Form):
    """A form whose sending twice makes one thing: it carries the reference of what it will make."""

    once = forms.UUIDField(widget=forms.HiddenInput)


class _AgencyFields(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=NAME_SIGNS)
    name_local = forms.CharField(label=_("Name in the local language"), max_length=NAME_SIGNS, required=False)
    areas = forms.CharField(
        label=_("Areas of its mandate"),
        required=False,
        max_length=2000,
        help_text=_("Codes with blanks between, such as TH50 TH57."),
    )

    def clean_areas(self) -> list[str]:
        """Codes of areas, each once."""
        codes = list(dict.fromkeys(self.cleaned_data["areas"].replace(",", " ").split()))
        wrong = [code for code in codes if not AREA_CODE.fullmatch(code)]
        if wrong:
            raise forms.ValidationError(
                _t("%(code)s is no code of an area: it begins with two letters of a country.") % {"code": wrong[0]}
            )
        return codes


class NewAgencyForm(OnceForm, _AgencyFields):
    """An agency under another one."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Agency.Kind.choices)
    country = forms.RegexField(
        r"^[A-Za-z]{2}$",
        label=_("Country"),
        initial="TH",
        help_text=_("The code of two letters."),
        error_messages={"invalid": _("A country is a code of two letters, such as TH.")},
    )
    field_order = ("name", "name_local", "kind", "country", "areas")

    def clean_country(self) -> str:
        """In capital letters."""
        return str(self.cleaned_data["country"]).upper()


class _AgencyField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not subscriptable at run time
    """An agency by its name in the language of the page."""

    def label_from_instance(self, obj: Agency) -> str:
        """Its name."""
        return obj.called(get_language() or "en")


class AgencyForm(_AgencyFields):
    """What may be changed in an agency."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    partner = _AgencyField(
        label=_("Partner agency"),
        queryset=None,
        to_field_name="ref",
        required=False,
        empty_label=_("none"),
        help_text=_("It gives the second word where two persons have to decide and this agency has fewer than three."),
    )

    def __init__(self, *args: Any, partners: Any, **kwargs: Any) -> None:
        """Offer the agencies that may be partners."""
        super().__init__(*args, **kwargs)
        self.fields["partner"].queryset = partners  # type: ignore[attr-defined]


class _RoleField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not subscriptable at run time
    """A role by its name in the language of the page."""

    def label_from_instance(self, obj: Role) -> str:
        """Its name."""
        return obj.called(get_language() or "en")


class _HasRole(forms.Form):
    role = _RoleField(label=_("Role"), queryset=None, to_field_name="code", empty_label=_("choose one"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer every role there is."""
        super().__init__(*args, **kwargs)
        self.fields["role"].queryset = queries.roles()  # type: ignore[attr-defined]


class InviteForm(OnceForm, _HasRole):
    """A person to invite."""

    name = forms.CharField(
        label=_("Name of the person"), max_length=NAME_SIGNS, help_text=_("As she is called at work.")
    )
    field_order = ("name", "role")


class GiveRoleForm(_HasRole):
    """A role for somebody who has an account."""

    sign_in_name = forms.CharField(
        label=_("Her sign-in name"), max_length=SIGN_IN_SIGNS, widget=forms.TextInput(attrs=UNKEPT)
    )
    until = DayField(label=_("Until"), required=False, help_text=_("May stay empty."))
    field_order = ("sign_in_name", "role", "until")

    def clean_sign_in_name(self) -> Account:
        """The person who signs in with this name."""
        found = queries.find_account(actions.tidy_sign_in_name(self.cleaned_data["sign_in_name"]))
        if found is None:
            raise forms.ValidationError(_t("Nobody signs in with this name. Ask her for it, or invite her."))
        return found


class AllowForm(forms.Form):
    """Whether the people of an agency may sign in by one service, and which of its second factors it takes."""

    service = forms.CharField(widget=forms.HiddenInput)
    is_allowed = forms.BooleanField(label=_("People of this agency may sign in by it"), required=False)
    signs = forms.MultipleChoiceField(
        label=_("Second factors of the service that are taken here"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Where the service tells none of these, the second factor set up here is asked for."),
    )

    def __init__(self, *args: Any, issuer: Issuer, **kwargs: Any) -> None:
        """Offer the signs that the operator named."""
        super().__init__(*args, **kwargs)
        self.fields["signs"].choices = [(sign, sign) for sign in issuer.second_factor]  # type: ignore[attr-defined]
        if not issuer.second_factor:
            del self.fields["signs"]

    def clean(self) -> dict[str, Any]:
        """No sign is taken of a service that has none."""
        return {"signs": [], **(super().clean() or {})}


class VersionForm(forms.Form):
    """The version of a row that the person saw when she decided."""

    version = forms.IntegerField(widget=forms.HiddenInput)
