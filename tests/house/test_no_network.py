"""Tests need no network: reaching out fails, whatever the machine could reach."""

import socket

import pytest


def test_a_test_that_reaches_out_fails() -> None:
    """192.0.2.1 is kept for documents: nobody answers there."""
    with socket.socket() as s, pytest.raises(AssertionError, match=r"reached for 192\.0\.2\.1"):
        s.connect(("192.0.2.1", 80))


def test_a_test_may_talk_to_its_own_machine() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as s:
        s.connect(server.getsockname())
        assert s.getpeername() == server.getsockname()
