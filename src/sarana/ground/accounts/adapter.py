"""What we ask of the sign-in library: no sign-up, one form of names, slowed guessing, a ledger line a sign-in."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from django.contrib import messages
from django.contrib.auth import authenticate, logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from sarana.basics.actors import NOBODY, Actor
from sarana.basics.errors import SaranaError
from sarana.ground.accounts import actions, queries, throttle
from sarana.ground.accounts.models import Account
from sarana.ground.accounts.models.store import ABOUT, OWNER


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts come from invitations only, and every sign-in goes through here."""

    error_messages = {  # noqa: RUF012
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("Sign-in name and passphrase do not belong together."),
        "incorrect_password": _("This is not your passphrase."),
        "too_many_login_attempts": _(
            "Too many tries failed here. Wait a minute, then try again; signing in with a key works at once."
        ),
    }

    def is_open_for_signup(self, request: Any) -> bool:
        """Never: an invitation's link leads to a page of ours."""
        return False

    def add_message(self, *args: Any, message: str | None = None, **kwargs: Any) -> None:
        """Only what our own pages say; the library's notes about each step are left out."""
        if message:
            super().add_message(*args, message=message, **kwargs)

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """No mail: this system keeps no addresses of its staff."""

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Compare name and passphrase, unless too many tries failed; answer and time are the same for all names."""
        name = actions.tidy_sign_in_name(credentials.get("username", ""))
        actor = asking(request)
        mark, is_known = throttle.mark_for(request, name)
        if actions.take(actor.now, mark=mark, is_known=is_known):
            raise self.validation_error("too_many_login_attempts")
        account = authenticate(request, username=name, password=credentials.get("password", ""))
        if account is None:
            actions.record_failed_sign_in(actor, sign_in_name=name)
            actions.count_failed(actor)
        else:
            actions.give_back(mark=mark)
        return account

    def login(self, request: HttpRequest, user: Any) -> None:
        """Begin a sitting under a new key, and write it down; if that cannot be, there is no sitting."""
        now = timezone.localtime()
        actions.sweep_sittings(now)
        actions.sweep_trials(now)
        try:
            with transaction.atomic():
                super().login(request, user)
                request.session[OWNER] = str(user.ref)
                request.session[ABOUT] = actions.browser_words(request.headers.get("User-Agent", ""))
                by_service = any(each.get("method") == "service" for each in get_authentication_records(request, user))
                actor = queries.actor_of(user, now, is_strong=is_strong(request))
                actions.record_sign_in(actor, by_service=by_service)
        except SaranaError:
            # The sitting is also in the request, which no transaction takes back.
            logout(request)
            raise

    def post_login(self, request: HttpRequest, user: Account, **kwargs: Any) -> HttpResponse:
        """Remember the browser, and say where else the person is signed in."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        throttle.remember_device(request, response, user.sign_in_name)
        others = queries.count_sittings(user.ref, but=request.session.session_key or "")
        if others:
            messages.info(
                request,
                ngettext(
                    "You are signed in in %(others)s other place too. My account shows where, and ends it.",
                    "You are signed in in %(others)s other places too. My account shows where, and ends them.",
                    others,
                )
                % {"others": others},
            )
        return response


def asking(request: HttpRequest) -> Actor:
    """Who asks: the person who is signed in, or nobody yet."""
    known: Actor | None = getattr(request, "actor", None)
    return known or Actor(NOBODY, timezone.localtime())


def is_strong(request: HttpRequest) -> bool:
    """True where this sitting was opened by this person with a second factor or a passkey."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))
