"""A stand-in for a ministry's sign-in service: a real OpenID Connect server on this machine, which lies where asked to.

It describes itself, publishes its keys, gives a code for one question and changes it, once, for a signed token: only to
the client with its secret, with the word (PKCE) that belongs to the question. Whoever asks is signed in as `subject`.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from sarana.ground.accounts import issuers

CLIENT = "sarana-here"
SECRET = secrets.token_urlsafe(24)


def a_key() -> ec.EllipticCurvePrivateKey:
    """A pair of keys."""
    return ec.generate_private_key(ec.SECP256R1())


@dataclass(slots=True)
class Standin:
    """What the service knows, and how it lies: `twist` changes what a token says, `signer` is the key it signs with."""

    url: str = ""
    subject: str = "person-1"
    more: dict[str, Any] = field(default_factory=dict)
    twist: Callable[[dict[str, Any]], dict[str, Any]] = dict
    key: ec.EllipticCurvePrivateKey = field(default_factory=a_key)
    signer: ec.EllipticCurvePrivateKey | None = None
    asked: list[dict[str, str]] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    described: dict[str, str] = field(default_factory=dict)

    def description(self) -> dict[str, Any]:
        """What stands under .well-known."""
        told = {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }
        return {**told, **self.described}

    def keys(self) -> dict[str, Any]:
        """The public key."""
        public = json.loads(ECAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [{**public, "kid": "one", "use": "sig", "alg": "ES256"}]}

    def authorize(self, question: dict[str, str]) -> str:
        """Sign the person in, and give the address to which her browser goes back."""
        self.asked.append(question)
        code = secrets.token_urlsafe(16)
        self.codes[code] = question
        return f"{question['redirect_uri']}?{urlencode({'code': code, 'state': question['state']})}"

    def change(self, sent: dict[str, str]) -> dict[str, Any] | None:
        """A token for a code; None where client, secret, word or code are not right."""
        question = self.codes.pop(sent.get("code", ""), None)
        word = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(word).rstrip(b"=").decode()
        who = (sent.get("client_id"), sent.get("client_secret"))
        if question is None or who != (CLIENT, SECRET) or challenge != question.get("code_challenge"):
            return None
        now = int(time.time())
        says = {
            "iss": self.url,
            "sub": self.subject,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 120,
            "auth_time": now,
            "nonce": question["nonce"],
            "email": "noi@ministry.example",
            **self.more,
        }
        token = jwt.encode(self.twist(says), self.signer or self.key, algorithm="ES256", headers={"kid": "one"})
        return {"access_token": "unused", "token_type": "Bearer", "id_token": token}


@contextmanager
def serving_issuer() -> Iterator[Standin]:
    """The service, as long as it is wanted."""
    standin = Standin()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            at = urlsplit(self.path)
            if at.path == "/authorize":
                given = {name: values[0] for name, values in parse_qs(at.query).items()}
                self.send_response(302)
                self.send_header("Location", standin.authorize(given))
                self.end_headers()
                return
            pages = {"/.well-known/openid-configuration": standin.description, "/keys": standin.keys}
            self._tell(pages[at.path]() if at.path in pages else None)

        def do_POST(self) -> None:
            sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self._tell(standin.change({name: values[0] for name, values in sent.items()}))

        def _tell(self, told: dict[str, Any] | None) -> None:
            body = json.dumps(told or {"error": "invalid_request"}).encode()
            self.send_response(200 if told else 400)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    standin.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield standin
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def keys_with_secret(kept: Path, own: Path) -> Path:
    """The keys of the tests, with the secret of the service beside them."""
    own.mkdir()
    for path in kept.iterdir():
        (own / path.name).write_bytes(path.read_bytes())
    (own / issuers.secret_file("moi")).write_text(SECRET)
    return own
