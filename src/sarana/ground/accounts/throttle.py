"""Sign-ins by passphrase are slowed where many fail, so that nobody guesses and nobody can lock somebody else out.

Failures are counted for one name from one place. A browser in which that person signed in before carries a signed
cookie, and has a count of its own: whoever guesses elsewhere, even from the same building, does not slow her down. When
very many fail in the whole system, browsers that are not known have to wait a little, and the ledger gets an alarm.
Signing in with a key is never slowed by any of this. Names and places are kept as keyed marks, never in clear.
"""

import datetime as dt
import ipaddress
import secrets

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse

from sarana.ground.accounts import keyed

DEVICE_COOKIE = "__Host-known" if settings.SESSION_COOKIE_SECURE else "known"
DEVICE_LASTS = dt.timedelta(days=90)
DEVICE_HOLDS = 20
"""A shared computer remembers the marks of this many people who signed in on it; the oldest go first."""

V6_SITE = 64


def address_of(request: HttpRequest) -> str:
    """The place a request comes from: its address, or its network where addresses are plenty (IPv6)."""
    address = str(request.META.get("REMOTE_ADDR", ""))
    if settings.SECURE_PROXY_SSL_HEADER:
        address = request.headers.get("X-Forwarded-For", address).rpartition(",")[2].strip()
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if found.version == 6:
        return str(ipaddress.ip_network((found, V6_SITE), strict=False))
    return str(found)


def mark_for(request: HttpRequest, sign_in_name: str) -> tuple[str, bool]:
    """Under which mark this trial counts, and whether the browser is known for this name."""
    browser, marks = _known(request)
    if device_mark(sign_in_name) in marks:
        return keyed.mark("trial browser", sign_in_name, browser), True
    return keyed.mark("trial place", sign_in_name, address_of(request)), False


def device_mark(sign_in_name: str) -> str:
    """What a browser keeps of a person who signed in on it: a mark from which her name cannot be read."""
    return keyed.mark("browser", sign_in_name)[:32]


def remember_device(request: HttpRequest, response: HttpResponse, sign_in_name: str) -> None:
    """Let the browser prove, next time, that this person signed in on it before."""
    browser, marks = _known(request)
    mark = device_mark(sign_in_name)
    kept = [mark, *(known for known in marks if known != mark)][:DEVICE_HOLDS]
    response.set_cookie(
        DEVICE_COOKIE,
        _signer().sign(".".join([browser or secrets.token_hex(16), *kept])),
        max_age=DEVICE_LASTS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def _known(request: HttpRequest) -> tuple[str, list[str]]:
    """The browser's own number, and the marks of those who signed in on it; nothing where the cookie is not ours."""
    try:
        browser, *marks = _signer().unsign(request.COOKIES.get(DEVICE_COOKIE, "")).split(".")
    except BadSignature:
        return "", []
    return browser, marks


def _signer() -> Signer:
    return Signer(salt="sarana known browser")
