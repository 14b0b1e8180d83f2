"""A stand-in for a key server: it speaks the transit engine's encrypt and decrypt, and says no in all ways.

What it answers, and with which words, was read in the source of OpenBao (builtin/logical/transit) and in its manual.
"""

import base64
import contextlib
import datetime as dt
import ipaddress
import json
import os
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.x509.oid import NameOID

TOKEN = "-".join(("zqx", "opens", "the", "stand", "in", "alone"))
KEY = "transit/sarana"

SEALED = (503, {"errors": ["Vault is sealed"]})
FORBIDDEN = (403, {"errors": ["1 error occurred:\n\t* permission denied\n\n"]})
NO_ROUTE = (404, {"errors": ['no handler for route "transit/decrypt/sarana". route entry not found.']})
BUSY = (429, {"errors": ["request path: rate limit quota exceeded"]})
STANDBY = (500, {"errors": ["local node not active but active cluster node not found"]})


@dataclass(slots=True)
class Asked:
    """One question as it came."""

    path: str
    token: str
    body: dict[str, str]


@dataclass(slots=True)
class StandIn:
    """What it holds, what it was asked, and how it answers now.

    Attributes:
        keys: the keys by mount/name.
        says: a status and an answer instead of the true one.
        raw: bytes instead of an answer in JSON.
        drips: it gives a byte of its answer from time to time.
        sends_to: it sends elsewhere.
        binds: whether it heeds associated data, as old servers do not.
        is_for_signing: its key is of a type that knows no associated data.
        makes_keys: a token that may make keys makes the one it asks for.
        tells: another secret than was sealed.
    """

    address: str = ""
    keys: dict[str, bytes] = field(default_factory=lambda: {KEY: os.urandom(32)})
    tokens: set[str] = field(default_factory=lambda: {TOKEN})
    asked: list[Asked] = field(default_factory=list)
    says: tuple[int, object] | None = None
    raw: bytes | None = None
    drips: bool = False
    sends_to: str = ""
    binds: bool = True
    is_for_signing: bool = False
    makes_keys: bool = False
    tells: bytes | None = None

    def answer(self, asked: Asked) -> tuple[int, object]:
        """What the server answers."""
        if self.says is not None:
            return self.says
        if asked.token not in self.tokens:
            return FORBIDDEN
        mount, what, name = asked.path.removeprefix("/v1/").rsplit("/", 2)
        at = f"{mount}/{name}"
        if mount != "transit":
            return 404, {"errors": [f'no handler for route "{asked.path}". route entry not found.']}
        if at not in self.keys and what == "encrypt" and self.makes_keys:
            self.keys[at] = os.urandom(32)
        if at not in self.keys:
            return 400, {"errors": ["encryption key not found"]}
        if self.is_for_signing:
            return 400, {"errors": ["'[0].associated_data' provided for non-AEAD cipher suite rsa-2048"]}
        bound = base64.b64decode(asked.body.get("associated_data", "")) if self.binds else b""
        return self._transit(what, AESGCM(self.keys[at]), asked.body, bound)

    def _transit(self, what: str, key: AESGCM, body: dict[str, str], bound: bytes) -> tuple[int, object]:
        if what == "encrypt":
            nonce = os.urandom(12)
            sealed = nonce + key.encrypt(nonce, base64.b64decode(body["plaintext"]), bound)
            return 200, {"data": {"ciphertext": f"vault:v1:{base64.b64encode(sealed).decode()}", "key_version": 1}}
        sealed = base64.b64decode(body["ciphertext"].removeprefix("vault:v1:"))
        try:
            plain = key.decrypt(sealed[:12], sealed[12:], bound)
        except InvalidTag:
            return 400, {"errors": ["cipher: message authentication failed"]}
        return 200, {"data": {"plaintext": base64.b64encode(self.tells or plain).decode()}}


@contextlib.contextmanager
def serving(tls: ssl.SSLContext | None = None) -> Iterator[StandIn]:
    """The stand-in on a port of this machine."""
    held = StandIn()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            body = json.loads(self.rfile.read(length))
            asked = Asked(self.path, self.headers.get("X-Vault-Token", ""), body)
            held.asked.append(asked)
            if held.sends_to:
                self.send_response(307)
                self.send_header("Location", held.sends_to + self.path)
                self.end_headers()
                return
            if held.raw is not None:
                self.wfile.write(held.raw)
                return
            status, said = held.answer(asked)
            data = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self._give(data)

        def _give(self, data: bytes) -> None:
            with contextlib.suppress(OSError):
                for byte in data if held.drips else ():
                    self.wfile.write(bytes([byte]))
                    self.wfile.flush()
                    time.sleep(0.1)
                if not held.drips:
                    self.wfile.write(data)

        def log_message(self, *_args: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_args: object) -> None:
            """Somebody who hangs up is no fault here."""

    with Server(("127.0.0.1", 0), Handler) as server:
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        held.address = f"http{'s' if tls else ''}://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield held
        finally:
            server.shutdown()
            thread.join()


def a_token(folder: Path, token: str = TOKEN) -> Path:
    """A file with a token, closed to others."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "server.token"
    path.write_text(f"{token}\n")
    path.chmod(0o600)
    return path


def a_certificate(folder: Path, address: str = "127.0.0.1", *, days: int = 1) -> tuple[Path, ssl.SSLContext]:
    """A certificate that vouches for itself, and what serves with it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a stand-in")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=9))
        .not_valid_after(now + dt.timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, both = folder / f"{address}.{days}.pem", folder / f"{address}.{days}.both.pem"
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    both.write_bytes(plain + pem.read_bytes())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    return pem, context
