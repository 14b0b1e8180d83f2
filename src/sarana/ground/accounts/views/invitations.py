"""The page to which an invitation leads: a person comes for the first time, or finds her way back."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from sarana.basics.actors import NOBODY, Actor
from sarana.basics.errors import NotYet
from sarana.ground.accounts import actions, passphrases, policy, queries
from sarana.ground.accounts.adapter import AccountAdapter
from sarana.ground.accounts.forms import ComeBackForm, FirstComingForm
from sarana.ground.accounts.models import Account, Invitation

GONE = 410
N_SUGGESTIONS = 3


@login_not_required
@sensitive_post_parameters("passphrase", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, word: str) -> HttpResponse:
    """Choose how to sign in; the link is good once, within the hour."""
    actor = Actor(NOBODY, timezone.localtime())
    found = queries.find_invitation(word)
    try:
        if found is None:
            raise policy.spent()
        policy.check_may_use(found, actor)
    except NotYet as err:
        return render(request, "accounts/invitation_gone.html", {"error": err}, status=GONE)
    if request.user.is_authenticated:
        return render(request, "accounts/invitation_occupied.html")
    form = _form(request, found)
    if request.method == "POST" and form.is_valid():
        try:
            return _enter(request, _take(actor, found, form.cleaned_data))
        except NotYet as err:
            form.add_error("sign_in_name" if err.code == "ACCOUNTS-007" else None, f"{err.what} {err.cure}")
    suggested = [passphrases.suggest(get_language() or "en") for _ in range(N_SUGGESTIONS)]
    words = {"form": form, "invitation": found, "suggested": suggested}
    return render(request, "accounts/invitation.html", words)


def _form(request: HttpRequest, found: Invitation) -> Any:
    given = request.POST if request.method == "POST" else None
    if found.is_way_back and found.account:
        return ComeBackForm(given, account=found.account)
    return FirstComingForm(given, initial={"name": found.name, "language": get_language()})


def _take(actor: Actor, found: Invitation, given: dict[str, Any]) -> Account:
    if found.is_way_back:
        return actions.come_back(actor, found, passphrase=given["passphrase"])
    return actions.accept_invitation(
        actor,
        found,
        sign_in_name=given["sign_in_name"],
        name=given["name"],
        passphrase=given["passphrase"],
        language=given["language"],
    )


def _enter(request: HttpRequest, account: Account) -> HttpResponse:
    """Begin the first sitting and lead to the second factor."""
    record_authentication(request, account, "password")
    AccountAdapter(request).login(request, account)
    return redirect("accounts:first-factor")
