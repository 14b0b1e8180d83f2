"""Every page of every address: opened with GET it changes no row, and what it opens is one line, or it is not shown."""

import re
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.urls import resolve

from makers.acts import House
from makers.addresses import addresses
from makers.counted import SCALE, Counted, shared_out
from makers.ledger import full
from makers.traces import Lines, everything
from sarana.ground.accounts import actions
from sarana.ground.accounts.models import Role
from sarana.ground.ledger.models import Entry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pages_without_copies")]
SHOWN, NOT_NOW, BROKEN = 200, 409, 500
REFUSALS = (403, 404)
EXCUSES = ("Not written down:", "Not written down before")
"""How the docstring of a view says why its page leaves no line."""

DAN = re.compile(rb"\bdan\b", re.IGNORECASE)
"""The name of somebody whom lines are about, as a word: three letters in a row stand in some form's token by chance."""

OF_THE_LIBRARY = "allauth."
"""Its pages are those of signing in: they show an empty form."""


def own_refs(house: House) -> list[UUID]:
    """One of each kind of thing that is there to be opened in a house."""
    role = Role.objects.get(code="shelter")
    invitation, _ = actions.invite(house.acts("ada"), agency=house.ours, role=role, name="Fay")
    proposal = house.proposal()
    entry = Entry.objects.filter(owner_agency_ref=house.ours.ref).latest("pk")
    return [house.ours.ref, house.held_by("dan").ref, invitation.ref, proposal.ref, entry.ref]


FOR_WHAT = b"For what do you open people?"
"""A page that asks for a purpose shows nobody, in place of the page that was asked for."""


def excused(path: str) -> bool:
    """True where the view says why its page leaves no line, or is one of the library's forms for signing in."""
    view: Any = resolve(path).func
    if getattr(view, "view_class", view).__module__.startswith(OF_THE_LIBRARY):
        return True
    told = " ".join((view.__doc__ or "").split())
    return any(excuse in told for excuse in EXCUSES)


@pytest.mark.check("G-03")
@pytest.mark.check("N-05")
@pytest.mark.parametrize("name", shared_out(["ada", "bea", "dan", ""]))
def test_a_page_changes_no_row_and_what_it_opens_is_one_line(name: str, counted: Counted) -> None:
    """By an administrator, a data-protection officer, a worker, and somebody who is not signed in."""
    house = House()
    refs = own_refs(house)
    client = house.comes(name) if name else Client()
    seen = {path: address for n, address in enumerate(addresses()) for path in address.paths(tried(refs, name, n))}
    before = everything()
    for path, address in seen.items():
        lines = Lines()
        answer = client.get(path)
        assert everything() == before, (address.name, "changed something")
        found = [entry.result for entry in lines.new()]
        is_opened = bool(name) and FOR_WHAT not in answer.content
        assert found == expected(path, answer.status_code, is_somebody=is_opened), (address.name, answer.status_code)
    counted("pages", len(seen), exact=True)


def tried(refs: list[UUID], name: str, turn: int) -> list[UUID]:
    """All kinds of things by the administrator, two of them in turn by others; at full scale all by everybody.

    Below full scale the administrator asks for every second kind on SQLite, and for the others on PostgreSQL.
    """
    if SCALE >= 1:
        return refs
    if name == "ada":
        return refs[connection.vendor == "postgresql" :: 2]
    return [refs[turn % len(refs)], refs[(turn + 2) % len(refs)]]


def expected(path: str, status: int, *, is_somebody: bool) -> list[str]:
    """The lines that an answer leaves: one where something was opened or refused, none where nobody is there."""
    assert status < BROKEN, path
    if not is_somebody:
        return []
    if status in REFUSALS:
        return ["refused"]
    return ["done"] if status == SHOWN and not excused(path) else []


@pytest.mark.check("G-07")
def test_what_cannot_be_written_down_is_not_shown(counted: Counted) -> None:
    """Each page that leaves a line is asked for again with a full ledger."""
    house = House()
    refs = own_refs(house)
    n_hidden = n_told = 0
    for name in ("ada", "bea"):
        client, lines = house.comes(name), Lines()
        written: list[str] = []
        for path in every_path(refs):
            answer = client.get(path)
            n_told += bool(DAN.search(answer.content))
            if lines.new() and answer.status_code == SHOWN:
                written.append(path)
        with full():
            for path in written:
                answer = client.get(path)
                assert (answer.status_code, b"LEDGER-002" in answer.content) == (NOT_NOW, True), path
                assert not DAN.search(answer.content), path
                n_hidden += 1
    counted("pages", n_hidden, exact=True)
    assert n_hidden > 10
    assert n_told, "the name that is looked for stands on pages when it may"


def every_path(refs: list[UUID]) -> list[str]:
    """Every address, with each of these references."""
    return [path for address in addresses() for path in address.paths(refs)]


def test_a_view_without_an_excuse_has_none() -> None:
    assert not excused("/looked/mine/")
    assert excused("/health/")
