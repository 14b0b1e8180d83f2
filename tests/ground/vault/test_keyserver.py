"""A key server opens keys, and every way in which it may say no ends in one sentence; a stand-in answers for it."""

import logging
import re
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from makers.keyservers import (
    BUSY,
    FORBIDDEN,
    NO_ROUTE,
    SEALED,
    STANDBY,
    TOKEN,
    StandIn,
    a_certificate,
    a_token,
    serving,
)
from sarana.basics.errors import SaranaError
from sarana.ground.vault.keyserver import KeyServer, key_server

SECRET = bytes(range(32))
PLACE = b"a lock of ours"
SEAL = f"vault:v1:{'A' * 80}"


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with serving() as found:
        yield found


@pytest.fixture
def server(standin: StandIn, tmp_path: Path) -> KeyServer:
    return KeyServer(standin.address, "transit/sarana", a_token(tmp_path), seconds=1.0)


def refused(ask: Callable[[], object]) -> str:
    """The code and the whole sentence of what was refused; nothing secret stands in it, whatever was asked."""
    with pytest.raises(SaranaError) as found:
        ask()
    said = str(found.value)
    assert TOKEN not in said
    assert "AAAA" not in said
    assert found.value.cure.endswith(".")
    return said


def test_a_secret_is_sealed_and_opened_in_its_place_alone(standin: StandIn, server: KeyServer) -> None:
    sealed = server.seal(SECRET, PLACE)
    assert server.open(sealed, PLACE) == SECRET
    assert re.fullmatch(r"VAULT-089 .*", refused(lambda: server.open(sealed, b"another lock")))
    assert {each.path for each in standin.asked} == {"/v1/transit/encrypt/sarana", "/v1/transit/decrypt/sarana"}
    assert {each.token for each in standin.asked} == {TOKEN}
    assert {"associated_data", "context"} <= standin.asked[-1].body.keys()
    server.try_it()


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ({"says": SEALED}, "VAULT-085"),
        ({"says": FORBIDDEN}, "VAULT-086"),
        ({"tokens": {"another"}}, "VAULT-086"),
        ({"says": NO_ROUTE}, "VAULT-088"),
        ({"keys": {}}, "VAULT-088"),
        ({"says": BUSY}, "VAULT-083"),
        ({"says": STANDBY}, "VAULT-083"),
        ({"drips": True}, "VAULT-083"),
        ({"sends_to": "https://elsewhere.invalid"}, "VAULT-091"),
        ({"raw": b"<html>It works!</html>\r\n\r\n"}, "VAULT-090"),
        ({"raw": b""}, "VAULT-090"),
        ({"raw": b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 100_000}, "VAULT-090"),
        ({"says": (200, [])}, "VAULT-090"),
        ({"says": (200, {"data": {"plaintext": "not base64!"}})}, "VAULT-090"),
        ({"says": (200, {"data": {"plaintext": "A" * 400}})}, "VAULT-090"),
        ({"says": (200, {"data": {"plaintext": 7}})}, "VAULT-090"),
        ({"says": (418, {"errors": "a teapot"})}, "VAULT-090"),
    ],
)
def test_every_fault_of_the_server_is_one_sentence(
    how: dict[str, Any], code: str, standin: StandIn, server: KeyServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for name, value in how.items():
        setattr(standin, name, value)
    assert refused(lambda: server.open(SEAL, PLACE)).startswith(code)
    assert len(standin.asked) == 1, "it is asked once, and nobody else is"
    assert TOKEN not in caplog.text


def test_a_server_that_drips_is_cut_when_the_time_is_over(standin: StandIn, server: KeyServer) -> None:
    standin.drips = True
    began = time.monotonic()
    assert "in time" in refused(lambda: server.open(SEAL, PLACE))
    assert time.monotonic() - began < 3


def test_a_server_that_is_not_there_or_says_nothing_is_told_apart(server: KeyServer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        there = replace(server, address=f"http://127.0.0.1:{silent.getsockname()[1]}", seconds=0.3)
        assert "in time" in refused(lambda: there.open(SEAL, PLACE))
    assert "not reached" in refused(lambda: there.open(SEAL, PLACE))


def test_a_key_that_binds_nothing_is_not_used_and_none_is_made_unasked(standin: StandIn, server: KeyServer) -> None:
    standin.binds = False
    assert refused(server.try_it).startswith("VAULT-092")
    standin.binds, standin.is_for_signing = True, True
    assert refused(server.try_it).startswith("VAULT-092")
    standin.is_for_signing, standin.makes_keys = False, True
    kept = standin.keys.copy()
    assert refused(replace(server, key="transit/other").try_it).startswith("VAULT-088")
    assert standin.keys == kept
    standin.tells = b"another secret"
    assert refused(server.try_it).startswith("VAULT-090")


def test_certificates_are_looked_at_and_never_passed_over(
    tmp_path: Path, server: KeyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    pem, tls = a_certificate(tmp_path)
    other, other_tls = a_certificate(tmp_path, "127.0.0.2")
    old, old_tls = a_certificate(tmp_path, days=-1)
    with serving(tls) as found:
        there = replace(server, address=found.address)
        for ca in (None, other, old):
            assert refused(lambda ca=ca: replace(there, ca=ca).try_it()).startswith("VAULT-084")
        assert found.asked == [], "the token was told to nobody"
        monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "log of keys"))
        monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
        replace(there, ca=pem).try_it()
        assert not (tmp_path / "log of keys").exists()
        plain = found.address.replace("https", "http")
        assert refused(lambda: replace(server, address=plain).try_it())[:9] in {"VAULT-083", "VAULT-090"}
    for context, ca in ((other_tls, other), (old_tls, old)):
        with serving(context) as found:
            assert refused(replace(server, address=found.address, ca=ca).try_it).startswith("VAULT-084")
    with serving() as found:
        tls_to_none = replace(server, address=found.address.replace("http", "https"), ca=pem)
        assert refused(tls_to_none.try_it).startswith("VAULT-090")
        assert refused(replace(tls_to_none, ca=tmp_path / "gone.pem").try_it).startswith("VAULT-087")


@pytest.mark.parametrize(("text", "mode"), [("", 0o600), ("two words", 0o600), (TOKEN, 0o604), ("ก", 0o600)])
def test_a_token_that_is_none_or_open_to_others_is_refused(
    text: str, mode: int, server: KeyServer, standin: StandIn
) -> None:
    server.token.write_text(text)
    server.token.chmod(mode)
    assert refused(server.try_it).startswith("VAULT-087")
    server.token.unlink()
    assert refused(server.try_it).startswith("VAULT-087")
    assert standin.asked == []


def test_an_address_without_a_token_names_what_is_missing(tmp_path: Path) -> None:
    assert key_server("", "transit/sarana", None, None) is None
    assert "SARANA_KEYSERVER_TOKEN" in refused(lambda: key_server("https://keys.test", "transit/sarana", None, None))
