"""When the machine fails beneath a page, the page says so in a sentence, and says it without the database."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, OperationalError, connection
from django.test import Client

from makers.agencies import a_person, an_agency
from makers.browsers import sign_in
from sarana.ground.pages import faults, reserve

pytestmark = pytest.mark.django_db


def of_sqlite(number: int) -> DatabaseError:
    """What Django raises when SQLite says this."""
    cause = sqlite3.OperationalError("as the library words it")
    cause.sqlite_errorcode = number
    return behind(OperationalError("as the library words it"), cause)


def of_postgresql(state: str) -> DatabaseError:
    """What Django raises when PostgreSQL says this; "" is a connection that broke."""
    cause = psycopg.OperationalError("as the server words it")
    cause.sqlstate = state or None
    return behind(OperationalError("as the server words it"), cause)


def behind[E: BaseException](error: E, cause: BaseException) -> E:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (of_sqlite(13), "FAULT-001"),
        (of_postgresql("53100"), "FAULT-001"),
        (OSError(errno.ENOSPC, "no space"), "FAULT-001"),
        (of_postgresql(""), "FAULT-002"),
        (of_postgresql("57P01"), "FAULT-002"),
        (of_postgresql("08006"), "FAULT-002"),
        (of_sqlite(5), "FAULT-003"),
        (of_postgresql("40P01"), "FAULT-003"),
        (of_sqlite(10 | (3 << 8)), "FAULT-004"),
        (of_sqlite(11), "FAULT-004"),
        (OSError(errno.EIO, "bad sector"), "FAULT-004"),
        (of_sqlite(7), "FAULT-006"),
        (MemoryError(), "FAULT-006"),
    ],
)
def test_what_failed_is_known_by_its_number(error: Exception, code: str) -> None:
    fault = faults.find_fault(behind(ValueError("on the way up"), error))
    assert fault is not None
    assert fault.code == code


@pytest.mark.parametrize("error", [None, ValueError(), IntegrityError(), of_sqlite(19), of_postgresql("42P01")])
def test_a_mistake_of_ours_is_not_blamed_on_the_machine(error: Exception | None) -> None:
    assert faults.find_fault(error) is None


def test_a_chain_of_errors_that_leads_in_a_circle_ends() -> None:
    one, two = ValueError(), ValueError()
    one.__context__, two.__context__ = two, one
    assert faults.find_fault(one) is None


@contextmanager
def database_that_says(error: Exception) -> Iterator[None]:
    """Every statement fails so."""

    def fail(*_: Any) -> NoReturn:
        raise error

    with connection.execute_wrapper(fail):
        yield


@pytest.mark.parametrize(
    ("error", "says"), [(of_sqlite(13), "The disk is full"), (of_postgresql("57P01"), "The database does not answer")]
)
@pytest.mark.parametrize("address", ["/", "/settings/", "/sign-in/"])
def test_a_page_says_what_failed_though_no_statement_works(
    client: Client, error: Exception, says: str, address: str
) -> None:
    sign_in(client, a_person(an_agency()))
    client.raise_request_exception = False
    with database_that_says(error):
        answer = client.get(address)
    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (503, "10", "no-store")
    assert says in answer.content.decode()
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert client.get("/").status_code < 500


def test_nothing_new_is_saved_while_the_disk_is_nearly_full_but_people_read_and_leave(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(client, a_person(an_agency()))
    monkeypatch.setattr(reserve, "free_bytes", lambda _: reserve.RESERVE_BYTES - 1)
    refused = client.post("/settings/", {"name": "x"})
    assert (refused.status_code, "FAULT-005" in refused.content.decode()) == (503, True)
    assert client.get("/").status_code < 500
    assert client.post("/shell/colours/", {"scheme": "dark"}).status_code == 302
    monkeypatch.setattr(reserve, "free_bytes", lambda _: reserve.RESERVE_BYTES)
    assert client.post("/settings/", {"name": "x"}).status_code != 503
