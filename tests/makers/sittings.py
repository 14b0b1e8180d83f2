"""Browsers of people who signed in with a second factor, without the ceremony of it."""

from allauth.account.internal.flows import login
from django.test import Client

from sarana.ground.accounts.models import Account

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def come_in(account: Account, *, purpose: str = "") -> Client:
    """A browser in which somebody signed in with a second factor, and said for what, where a purpose is given."""
    client = Client(raise_request_exception=False)
    client.force_login(account, backend=BACKEND)
    session = client.session
    session[login.AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": 0}, {"method": "mfa", "at": 0}]
    session[login._AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(account.pk)
    if purpose:
        session["purpose"] = purpose
    session.save()
    return client
