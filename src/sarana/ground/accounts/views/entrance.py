"""Leaving, handing a shared computer over, and the page that stands where a sitting lay idle."""

from typing import Any

from allauth.account.views import LoginView
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sarana.ground.accounts import actions, openid
from sarana.ground.accounts.asking import as_asked
from sarana.ground.accounts.views.issuers import service_of

CLEARED = '"cache", "storage"'
"""What the browser forgets when somebody leaves; the cookies are ended one by one, so that it stays a known browser."""


class SignIn(LoginView):  # type: ignore[misc]
    """The page of signing in, with the services of ministries where the operator set some up."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What stands on the page."""
        return {**super().get_context_data(**kwargs), "services": openid.offered()}


sign_in = SignIn.as_view()


@require_http_methods(["GET", "HEAD", "POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this sitting; by a form of ours only, never by a link."""
    if request.method != "POST":
        return redirect("accounts:me")
    return _leave(request, "account_login", hands_over=False)


@require_http_methods(["GET", "HEAD", "POST"])
def switch(request: HttpRequest) -> HttpResponse:
    """Hand this computer over: the sitting ends, the screen is cleared, and whoever comes next signs in.

    Not written down before it is sent: it only asks.
    """
    if request.method != "POST":
        return render(request, "accounts/switch.html")
    return _leave(request, "accounts:locked", hands_over=True)


@login_not_required
@require_safe
def locked(request: HttpRequest) -> HttpResponse:
    """Nothing of the last person: only the way in. A sitting that lay idle has ended by itself.

    Not written down: it shows nobody.
    """
    answer = render(request, "accounts/locked.html")
    answer["Clear-Site-Data"] = CLEARED
    return answer


@require_POST
def here(request: HttpRequest) -> HttpResponse:
    """Somebody is typing: the sitting goes on, within its eight hours. Not written down: it opens nothing."""
    return HttpResponse(status=204)


def _leave(request: HttpRequest, to: str, *, hands_over: bool) -> HttpResponse:
    key = request.session.session_key or ""
    service = service_of(request)
    actions.sign_out(as_asked(request).actor, session_key=key, hands_over=hands_over)
    logout(request)
    if service:
        told = _("You are signed out here. %(service)s may still know you in this browser: sign out there too.")
        messages.info(request, told % {"service": service})
    answer = redirect(to)
    answer["Clear-Site-Data"] = CLEARED
    return answer
