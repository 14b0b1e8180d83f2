"""G-04: what anybody types into any form of the house stands in no row of the ledger."""

from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver

from makers.agencies import a_person, an_agency
from makers.browsers import a_signed_in, is_in, signs_in_with_key
from makers.counted import SCALE, shared_out
from sarana.ground.ledger import writing
from sarana.ground.ledger.models import Entry

pytestmark = pytest.mark.django_db

MARK = "Zz9marker"
ROLES = ("organisation-administrator", "data-protection-officer", "supervisor", "case-worker")
LEAVES = ("logout",)
"""Forms that would end the sitting in which the others are filled in."""


class Forms(HTMLParser):
    """The forms of a page: method, address, and names of fields with the values that stand in them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append((has.get("method", "get"), has.get("action", ""), {}))
        elif tag in ("input", "textarea", "select", "button") and self.found and "name" in has:
            is_kept = has.get("type") == "hidden" or tag == "button"
            self.found[-1][2][has["name"]] = has.get("value", "") if is_kept else f"{MARK}{has['name']}"


def addresses(patterns: list[URLPattern | URLResolver], before: str = "/") -> Iterator[str]:
    """Every address of the house that needs nothing filled in."""
    for pattern in patterns:
        here = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, here)
        elif not pattern.pattern.converters and "(" not in here:
            yield here.replace("^", "").replace("$", "")


def rows_as_text() -> str:
    """Every value of every row, sealed lists opened."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM ledger_entry")
        plain = [str(bytes(value) if isinstance(value, memoryview) else value) for row in cursor for value in row]
    return " ".join([*plain, *(str(writing.open_list(entry)) for entry in Entry.objects.all())])


@pytest.mark.check("G-04")
def test_g_04_nothing_that_is_typed_stands_in_the_ledger() -> None:
    agency = an_agency()
    n_sent, n_before = 0, Entry.objects.count()
    for role in ROLES if SCALE >= 1 else shared_out(ROLES[:2]):
        account = a_person(agency, role)
        client, key = a_signed_in(account)
        client.raise_request_exception = False
        for address in dict.fromkeys(addresses(get_resolver().url_patterns)):
            if not is_in(client):
                signs_in_with_key(client, key)
            page = client.get(address, {"q": f"{MARK}q", "purpose": f"{MARK}purpose"})
            forms = Forms()
            forms.feed(page.content.decode(errors="replace") if not page.streaming else "")
            for method, action, fields in forms.found:
                if any(word in (action or address) for word in LEAVES):
                    continue
                send = client.post if method == "post" else client.get
                send(action or address, fields)
                n_sent += any(MARK in value for value in fields.values())
    assert n_sent >= 10, "too few forms were filled in, so little was proved"
    assert Entry.objects.count() > n_before
    text = rows_as_text()
    assert str(agency.ref.hex) in text.replace("-", "")
    assert MARK.casefold() not in text.casefold()
