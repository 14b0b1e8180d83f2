"""OpenID Connect with the library's provider, made strict: nonce, PKCE, a signature that is always verified.

The library asks for a code with state and PKCE and fetches the answer. It neither sends a nonce nor verifies the
signature of what it fetched, reads names and e-mail addresses, and takes the address of the service from whatever the
service's own description says. Here only `openid` is asked for, so that no name comes along; the description must be
of the service that the operator named; whoever comes must have signed in there just now, for computers are shared.
"""

import hmac
import logging
import secrets
import time
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, cast

import jwt
import requests
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.internal import statekit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from sarana.basics.errors import BadFile, NotYet
from sarana.ground.accounts import addresses
from sarana.ground.accounts.issuers import Issuer, is_safe, read_issuers

ALGORITHMS = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
)  # fmt: skip
"""Signatures with a key pair: never one with our own secret, and never none."""

ANSWERS_WITHIN_SECONDS = 5
SIGNED_IN_WITHIN_SECONDS = 300
CLOCKS_DIFFER_SECONDS = 60
LONGEST_SUBJECT = 255
SIGN_IN, TIE = "sign-in", "tie"
log = logging.getLogger(__name__)

BROKEN = (OAuth2Error, requests.RequestException, jwt.PyJWTError, ValueError, KeyError, TypeError, AttributeError)
"""What may be raised where a service answers something else than it should."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What a service proved: for which errand, whom it means, and by which signs it knew her."""

    errand: str
    account_ref: str
    subject: str
    signs: frozenset[str]


def known() -> dict[str, Issuer]:
    """The services of this installation.

    Raises:
        BadFile: ACCOUNTS-032 their file cannot be used.
    """
    is_for_work = settings.SARANA_MODE == "production"
    return read_issuers(settings.SARANA_HOME, settings.SARANA_KEYS, is_for_work=is_for_work)


def offered() -> list[Issuer]:
    """The services that pages show; none where their file cannot be used: people sign in otherwise."""
    try:
        return list(known().values())
    except BadFile as err:
        log.error("%s %s", err.code, err.where)  # noqa: TRY400
        return []


def ask(request: HttpRequest, issuer: Issuer, *, errand: str, account_ref: str = "") -> str:
    """The address at the service to which the browser goes; what was asked is kept in the sitting.

    Raises:
        NotYet: ACCOUNTS-033 the service does not answer as it should.
    """
    nonce = secrets.token_urlsafe(32)
    asked = {"nonce": nonce, "prompt": "login", "max_age": str(SIGNED_IN_WITHIN_SECONDS)}
    try:
        answer = _Provider(request, issuer).redirect(
            request, errand, data={"nonce": nonce, "account": account_ref}, auth_params=asked, scope=["openid"]
        )
        return str(answer["Location"])
    except BROKEN as err:
        raise _away() from err


def finish(request: HttpRequest, issuer: Issuer) -> Proof:
    """What the answer with which the browser came back proves; the question is used up, whatever comes of it.

    Raises:
        NotYet: ACCOUNTS-034 nothing was asked, here or just now; ACCOUNTS-036 the service says no; ACCOUNTS-033 it does
            not answer as it should; ACCOUNTS-035 its proof is not accepted.
    """
    asked = statekit.unstash_state(request, state_id=request.GET.get("state", ""), provider_id=issuer.code)
    if asked is None:
        raise NotYet(
            "ACCOUNTS-034",
            "Nothing was asked to which this is an answer: it was used already, is too old, or is of another browser.",
            cure="Begin again here.",
        )
    if "error" in request.GET or not request.GET.get("code"):
        raise NotYet(
            "ACCOUNTS-036",
            "The sign-in service did not let you in, or you turned back there.",
            cure="Begin again here, or sign in with your key or passphrase.",
        )
    adapter = _Provider(request, issuer).get_oauth2_adapter(request)
    claims = _fetch(adapter, request, asked)
    data = asked["data"]
    return Proof(str(asked["process"]), str(data["account"]), str(claims["sub"]), _signs(claims))


def _fetch(adapter: "_Adapter", request: HttpRequest, asked: dict[str, Any]) -> dict[str, Any]:
    """Change the code for the proof, and see that it is one."""
    try:
        client = adapter.get_client(request, adapter.app)
        told = adapter.get_access_token_data(
            request, adapter.app, client, pkce_code_verifier=asked["pkce_code_verifier"]
        )
        keys = adapter.keys()
    except BROKEN as err:
        raise _away() from err
    try:
        return checked(str(told["id_token"]), adapter.issuer, keys, nonce=str(asked["data"]["nonce"]))
    except BROKEN as err:
        raise NotYet(
            "ACCOUNTS-035",
            "What the sign-in service said is no proof: it is for somebody else, too old, or not signed by it.",
            cure="Begin again here; if it stays so, tell the person who keeps this system running.",
        ) from err


def checked(token: str, issuer: Issuer, keys: list[dict[str, Any]], *, nonce: str) -> dict[str, Any]:
    """What a token says, if it is signed by this service, for us, just now, and an answer to this question.

    Raises:
        ValueError: it is no such token; errors of the library are raised as they are.
    """
    head = jwt.get_unverified_header(token)
    if head.get("alg") not in ALGORITHMS:
        raise ValueError("alg")
    claims: dict[str, Any] = jwt.decode(
        token,
        key=_key(keys, head),
        algorithms=[head["alg"]],
        issuer=issuer.url,
        audience=issuer.client_id,
        leeway=CLOCKS_DIFFER_SECONDS,
        options={"require": ["iss", "sub", "aud", "exp", "iat", "nonce", "auth_time"]},
    )
    if claims.get("azp", issuer.client_id) != issuer.client_id:
        raise ValueError("azp")
    if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and "azp" not in claims:
        raise ValueError("aud")
    if not hmac.compare_digest(str(claims["nonce"]).encode(), nonce.encode()):
        raise ValueError("nonce")
    if time.time() - int(claims["auth_time"]) > SIGNED_IN_WITHIN_SECONDS + CLOCKS_DIFFER_SECONDS:
        raise ValueError("auth_time")
    if not 0 < len(str(claims["sub"])) <= LONGEST_SUBJECT:
        raise ValueError("sub")
    return claims


def _key(keys: list[dict[str, Any]], head: dict[str, Any]) -> jwt.PyJWK:
    """The key of the service by which a token says that it is signed; a token that names none must leave no choice."""
    fit = [key for key in keys if key.get("use", "sig") == "sig" and key.get("alg", head["alg"]) == head["alg"]]
    named = [key for key in fit if key.get("kid") == head["kid"]] if "kid" in head else fit
    if len(named) != 1:
        raise ValueError("kid")
    return jwt.PyJWK(named[0], algorithm=head["alg"])


def _signs(claims: dict[str, Any]) -> frozenset[str]:
    """How the service knew the person: its class of sign-in, and the ways used."""
    ways = claims.get("amr", [])
    found = [claims.get("acr"), *(ways if isinstance(ways, list) else [])]
    return frozenset(sign for sign in found if isinstance(sign, str) and sign)


def _away() -> NotYet:
    return NotYet(
        "ACCOUNTS-033",
        "The sign-in service does not answer, or not as it should.",
        cure="Sign in with your key or passphrase; if it stays so, tell the person who keeps this system running.",
    )


class _Adapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """The service as the library asks it: at the addresses of its own description, which must be of this service."""

    def __init__(self, request: HttpRequest, provider: "_Provider") -> None:
        super().__init__(request, provider.issuer.code)
        self.issuer, self.app = provider.issuer, provider.app
        self._provider = provider

    def get_provider(self) -> "_Provider":
        """The one service that is asked."""
        return self._provider

    @cached_property
    def openid_config(self) -> dict[str, Any]:
        """What the service says of itself.

        Raises:
            ValueError: it says that it is another one, or leads to an address that anybody could read.
        """
        found = _read(self._provider.server_url)
        is_for_work = settings.SARANA_MODE == "production"
        leads_to = [found[name] for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
        if found["issuer"] != self.issuer.url or not all(is_safe(to, is_for_work=is_for_work) for to in leads_to):
            raise ValueError(found["issuer"])
        return found

    def keys(self) -> list[dict[str, Any]]:
        """The keys with which the service signs."""
        return cast("list[dict[str, Any]]", _read(self.openid_config["jwks_uri"])["keys"])

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        """Where the browser comes back: under the one address of this system, whatever a request says."""
        return f"{addresses.origin()}{reverse('accounts:issuer-back', args=[self.issuer.code])}"


class _Provider(OpenIDConnectProvider):  # type: ignore[misc]
    """One service of the operator's file, in the shape that the library knows."""

    def __init__(self, request: HttpRequest, issuer: Issuer) -> None:
        self.issuer = issuer
        app = SocialApp(
            provider=self.id,
            provider_id=issuer.code,
            name=issuer.name,
            client_id=issuer.client_id,
            secret=issuer.secret,
            settings={"server_url": issuer.url.rstrip("/"), "oauth_pkce_enabled": True},
        )
        super().__init__(request, app=app)

    def get_oauth2_adapter(self, request: HttpRequest) -> _Adapter:
        """How this service is asked."""
        return _Adapter(request, self)


class ServiceAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """What the library may do of itself: fetch, from addresses that we checked, within seconds, led nowhere else."""

    def get_requests_session(self) -> requests.Session:
        """A session that waits for a few seconds and follows no redirection."""
        session = requests.Session()
        within = partial(session.request, timeout=ANSWERS_WITHIN_SECONDS, allow_redirects=False)
        session.request = within  # type: ignore[method-assign]
        return session

    def list_apps(self, request: Any, provider: Any = None, client_id: Any = None) -> list[SocialApp]:
        """None from the database: services stand in the operator's file."""
        return []

    def is_open_for_signup(self, request: Any, sociallogin: Any) -> bool:
        """Never: no service makes an account."""
        return False


def _read(address: str) -> dict[str, Any]:
    with ServiceAdapter().get_requests_session() as session:
        answer = session.get(address)
    answer.raise_for_status()
    found = answer.json()
    if answer.status_code != requests.codes.ok or not isinstance(found, dict):
        raise ValueError(address)
    return found
