"""Signing in by a ministry's own service: going there, coming back, tying one's account, and what an agency allows."""

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from allauth.account.internal.flows.login import get_authentication_records, perform_login, record_authentication
from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.account.models import Login
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet, Refused, SaranaError
from sarana.ground.accounts import actions, openid, policy, queries
from sarana.ground.accounts.adapter import AccountAdapter, asking
from sarana.ground.accounts.asking import as_asked
from sarana.ground.accounts.forms import AllowForm
from sarana.ground.accounts.issuers import Issuer
from sarana.ground.accounts.models import Account
from sarana.ground.accounts.views.agencies import agency_or_404
from sarana.ground.accounts.views.factors import FACTORS_APP

NOT_ACCEPTED = 403


def issuer_or_404(code: str) -> Issuer:
    """A service of this installation."""
    found = next((issuer for issuer in openid.offered() if issuer.code == code), None)
    if found is None:
        raise Http404
    return found


@login_not_required
@require_POST
def sign_in(request: HttpRequest, code: str) -> HttpResponse:
    """Go to a service, to sign in there."""
    issuer = issuer_or_404(code)
    if request.user.is_authenticated:
        return redirect("desk:today")
    try:
        return _go(request, issuer, openid.ask(request, issuer, errand=openid.SIGN_IN))
    except SaranaError as err:
        return _sorry(request, issuer, err)


@require_POST
def tie(request: HttpRequest, code: str) -> HttpResponse:
    """Go to a service, to show who one is there; the second factor was shown here just now."""
    actor, issuer = as_asked(request).actor, issuer_or_404(code)
    policy.check_gave_second_factor(actor)
    raise_if_reauthentication_required(request, app=FACTORS_APP)
    address = openid.ask(request, issuer, errand=openid.TIE, account_ref=str(actor.account_ref))
    return _go(request, issuer, address)


@login_not_required
@require_safe
def back(request: HttpRequest, code: str) -> HttpResponse:
    """Come back from a service."""
    issuer = issuer_or_404(code)
    try:
        proof = openid.finish(request, issuer)
        if proof.errand == openid.TIE:
            return _tie(request, issuer, proof)
        return _sign_in(request, issuer, proof)
    except SaranaError as err:
        if request.user.is_authenticated:
            raise
        if err.code != "ACCOUNTS-034":
            # Where nothing was asked there is nothing to write down: anybody could fill the ledger with it.
            actions.record_failed_issuer(asking(request), code=err.code)
        return _sorry(request, issuer, err)


@require_POST
def untie(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Untie one's account from a service."""
    raise_if_reauthentication_required(request, app=FACTORS_APP)
    actor = as_asked(request).actor
    actions.untie(actor, queries.own_account(actor), tie_ref=ref)
    messages.success(request, _("Your account is not tied to it any more."))
    return redirect("accounts:me")


@require_http_methods(["GET", "HEAD", "POST"])
def allow(request: HttpRequest, ref: UUID) -> HttpResponse:
    """By which services the people of an agency may sign in.

    Not written down before it is sent: the form shows services, and nobody.
    """
    actor = as_asked(request).actor
    agency = agency_or_404(actor, ref)
    policy.check_may_change_agency(actor, agency)
    issuers, allowed = {one.code: one for one in openid.offered()}, queries.allowances_of(agency)
    chosen = request.POST.get("service", "")
    forms: dict[str, AllowForm] = {}
    for code, issuer in issuers.items():
        held = allowed.get(issuer.url)
        kept = {"service": code, "is_allowed": held is not None, "signs": held.signs if held else []}
        sent = request.POST if request.method == "POST" and chosen == code else None
        forms[code] = AllowForm(sent, initial=kept, issuer=issuer, auto_id=f"{code}-%s")
    form = forms.get(chosen)
    if form is not None and form.is_valid():
        if form.cleaned_data["is_allowed"]:
            actions.allow_issuer(actor, agency, issuers[chosen], signs=form.cleaned_data["signs"])
        else:
            actions.disallow_issuer(actor, agency, issuers[chosen])
        messages.success(request, _("Saved."))
        return redirect("accounts:agency-issuers", ref=ref)
    shown = [(issuers[code], form) for code, form in forms.items()]
    return render(request, "accounts/agency_issuers.html", {"agency": agency, "shown": shown})


def own_services(actor: Actor, account: Account) -> list[dict[str, Any]]:
    """The services of this installation for one's own page, with the tie to each."""
    ties = queries.ties_of(account)
    return [
        {
            "issuer": issuer,
            "tie": ties.get(issuer.url),
            "is_allowed": queries.signs_taken(account, issuer, actor.today) is not None,
        }
        for issuer in openid.offered()
    ]


def _go(request: HttpRequest, issuer: Issuer, address: str) -> HttpResponse:
    """A page that leads on by itself, and by a link: a form may lead nowhere but to ourselves."""
    answer = render(
        request, "accounts/issuer_go.html", {"issuer": issuer, "address": address, "host": urlsplit(address).netloc}
    )
    answer["Refresh"] = f"0; url={address}"
    return answer


def _tie(request: HttpRequest, issuer: Issuer, proof: openid.Proof) -> HttpResponse:
    """Tie the account of her who asked, if it is still she who sits here."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None or str(actor.account_ref) != proof.account_ref:
        raise NotYet(
            "ACCOUNTS-034",
            "Nothing was asked to which this is an answer: it was used already, is too old, or is of another browser.",
            cure="Begin again here.",
        )
    actions.tie(actor, queries.own_account(actor), issuer, subject=proof.subject)
    messages.success(request, _("Your account is tied. From now on you can sign in by this service."))
    return redirect("accounts:me")


def _sign_in(request: HttpRequest, issuer: Issuer, proof: openid.Proof) -> HttpResponse:
    """Let her in whose account is tied, where her agencies allow it; then the second factor, as after a passphrase."""
    if request.user.is_authenticated:
        return redirect("desk:today")
    actor = asking(request)
    found = queries.find_tie(issuer, proof.subject)
    taken = queries.signs_taken(found.account, issuer, actor.today) if found else None
    if found is None or taken is None or not found.account.is_active:
        actions.record_failed_issuer(actor, code="ACCOUNTS-038", account_ref=found.account.ref if found else None)
        return _sorry(request, issuer, _not_tied())
    actions.mark_used(found, actor)
    record_authentication(request, found.account, "service", service=issuer.code)
    if not proof.signs & taken:
        answer: HttpResponse = perform_login(request, Login(user=found.account))
        return answer
    record_authentication(request, found.account, "mfa", type="service")
    adapter = AccountAdapter(request)
    adapter.login(request, found.account)
    return adapter.post_login(
        request, found.account, email_verification=None, signal_kwargs=None, email=None, signup=False, redirect_url=None
    )


def _not_tied() -> Refused:
    """The service proved somebody who may not come in by it; which of the reasons it is, the ledger has."""
    return Refused(
        "ACCOUNTS-038",
        "The service knows you, but no account here lets you in by it.",
        cure="Sign in with your key or passphrase, and tie your account under My account, where your agency allows it.",
    )


def _sorry(request: HttpRequest, issuer: Issuer, err: SaranaError) -> HttpResponse:
    words = {"issuer": issuer, "what": _(err.what), "cure": _(err.cure), "code": err.code}
    return render(request, "accounts/issuer_failed.html", words, status=NOT_ACCEPTED)


def service_of(request: HttpRequest) -> str:
    """The name of the service by which this sitting was opened; "" where it was by none."""
    records = get_authentication_records(request, request.user)
    code = next((each.get("service", "") for each in records if each.get("method") == "service"), "")
    return next((one.called(get_language() or "en") for one in openid.offered() if code and one.code == code), "")
