"""Browsers without a screen: people who sign in with what they have, as the pages ask them to."""

import html
import json
import re
import time
from typing import Any

from django.test import Client
from django.urls import reverse

from makers.agencies import PASSPHRASE
from makers.keys import SoftKey
from sarana.ground.accounts import queries
from sarana.ground.accounts.models import Account
from sarana.ground.accounts.models.store import OWNER


def types_passphrase(client: Client, name: str, passphrase: str = PASSPHRASE, **extra: Any) -> Any:
    """Type sign-in name and passphrase on the page of signing in."""
    return client.post(reverse("account_login"), {"login": name, "password": passphrase}, **extra)


def question_of(page: Any) -> dict[str, Any]:
    """The question to a key that stands on a page."""
    found = re.search(r'<script id="question" type="application/json">(.*?)</script>', page.content.decode(), re.S)
    assert found, page.content.decode()
    question: dict[str, Any] = json.loads(html.unescape(found.group(1)))
    return question


def sets_up_key(client: Client, key: SoftKey | None = None) -> SoftKey:
    """Set up a key on the page for it."""
    made = key or SoftKey()
    page = client.get(reverse("accounts:add-key"))
    assert page.status_code == 200, page
    done = client.post(reverse("accounts:add-key"), {"name": "grey", "credential": made.make(question_of(page))})
    assert done.status_code == 302, done.content.decode()
    return made


def asked(client: Client) -> dict[str, Any]:
    """The question of the page of signing in."""
    got = client.get(reverse("mfa_login_webauthn"), headers={"accept": "application/json"})
    question: dict[str, Any] = got.json()["request_options"]
    return question


def signs_in_with_key(client: Client, key: SoftKey) -> Any:
    """Sign in with a key alone."""
    return client.post(reverse("mfa_login_webauthn"), {"credential": key.answer(asked(client))})


def a_signed_in(account: Account) -> tuple[Client, SoftKey]:
    """A browser in which a person has signed in and set up her first key, so that her sitting is strong."""
    client = Client()
    types_passphrase(client, account.sign_in_name)
    key = sets_up_key(client)
    assert is_in(client, strong=True)
    return client, key


def is_in(client: Client, *, strong: bool | None = None) -> bool:
    """True where the browser is signed in (and strong, where that is asked)."""
    answer = client.get(reverse("accounts:me"))
    if answer.status_code == 302 and answer["Location"] == reverse("accounts:first-factor"):
        return strong is not True
    return answer.status_code == 200


def shows_it_is_her(client: Client) -> None:
    """Type the passphrase once more, as before factors are changed."""
    done = client.post(reverse("account_reauthenticate") + "?next=/me/", {"password": PASSPHRASE})
    assert done.status_code == 302, done.content.decode()


def n_factors(account: Account) -> int:
    """How many second factors a person has."""
    return len(queries.factors_of(account))


def sign_in(client: Client, account: Account) -> Client:
    """Sign a browser in as with a second factor, without going through the pages."""
    client.force_login(account)
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "type": "made", "at": time.time()}]
    session["account_authentication_methods_user"] = str(account.pk)
    session[OWNER] = str(account.ref)
    session.save()
    return client
