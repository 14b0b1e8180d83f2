"""The page to which an invitation leads: a person comes for the first time, or finds her way back."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from sarana.basics.actors import NOBODY, Actor
from sarana.basics.errors import NotYet
from sarana.ground.accounts import actions, passphrases, policy, queries
from sarana.ground.accounts.adapter import AccountAdapter
from sarana.ground.accounts.forms import ComeBackForm, FirstComingForm
from sarana.ground.accounts.models import Account, Invitation
from sarana.ground.ledger import refusals

GONE = 410
WORD = "invitation_word"
N_SUGGESTIONS = 3


@login_not_required
@require_safe
def invitation(request: HttpRequest, word: str) -> HttpResponse:
    """Take the word out of the address at once, so that neither history nor log keeps a link that is still good.

    Not written down: nothing is shown yet.
    """
    if request.user.is_authenticated:
        return render(request, "accounts/invitation_occupied.html")
    if _good(word, _nobody()) is None:
        return _gone(request)
    request.session[WORD] = word
    return redirect("accounts:come")


@login_not_required
@sensitive_post_parameters("passphrase", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def come(request: HttpRequest) -> HttpResponse:
    """Choose how to sign in; the link is good once, within the hour.

    Not written down before it is sent: it shows nobody but the one who was invited.
    """
    actor = _nobody()
    found = _good(request.session.get(WORD, ""), actor)
    if found is None:
        return _gone(request)
    form = _form(request, found)
    if request.method == "POST" and form.is_valid():
        try:
            return _enter(request, _take(actor, found, form.cleaned_data))
        except NotYet as err:
            form.add_error("sign_in_name" if err.code == "ACCOUNTS-007" else None, refusals.noted(request, err))
    suggested = [passphrases.suggest(get_language() or "en") for _ in range(N_SUGGESTIONS)]
    words = {"form": form, "invitation": found, "suggested": suggested}
    return render(request, "accounts/invitation.html", words)


def _nobody() -> Actor:
    return Actor(NOBODY, timezone.localtime())


def _good(word: str, actor: Actor) -> Invitation | None:
    """The invitation to which a word leads, if it can be used now."""
    found = queries.find_invitation(word)
    return found if found and policy.may_use(found, actor) else None


def _gone(request: HttpRequest) -> HttpResponse:
    """The same page whether a link was used, withdrawn, has lapsed, or never was."""
    return render(request, "accounts/invitation_gone.html", {"error": policy.spent()}, status=GONE)


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
    request.session.pop(WORD, None)
    record_authentication(request, account, "password")
    AccountAdapter(request).login(request, account)
    return redirect("accounts:first-factor")
