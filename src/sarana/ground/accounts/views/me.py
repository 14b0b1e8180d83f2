"""One's own account: name, language, calendar, passphrase, second factors, sittings."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from sarana.basics.errors import NotYet
from sarana.ground.accounts import actions, queries
from sarana.ground.accounts.adapter import AccountAdapter
from sarana.ground.accounts.asking import as_asked
from sarana.ground.accounts.forms import NewPassphraseForm, OwnForm
from sarana.ground.accounts.models import Account
from sarana.ground.accounts.views.entrance import CLEARED
from sarana.ground.accounts.views.issuers import own_services
from sarana.ground.ledger import refusals


@require_http_methods(["GET", "HEAD", "POST"])
def me(request: HttpRequest) -> HttpResponse:
    """What is stored of oneself, and what one signs in with. Not written down: it shows nobody but oneself."""
    actor = as_asked(request).actor
    account = queries.own_account(actor)
    kept = {name: getattr(account, name) for name in ("version", "name", "language", "calendar")}
    form = OwnForm(request.POST if request.method == "POST" else None, initial=kept)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.change_own(
                actor,
                version=given["version"],
                name=given["name"],
                language=given["language"],
                calendar=Account.Calendar(given["calendar"]),
            )
        except NotYet as err:
            form.add_error(None, refusals.noted(request, err))
        else:
            messages.success(request, _("Saved."))
            return redirect("accounts:me")
    factors = queries.factors_of(account)
    words = {
        "form": form,
        "account": account,
        "factors": factors,
        "sittings": queries.sittings_of(actor, session_key=request.session.session_key or ""),
        "memberships": queries.own_memberships(actor),
        "services": own_services(actor, account),
        # A sitting that is strong without a factor of one's own is one of the demonstration, where nothing is needed.
        "needs_factor": not factors and not actor.is_strong and queries.needs_second_factor(account, actor.today),
    }
    return render(request, "accounts/me.html", words)


@sensitive_post_parameters("present", "passphrase", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def passphrase(request: HttpRequest) -> HttpResponse:
    """Choose a new passphrase; every sitting ends, and one signs in again with the new one.

    Not written down before it is sent: an empty form shows nobody.
    """
    actor = as_asked(request).actor
    account = queries.own_account(actor)
    form = NewPassphraseForm(request.POST if request.method == "POST" else None, account=account)
    if request.method == "POST" and form.is_valid() and _knows_present(request, form, account):
        actions.change_passphrase(actor, account, passphrase=form.cleaned_data["passphrase"])
        logout(request)
        messages.success(request, _("The new passphrase holds. Every sitting has ended; sign in again."))
        answer = redirect("account_login")
        answer["Clear-Site-Data"] = CLEARED
        return answer
    return render(request, "accounts/passphrase.html", {"form": form})


def _knows_present(request: HttpRequest, form: NewPassphraseForm, account: Account) -> bool:
    """True where the present passphrase fits; tries count as those of signing in do."""
    adapter = AccountAdapter(request)
    try:
        fits = adapter.reauthenticate(account, form.cleaned_data["present"])
    except ValidationError as err:
        form.add_error("present", err)
        return False
    if not fits:
        form.add_error("present", adapter.validation_error("incorrect_password"))
    return bool(fits)


@require_POST
def end_sitting(request: HttpRequest, ref: UUID) -> HttpResponse:
    """End one of one's own sittings."""
    actions.end_sitting(as_asked(request).actor, sitting_ref=ref)
    messages.success(request, _("The sitting has ended."))
    return redirect("accounts:me")


@require_POST
def end_other_sittings(request: HttpRequest) -> HttpResponse:
    """End all of one's own sittings but this one."""
    actions.end_other_sittings(as_asked(request).actor, session_key=request.session.session_key or "")
    messages.success(request, _("All other sittings have ended."))
    return redirect("accounts:me")
