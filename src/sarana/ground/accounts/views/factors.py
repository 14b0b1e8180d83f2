"""Setting up and removing second factors."""

import base64
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.mfa.totp.internal.auth import clear_totp_secret, get_totp_secret
from allauth.mfa.webauthn.internal import auth
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sarana.basics.errors import NotYet
from sarana.ground.accounts import actions, queries
from sarana.ground.accounts.asking import as_asked
from sarana.ground.accounts.models import Account
from sarana.ground.accounts.second_factor import FactorAdapter, NewCodeAppForm, NewKeyForm, new_factor_name

FACTORS_APP = "allauth.mfa"


@require_safe
def first_factor(request: HttpRequest) -> HttpResponse:
    """Choose what to set up first; for somebody who has a factor already: sign in again with it.

    Not written down: it shows nobody but oneself.
    """
    account = queries.own_account(as_asked(request).actor)
    return render(request, "accounts/first_factor.html", {"has_factor": queries.has_factor(account)})


@require_http_methods(["GET", "HEAD", "POST"])
def add_key(request: HttpRequest) -> HttpResponse:
    """Set up a security key with a PIN, or this computer's own passkey.

    Not written down before it is sent: it shows nobody but oneself.
    """
    account = _who_may_add(request)
    form = NewKeyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        name = given["name"] or new_factor_name(account)
        actions.add_key(as_asked(request).actor, account, name=name, credential=given["credential"])
        return _done(request, account, "webauthn", _("The key is set up. From now on it signs you in."))
    options = auth.begin_registration(account, passwordless=True)
    return render(request, "accounts/add_key.html", {"form": form, "options": options})


@require_http_methods(["GET", "HEAD", "POST"])
def add_code_app(request: HttpRequest) -> HttpResponse:
    """Set up an app, or a small device, that shows codes.

    Not written down before it is sent: it shows nobody but oneself.
    """
    account = _who_may_add(request)
    secret = get_totp_secret(regenerate=False)
    form = NewCodeAppForm(request.POST if request.method == "POST" else None, secret=secret)
    if request.method == "POST" and form.is_valid():
        actor = as_asked(request).actor
        actions.add_code_app(actor, account, secret=secret, counter=form.cleaned_data["code"])
        clear_totp_secret(request)
        return _done(request, account, "totp", _("The codes are set up."))
    adapter = FactorAdapter()
    picture = adapter.build_totp_svg(adapter.build_totp_url(account, secret)).encode()
    words = {"form": form, "secret": secret, "picture": base64.b64encode(picture).decode()}
    return render(request, "accounts/add_code_app.html", words)


@require_http_methods(["GET", "HEAD", "POST"])
def make_sheet(request: HttpRequest) -> HttpResponse:
    """Make a sheet of one-time codes, shown once, to be printed.

    Not written down before it is sent: it shows nobody but oneself.
    """
    account = _who_may_add(request)
    if request.method != "POST":
        return render(request, "accounts/make_sheet.html", {"has_sheet": _has_sheet(account)})
    codes = actions.make_sheet(as_asked(request).actor, account)
    _strengthen(request, account, "recovery_codes")
    return render(request, "accounts/sheet.html", {"codes": codes, "account": account})


@require_POST
def remove_factor(request: HttpRequest, ref: str) -> HttpResponse:
    """Remove a second factor, unless it is the last and work needs one."""
    raise_if_reauthentication_required(request, app=FACTORS_APP)
    actor = as_asked(request).actor
    account = queries.own_account(actor)
    factor_id = queries.find_factor_id(account, ref)
    needed = queries.needs_second_factor(account, actor.today)
    actions.remove_factor(actor, account, factor_id=factor_id or 0, is_needed=needed)
    messages.success(request, _("The second factor was removed."))
    return redirect("accounts:me")


def _who_may_add(request: HttpRequest) -> Account:
    """The person, if she may add a factor now: her first in a fresh sitting, any other after showing who she is again.

    Raises:
        NotYet: ACCOUNTS-028 she has a factor, and this sitting was opened without it.
        ReauthenticationRequired: she has to show again who she is; the library leads her there and back.
    """
    actor = as_asked(request).actor
    account = queries.own_account(actor)
    if actor.is_strong:
        raise_if_reauthentication_required(request, app=FACTORS_APP)
    elif queries.has_factor(account):
        raise NotYet(
            "ACCOUNTS-028",
            "This sitting was opened without your second factor.",
            cure="Sign out, and sign in again with it.",
        )
    return account


def _done(request: HttpRequest, account: Account, kind: str, says: str) -> HttpResponse:
    """Say that it is done, and lead to the printed sheet where there is none yet."""
    _strengthen(request, account, kind)
    messages.success(request, says)
    return redirect("accounts:me" if _has_sheet(account) else "accounts:make-sheet")


def _strengthen(request: HttpRequest, account: Account, kind: str) -> None:
    """Whoever just proved a first factor has a strong sitting from now on, under a new key."""
    extra: dict[str, Any] = {"type": kind, "reauthenticated": True}
    record_authentication(request, account, "mfa", **extra)
    request.session.cycle_key()


def _has_sheet(account: Account) -> bool:
    return any(factor.kind == "recovery_codes" for factor in queries.factors_of(account))
