"""Second factors: keys, codes of an app, a printed sheet of codes. None of them needs a private telephone."""

from collections.abc import Mapping
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.db import transaction

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet
from sarana.ground.accounts import policy
from sarana.ground.accounts.models import Account
from sarana.ground.ledger.actions import record


@transaction.atomic
def add_key(actor: Actor, account: Account, *, name: str, credential: Mapping[str, Any]) -> Authenticator:
    """Add a security key or passkey; what it answered was checked already."""
    policy.check_is_own(actor, account)
    made: Authenticator = WebAuthn.add(account, name, dict(credential)).instance
    _record(actor, account, "accounts.key-added")
    return made


@transaction.atomic
def add_code_app(actor: Actor, account: Account, *, secret: str, counter: int) -> Authenticator:
    """Add an app or a device that shows codes; the code that proved it is used up."""
    policy.check_is_own(actor, account)
    if Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).exists():
        raise NotYet("ACCOUNTS-018", "Codes of an app are set up already.", cure="Remove those first.")
    made: Authenticator = TOTP.activate(account, secret).instance
    made.data["last_counter"] = counter
    made.save(update_fields=["data"])
    _record(actor, account, "accounts.code-app-added")
    return made


@transaction.atomic
def make_sheet(actor: Actor, account: Account) -> list[str]:
    """Make a new sheet of one-time codes; an older one is worthless from now on. They are shown this once."""
    policy.check_is_own(actor, account)
    Account.objects.select_for_update().get(pk=account.pk)
    Authenticator.objects.filter(user=account, type=Authenticator.Type.RECOVERY_CODES).delete()
    codes: list[str] = RecoveryCodes.activate(account).generate_codes()
    _record(actor, account, "accounts.sheet-made")
    return codes


@transaction.atomic
def remove_factor(actor: Actor, account: Account, *, factor_id: int, is_needed: bool) -> None:
    """Remove a second factor; the last one stays where a role of the person asks for one (`is_needed`)."""
    policy.check_is_own(actor, account)
    Account.objects.select_for_update().get(pk=account.pk)
    held = {factor.pk: factor for factor in Authenticator.objects.filter(user=account)}
    if factor_id not in held:
        raise NotYet("ACCOUNTS-019", "This second factor was removed already.", cure="Nothing needs to be done.")
    if is_needed and len(held) == 1:
        raise NotYet(
            "ACCOUNTS-021",
            "This is your last second factor, and your work needs one.",
            cure="Add another one first.",
        )
    held[factor_id].delete()
    _record(actor, account, "accounts.factor-removed")


def use_code(factor: Authenticator, *, counter: int) -> bool:
    """Take a code of an app once: false where it, or a later one, was taken before."""
    with transaction.atomic():
        kept = Authenticator.objects.select_for_update().get(pk=factor.pk)
        if counter <= kept.data.get("last_counter", -1):
            return False
        kept.data["last_counter"] = counter
        kept.save(update_fields=["data"])
    return True


def use_key(factor: Authenticator, *, counter: int, first_counter: int) -> bool:
    """Take an answer of a key once: false where its count did not go on, so that it may be a copy.

    Keys that do not count always say 0; their answers are good once because the question is.
    """
    with transaction.atomic():
        kept = Authenticator.objects.select_for_update().get(pk=factor.pk)
        last = kept.data.get("last_counter", first_counter)
        if (counter or last) and counter <= last:
            return False
        kept.data["last_counter"] = counter
        kept.save(update_fields=["data"])
    return True


def _record(actor: Actor, account: Account, act: str) -> None:
    record(actor, act, thing_kind="account", thing_ref=account.ref)
