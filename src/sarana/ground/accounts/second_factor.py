"""What we ask of the library of second factors: a sheet alone will do, secrets are sealed, nothing is good twice."""

import struct
from base64 import b64decode, b64encode
from typing import Any, cast

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn.forms import AuthenticateWebAuthnForm, LoginWebAuthnForm, ReauthenticateWebAuthnForm
from allauth.mfa.webauthn.internal import auth
from django import forms
from django.core.exceptions import ValidationError
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sarana.ground.accounts import actions, addresses, keyed, queries
from sarana.ground.accounts.adapter import asking
from sarana.ground.accounts.models import Account

JUNK = (ValueError, TypeError, KeyError, IndexError, AttributeError, AssertionError, struct.error)
"""What the library of keys may raise where the answer of a key is no answer at all."""

MAIN_TYPES = frozenset({Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN})


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Keys are bound to the one address of this system, and to a person's reference rather than to a row number."""

    error_messages = {  # noqa: RUF012
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This did not fit, or was used before. Try again with a new code, or with your key."),
    }

    def encrypt(self, text: str) -> str:
        """Seal the secret of a code app or a sheet."""
        return b64encode(keyed.seal("factor", text)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open a sealed secret.

        Raises:
            ValueError: it was sealed with another key, or changed.
        """
        opened = keyed.open_sealed("factor", b64decode(encrypted_text))
        if opened is None:
            raise ValueError
        return opened

    def is_mfa_enabled(self, user: Any, types: Any = None) -> bool:
        """A printed sheet alone is a second factor too, where the library would ask for an app or a key beside it."""
        everything = types is not None and frozenset(types) == MAIN_TYPES
        return bool(super().is_mfa_enabled(user, None if everything else types))

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """To what keys are bound."""
        return {"id": addresses.host(), "name": "Sarana"}

    def get_public_key_credential_user_entity(self, user: Any) -> dict[str, Any]:
        """For whom a key is made."""
        return {"id": user.ref.bytes, "display_name": user.name, "name": user.sign_in_name}


class _TakesCode:
    """A code of an app or of a sheet, once, and not after too many that were wrong."""

    user: Account
    cleaned_data: dict[str, Any]

    def clean_code(self) -> str:
        """Find the factor to which the code belongs, and use it up."""
        actor, mark = asking(context.request), keyed.mark("trial factor", str(self.user.ref))
        if actions.take(actor.now, mark=mark, is_known=True):
            raise ValidationError(_t("Too many codes were wrong. Wait a minute, or use your key."))
        code = str(self.cleaned_data["code"])
        for factor in queries.factors_with_codes(self.user):
            if _fits(factor, code):
                factor.user = self.user
                self.authenticator = factor
                actions.give_back(mark=mark)
                return code
        actions.record_failed_factor(actor, account_ref=self.user.ref)
        raise FactorAdapter().validation_error("incorrect_code")


def find_fitting(account: Account, code: str) -> Authenticator | None:
    """The factor of a person of which this code is, which is used up with it; None where it is of none."""
    return next((factor for factor in queries.factors_with_codes(account) if _fits(factor, code)), None)


def _fits(factor: Authenticator, code: str) -> bool:
    if factor.type != Authenticator.Type.TOTP:
        return bool(factor.wrap().validate_code(code))
    counter = matching_counter(decrypt(factor.data["secret"]), code)
    return counter is not None and actions.use_code(factor, counter=counter)


def matching_counter(secret: str, code: str) -> int | None:
    """The number of the half minute for which an app would show this code, now or just before; None for no such."""
    bare = "".join(sign for sign in code if sign.isascii() and sign.isdigit())
    for counter in yield_hotp_counters_from_time():
        if constant_time_compare(bare, format_hotp_value(hotp_value(secret, counter))):
            return int(counter)
    return None


class CodeForm(_TakesCode, AuthenticateForm):  # type: ignore[misc]
    """The code that is asked for after the passphrase."""

    code = forms.CharField(
        label=_("Code"),
        help_text=_("From your app or device, or the next one of your printed sheet."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false"}),
    )


class AgainCodeForm(_TakesCode, ReauthenticateForm):  # type: ignore[misc]
    """The code that is asked for once more before factors are changed."""

    code = CodeForm.base_fields["code"]

    def clean_code(self) -> str:
        """It fits, which is written down."""
        typed = super().clean_code()
        actions.record_shown_again(asking(context.request))
        return typed


class _TakesKey:
    """An answer of a key: to our question, from our address, by a person who showed that she is there, once."""

    user: Account | None
    cleaned_data: dict[str, Any]

    def clean_credential(self) -> Authenticator:
        """Find the key that answered, and use its answer up."""
        answer = self.cleaned_data["credential"]
        account = self.user or queries.find_by_handle(_handle(answer))
        try:
            response = auth.parse_authentication_response(answer)
            check_origin(response.response.client_data.origin)
            factor = cast("Authenticator", auth.complete_authentication(account, answer)) if account else None
            counter = response.response.authenticator_data.counter
            first = factor.wrap().authenticator_data.counter if factor else 0
        except (*JUNK, ValidationError):
            factor = None
        if factor is None:
            if account:
                actions.record_failed_factor(asking(context.request), account_ref=account.ref)
            raise FactorAdapter().validation_error("incorrect_code")
        if not actions.use_key(factor, counter=counter, first_counter=first):
            actions.record_copied_key(asking(context.request), account_ref=factor.user.ref)
            raise ValidationError(
                _t(
                    "This key gave an answer that it had given before: it may have been copied. "
                    "Use another factor, and tell your administrator."
                )
            )
        return factor


def _handle(answer: Any) -> str:
    response = answer.get("response") if isinstance(answer, dict) else None
    return str(response.get("userHandle") or "") if isinstance(response, dict) else ""


def check_origin(found: str) -> None:
    """A key answers for one address; the library would also take a name below ours, or another port.

    Raises:
        ValueError: the answer was given on another page.
    """
    if found != addresses.origin():
        raise ValueError(found)


class KeySignInForm(_TakesKey, LoginWebAuthnForm):  # type: ignore[misc]
    """Signing in with a key alone."""


class KeyForm(_TakesKey, AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A key after the passphrase."""


class AgainKeyForm(_TakesKey, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """A key once more before factors are changed."""

    def clean_credential(self) -> Authenticator:
        """It fits, which is written down."""
        factor = super().clean_credential()
        actions.record_shown_again(asking(context.request))
        return factor


class NewKeyForm(forms.Form):
    """A key that was made just now, and what it is called."""

    name = forms.CharField(
        label=_("What do you call this key?"),
        help_text=_("So that you can tell your keys apart, such as: grey key on my ring."),
        max_length=60,
        required=False,
    )
    credential = forms.JSONField(
        widget=forms.HiddenInput,
        error_messages={"required": _("The key was not asked yet. Press the button, then follow it.")},
    )

    def clean_credential(self) -> dict[str, Any]:
        """The key must have answered our question, on our address, to a person who gave PIN or finger."""
        answer: dict[str, Any] = self.cleaned_data["credential"]
        try:
            check_origin(auth.parse_registration_response(answer).response.client_data.origin)
            made = auth.complete_registration(answer)
            fits = made.is_user_verified() and made.credential_data is not None
        except (*JUNK, ValidationError):
            fits = False
        if not fits:
            raise ValidationError(_t("The key gave no answer that fits. Begin again with a new page."))
        return answer


class NewCodeAppForm(forms.Form):
    """The first code of an app, which proves that it was set up."""

    code = forms.CharField(
        label=_("The code that it shows now"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, secret: str, **kwargs: Any) -> None:
        """Keep the secret of which the code must come."""
        super().__init__(*args, **kwargs)
        self.secret = secret

    def clean_code(self) -> int:
        """The number of the half minute to which the code belongs."""
        counter = matching_counter(self.secret, self.cleaned_data["code"])
        if counter is None:
            raise ValidationError(
                _t("This code does not fit. See that the clock of the device is right, and take the next code.")
            )
        return counter


def new_factor_name(account: Account) -> str:
    """What a key is called where the person did not say."""
    n_keys = queries.count_keys(account) + 1
    return _t("Key %(number)s") % {"number": n_keys}
