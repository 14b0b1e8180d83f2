"""Every request gets its actor, and an error of ours gets its page."""

from collections.abc import Callable
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from sarana.basics.actors import Actor
from sarana.basics.references import new_ref
from sarana.ground.accounts import queries
from sarana.ground.walls import postgres

PUBLIC = frozenset({"account_login", "account_signup", "account_inactive", "pages:language", "pages:scheme", "health"})
"""The names of the addresses that answer without a sign-in; law 6 walks over all others."""


class AskedRequest(HttpRequest):
    """A request of somebody who is signed in, with the actor that every door asks for."""

    actor: Actor


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
            as_asked(request).actor = queries.actor_of(
                request.user,
                timezone.localtime(),
                purpose=request.session.get("purpose", ""),
                is_strong=_is_strong(request),
                request_ref=new_ref(),
            )
            postgres.let_in(as_asked(request).actor)
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response


def _is_strong(request: HttpRequest) -> bool:
    """True where this sitting was opened with a second factor or a passkey."""
    methods = request.session.get("account_authentication_methods", [])
    return any(method.get("method") == "mfa" for method in methods)
