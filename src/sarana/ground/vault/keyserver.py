"""A key server as one more way to open keys: it seals a lock's secret and opens it again, and never gives its own key.

It speaks to the transit engine of HashiCorp Vault or OpenBao: two questions of a few lines. The standard library asks
them, because it follows no redirect, reads no proxy and no netrc from its surroundings, and adds no package. Neither
what was sealed or opened nor a token stands in an error or a log.
"""

import base64
import contextlib
import http.client
import json
import re
import socket
import ssl
import stat
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from sarana.basics.errors import BadFile, BadSetting, NotYet, Refused, SaranaError

CONNECT_SECONDS, ANSWER_SECONDS = 2.0, 5.0
"""So long it may take to reach the server, and to have its whole answer, however slowly that comes."""

MOST_BYTES = 64 * 1024
MOST_TOKEN, MOST_SECRET = 8_192, 64

SEALED = re.compile(r"vault:v[1-9][0-9]{0,9}:[A-Za-z0-9+/=]{24,2048}")
TOKEN = re.compile(r"[!-~]+")
TRIAL = b"sarana tries the key server"

CANNOT_NOW = frozenset({412, 429, 472, 473, 500, 502, 503, 504})
"""What a server says that is a standby, too busy, or not well."""

UNKNOWN = re.compile(r"key not found|policy not found|no handler for route|unsupported path")
NO_PLACE = re.compile(r"associated_data|non-aead")


@dataclass(frozen=True, slots=True)
class KeyServer:
    """One key of one server.

    Args:
        address: https and a name, perhaps a port; http for this machine alone.
        key: where the key is, as mount/name.
        token: the file with the token; read at each question, as something else renews it.
        ca: the file with the certificates that are trusted; those of the system unless said.
        seconds: so long a whole answer may take.
    """

    address: str
    key: str
    token: Path
    ca: Path | None = None
    seconds: float = ANSWER_SECONDS

    def seal(self, secret: bytes, place: bytes) -> str:
        """A secret as the server seals it, for one place.

        The server must refuse to open it in another place, and must have the key already: a token that may make keys
        would else make one unasked.

        Raises:
            As `open`; BadSetting: VAULT-092 the key binds nothing to a place.
        """
        self._opens(f"vault:v1:{_spelled(bytes(44))}", place)  # to open never makes a key, as to seal might
        said = self._ask("encrypt", {"plaintext": _spelled(secret), **_bound(place)}).get("ciphertext")
        if not isinstance(said, str) or not SEALED.fullmatch(said):
            raise _not_understood("no seal")
        if self.open(said, place) != secret:
            raise _not_understood("another secret than was sealed")
        if self._opens(said, place + b" elsewhere"):
            raise _binds_nothing()
        return said

    def open(self, sealed: str, place: bytes) -> bytes:
        """The secret that the server sealed for this very place.

        Raises:
            NotYet: VAULT-083 it is not reached, or does not answer in time; VAULT-085 it is sealed itself.
            Refused: VAULT-084 its certificate is not trusted; VAULT-086 it refuses the token; VAULT-089 it does not
                open this.
            BadFile: VAULT-087 the token or the certificates cannot be read; VAULT-090 its answer is not understood.
            BadSetting: VAULT-088 it does not know the key; VAULT-091 it sends elsewhere.
        """
        if not SEALED.fullmatch(sealed):
            raise _not_opened()
        said = self._ask("decrypt", {"ciphertext": sealed, **_bound(place)}).get("plaintext")
        try:
            secret = base64.b64decode(said if isinstance(said, str) else "", validate=True)
        except ValueError:
            secret = b""
        if not 0 < len(secret) <= MOST_SECRET:
            raise _not_understood("no secret of ours")
        return secret

    def try_it(self) -> None:
        """Let it seal a word and open it, and see that it refuses it in another place.

        Raises:
            As `seal`.
        """
        self.seal(TRIAL, b"trial")

    def _opens(self, sealed: str, place: bytes) -> bool:
        """Whether it opens a thing in a place; every other fault is one."""
        try:
            self.open(sealed, place)
        except Refused as err:
            if err.code != "VAULT-089":
                raise
            return False
        return True

    def _ask(self, what: str, body: Mapping[str, str]) -> dict[str, Any]:
        headers = {
            "Content-Type": "application/json",
            "X-Vault-Request": "true",
            "X-Vault-Token": _token(self.token),
            "Connection": "close",
        }
        mount, _slash, name = self.key.rpartition("/")
        path = f"/v1/{quote(mount)}/{what}/{quote(name)}"
        with self._reached() as connection:
            connection.request("POST", path, body=json.dumps(body), headers=headers)
            with connection.getresponse() as answer:
                status, data = answer.status, answer.read(MOST_BYTES + 1)
        return _understood(status, data, what)

    @contextlib.contextmanager
    def _reached(self) -> Iterator[http.client.HTTPConnection]:
        """A connection that is cut when the time is over, whatever drips in; its faults in words."""
        parts = urlsplit(self.address)
        host, is_tls = parts.hostname or "", parts.scheme == "https"
        connection = http.client.HTTPConnection(host, parts.port or (443 if is_tls else 80))
        cut = _Cut()
        watch = threading.Timer(self.seconds, cut)
        watch.daemon = True
        try:
            trusted = _trusted(self.ca) if is_tls else None
            sock = socket.create_connection((host, connection.port), min(CONNECT_SECONDS, self.seconds))
            sock.settimeout(self.seconds)
            if trusted is not None:
                sock = trusted.wrap_socket(sock, server_hostname=host, do_handshake_on_connect=False)
            connection.sock = cut.sock = sock
            watch.start()
            if isinstance(sock, ssl.SSLSocket):
                sock.do_handshake()
            yield connection
            if cut.is_done:
                raise TimeoutError
        except ssl.SSLCertVerificationError as err:
            raise _not_trusted() from err
        except (http.client.HTTPException, ssl.SSLError, ValueError) as err:
            raise (_too_slow() if cut.is_done else _not_understood("no answer of a key server")) from err
        except OSError as err:
            raise (_too_slow() if cut.is_done or isinstance(err, TimeoutError) else _not_reached()) from err
        finally:
            watch.cancel()
            connection.close()


class _Cut:
    """Ends a connection from another thread, and knows that it did."""

    def __init__(self) -> None:
        self.sock: socket.socket | None = None
        self.is_done = False

    def __call__(self) -> None:
        self.is_done = True
        if self.sock is not None:
            with contextlib.suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)


def key_server(address: str, key: str, token: Path | None, ca: Path | None) -> KeyServer | None:
    """The key server that the settings name, or None where they name none.

    Raises:
        BadSetting: VAULT-093 an address is named, and no file with a token.
    """
    if not address:
        return None
    if token is None:
        raise BadSetting(
            "VAULT-093",
            "A key server is named, and no file with a token for it.",
            where="SARANA_KEYSERVER_TOKEN",
            cure="Set SARANA_KEYSERVER_TOKEN to the file, or leave SARANA_KEYSERVER out.",
        )
    return KeyServer(address, key, token, ca)


def _understood(status: int, data: bytes, what: str) -> dict[str, Any]:
    """What an answer gives, or its fault in words; of the words of the server none is passed on."""
    if status == http.HTTPStatus.OK and len(data) <= MOST_BYTES:
        found = _json(data).get("data")
        if isinstance(found, dict):
            return found
        raise _not_understood("an answer that is none of a key server")
    raise _fault(status, " ".join(map(str, _errors(data))).lower(), what)


def _fault(status: int, told: str, what: str) -> SaranaError:
    if status == http.HTTPStatus.BAD_REQUEST:
        return _fault_in_asking(told, what)
    if status in CANNOT_NOW:
        return _is_sealed() if "sealed" in told else _not_now(status)
    if status in (http.HTTPStatus.UNAUTHORIZED, http.HTTPStatus.FORBIDDEN):
        return _token_refused()
    if status == http.HTTPStatus.NOT_FOUND:
        return _unknown()
    return _sent_elsewhere() if 300 <= status < 400 else _not_understood(f"status {status}")


def _fault_in_asking(told: str, what: str) -> SaranaError:
    if UNKNOWN.search(told):
        return _unknown()
    if NO_PLACE.search(told):
        return _binds_nothing()
    return _not_opened() if what == "decrypt" else _not_understood("status 400")


def _json(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _errors(data: bytes) -> list[Any]:
    found = _json(data[:MOST_BYTES]).get("errors")
    return found if isinstance(found, list) else []


def _bound(place: bytes) -> dict[str, str]:
    """To what it is bound: associated data, and the same as the context of a key that derives others."""
    return {"associated_data": _spelled(place), "context": _spelled(place)}


def _spelled(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _token(path: Path) -> str:
    """The token in a file that is closed to others."""
    try:
        is_open = bool(stat.S_IMODE(path.stat().st_mode) & stat.S_IRWXO)
        with path.open("rb") as file:
            text = file.read(MOST_TOKEN + 1).decode("ascii").strip()
    except (OSError, UnicodeDecodeError):
        is_open, text = False, ""
    if is_open or not TOKEN.fullmatch(text) or len(text) > MOST_TOKEN:
        raise BadFile(
            "VAULT-087",
            "The file with the key server's token is missing, holds no token, or is open to others on this machine.",
            where="SARANA_KEYSERVER_TOKEN",
            cure="Put the token there, and nothing else, and close the file: chmod 600.",
        )
    return text


def _trusted(ca: Path | None) -> ssl.SSLContext:
    """TLS that looks at certificates and names, and takes nothing older than 1.2."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        if ca is None:
            context.load_default_certs()
        else:
            context.load_verify_locations(ca)
    except (OSError, ValueError) as err:
        raise BadFile(
            "VAULT-087",
            "The file with the certificates that are trusted cannot be read.",
            where="SARANA_KEYSERVER_CA",
            cure="Name a file of certificates (PEM), or leave it out for those of the system.",
        ) from err
    return context


def _not_reached() -> NotYet:
    return NotYet(
        "VAULT-083",
        "The key server is not reached.",
        where="SARANA_KEYSERVER",
        cure="See that it runs and that this machine reaches it; until then open with another lock.",
    )


def _not_now(status: int) -> NotYet:
    return NotYet(
        "VAULT-083",
        "The key server cannot answer now.",
        where=f"SARANA_KEYSERVER: status {status}",
        cure="Try again in a minute. If it stays so, ask who runs it; until then open with another lock.",
    )


def _too_slow() -> NotYet:
    return NotYet(
        "VAULT-083",
        "The key server did not answer in time.",
        where="SARANA_KEYSERVER",
        cure="Try again. If it stays so, ask who runs it; until then open with another lock.",
    )


def _not_trusted() -> Refused:
    return Refused(
        "VAULT-084",
        "The certificate of the key server is not trusted, so nothing was said to it.",
        where="SARANA_KEYSERVER",
        cure="Set SARANA_KEYSERVER_CA to the certificate that vouches for it, and see that the name in the address is "
        "the one in the certificate. Never switch this off: somebody else may answer in its place.",
    )


def _is_sealed() -> NotYet:
    return NotYet(
        "VAULT-085",
        "The key server is sealed itself, as after a restart.",
        where="SARANA_KEYSERVER",
        cure="Ask those who keep its shares to unseal it; until then open with another lock.",
    )


def _token_refused() -> Refused:
    return Refused(
        "VAULT-086",
        "The key server refuses the token: it ended, was revoked, or may not use this key.",
        where="SARANA_KEYSERVER_TOKEN",
        cure="Put a new token into the file, whose policy lets it update encrypt and decrypt of this key.",
    )


def _unknown() -> BadSetting:
    return BadSetting(
        "VAULT-088",
        "The key server does not know this key.",
        where="SARANA_KEYSERVER_KEY",
        cure="Name it as mount/name, such as transit/sarana; or let those who run the server make it.",
    )


def _not_opened() -> Refused:
    return Refused(
        "VAULT-089",
        "The key server does not open what this lock holds: it was sealed with another key, or changed.",
        where="SARANA_KEYSERVER_KEY",
        cure="Name the key that the lock was made with, or open with another lock and make this one anew.",
    )


def _not_understood(what: str) -> BadFile:
    return BadFile(
        "VAULT-090",
        "The answer of the key server is not understood.",
        where=f"SARANA_KEYSERVER: {what}",
        cure="See that the address is that of a Vault or OpenBao server, and of nothing that stands before it.",
    )


def _sent_elsewhere() -> BadSetting:
    return BadSetting(
        "VAULT-091",
        "The key server sends elsewhere, and no token is carried there.",
        where="SARANA_KEYSERVER",
        cure="Name the address of the server that is active, or one behind which a balancer finds it.",
    )


def _binds_nothing() -> BadSetting:
    return BadSetting(
        "VAULT-092",
        "The key server opens in any place what was sealed for one, so this key is not used.",
        where="SARANA_KEYSERVER_KEY",
        cure="Let those who run it make a key of the type aes256-gcm96, on Vault 1.9 or OpenBao 2.0 and later.",
    )
