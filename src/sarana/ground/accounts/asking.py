"""Every request gets its actor; a sitting without a second factor that is needed opens only the setting up of one."""

from collections.abc import Callable
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation

from sarana.basics.actors import Actor
from sarana.basics.references import new_ref
from sarana.ground.accounts import queries
from sarana.ground.accounts.adapter import is_strong
from sarana.ground.walls import postgres

PUBLIC = frozenset(
    {
        "account_login",
        "account_inactive",
        "mfa_login_webauthn",
        "mfa_authenticate",
        "accounts:come",
        "accounts:invitation",
        "accounts:locked",
        "accounts:issuer-sign-in",
        "accounts:issuer-back",
        "pages:language",
        "pages:scheme",
        "health",
    }
)
"""The names of the addresses that answer without a sign-in; law 6 walks over all others."""

WITHOUT_FACTOR = frozenset(
    {
        "accounts:first-factor",
        "accounts:add-key",
        "accounts:add-code-app",
        "accounts:make-sheet",
        "accounts:switch",
        "accounts:here",
        "account_logout",
        "pages:language",
        "pages:scheme",
        "health",
    }
)
"""What a sitting may open whose person has to set up a second factor first."""


class AskedRequest(HttpRequest):
    """A request of somebody who is signed in, with the actor that every door asks for, and her roles in words."""

    actor: Actor
    held: tuple[queries.Held, ...]


def as_asked(request: HttpRequest) -> AskedRequest:
    """The request as one that carries its actor."""
    return cast("AskedRequest", request)


class ActorMiddleware:
    """Puts the actor on the request: who asks, with which roles, for which purpose, and the one clock."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep what comes after."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Make the actor of a signed-in person, answer, and forbid every cache to keep it."""
        if request.user.is_authenticated:
            translation.activate(request.user.language)
            asked = as_asked(request)
            asked.actor, asked.held = queries.known(
                request.user,
                timezone.localtime(),
                purpose=request.session.get("purpose", ""),
                is_strong=is_strong(request),
                request_ref=new_ref(),
            )
            postgres.let_in(asked.actor)
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    def process_view(self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any) -> HttpResponse | None:
        """Lead whoever still needs a second factor to where she sets one up, whatever she asked for."""
        actor: Actor | None = getattr(request, "actor", None)
        if actor is None or actor.is_strong or request.resolver_match is None:
            return None
        if request.resolver_match.view_name in WITHOUT_FACTOR or not request.user.is_authenticated:
            return None
        return redirect("accounts:first-factor") if queries.needs_second_factor(request.user, actor.today) else None
