"""Law 6: every address asks for a sign-in or is public, and shows and gives nothing of another agency to any role.

The walk finds every address by itself, tries each with every reference of the other agency and with one that nothing
has, in every method, for every role; a new address whose arguments nobody can guess fails until an example is named.
"""

import os
from http import HTTPStatus
from uuid import UUID, uuid4

import pytest
from django.http import HttpResponse
from django.test import Client

from makers.addresses import METHODS, Address, absent, addresses, forms_in, told_apart_by
from makers.sittings import come_in
from makers.two_agencies import ADMIN, World, a_world, kept
from sarana.ground.accounts.asking import PUBLIC
from sarana.ground.accounts.models import Membership
from sarana.ground.ledger.models import Entry
from sarana.methods.reference import read_reference

pytestmark = pytest.mark.django_db

ROLES = tuple(read_reference("roles.toml"))
SCALE = float(os.environ.get("SARANA_TEST_SCALE", "0.01"))
ENDS_THE_SITTING = frozenset({"account_logout"})


def seen(answer: HttpResponse) -> bytes:
    """Everything that came back: body and headers."""
    return answer.content + repr(sorted(answer.headers.items())).encode()


def marks_in(answer: HttpResponse, world: World, *asked: UUID) -> list[bytes]:
    """Marks of the other agency in an answer, other than the reference that the asker herself wrote."""
    text = seen(answer)
    for ref in asked:
        text = text.replace(str(ref).encode(), b"").replace(ref.hex.encode(), b"")
    return [mark for mark in world.marks if mark in text]


def walked() -> list[Address]:
    """Every address but the one that ends a sitting, which every role may do to her own."""
    return [address for address in addresses() if address.name not in ENDS_THE_SITTING]


@pytest.mark.check("A-11")
def test_every_address_asks_for_a_sign_in_or_is_on_the_list(client: Client) -> None:
    world = a_world()
    every = addresses()
    assert set(PUBLIC) <= {address.name for address in every}, "the list names an address that is not there"
    for address in every:
        for path in address.paths([*world.refs[:3], absent()]):
            for method in METHODS:
                answer = client.generic(method, path)
                assert answer.status_code < 500, (method, path)
                assert marks_in(answer, world, *world.refs) == []
                if address.name not in PUBLIC:
                    to = answer["Location"] if answer.status_code == 302 else ""
                    leads = to.startswith("/sign-in/?next=") or (to == "/" and address.name in ENDS_THE_SITTING)
                    assert leads or answer.status_code in (401, 403, 405), (method, path, answer.status_code)


@pytest.mark.check("A-01")
@pytest.mark.parametrize("role", ROLES)
def test_no_role_sees_or_changes_anything_of_another_agency(role: str) -> None:
    world = a_world(role)
    before = kept(world.theirs)
    client = come_in(world.people[role])
    nowhere = absent()
    n_compared = 0
    for address in walked():
        for method in ("GET", "POST", "PUT", "DELETE"):
            _forget_what_was_said(client)
            hidden = _answers(client, method, _tries(address, world))
            for ref, answer in hidden:
                assert answer.status_code < 500, (method, address.name)
                assert marks_in(answer, world, ref) == [], (method, address.name)
            if address.takes_references:
                missing = client.generic(method, address.paths([nowhere])[0])
                for ref, answer in hidden:
                    same = (answer.status_code, told_apart_by(answer.content, ref))
                    assert same == (missing.status_code, told_apart_by(missing.content, nowhere)), (
                        method,
                        address.name,
                    )
                    n_compared += 1
        if "_auth_user_id" not in client.session:
            client = come_in(world.people[role])
    assert kept(world.theirs) == before
    assert n_compared or not any(address.takes_references for address in walked())


def _forget_what_was_said(client: Client) -> None:
    """Take away what the page before had to say to the reader of the next one."""
    client.cookies.pop("messages", None)
    session = client.session
    if session.pop("_messages", None) is not None:
        session.save()


def _answers(client: Client, method: str, tries: list[tuple[UUID, str]]) -> list[tuple[UUID, HttpResponse]]:
    """The answer for each reference; one is enough where the address has no such method, whatever it is asked for."""
    found: list[tuple[UUID, HttpResponse]] = []
    for ref, path in tries:
        found.append((ref, client.generic(method, path)))
        if found[0][1].status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            break
    return found


def _tries(address: Address, world: World) -> list[tuple[UUID, str]]:
    if not address.takes_references:
        return [(UUID(int=0), path) for path in address.paths([])]
    return list(zip(world.refs, address.paths(world.refs), strict=True))


@pytest.mark.check("A-07")
@pytest.mark.parametrize("role", [role for role in ROLES if role != ADMIN])
def test_what_an_administrator_s_forms_do_is_refused_to_every_other_role_and_written_down(role: str) -> None:
    """The administrator's own pages are read for their forms, and each form is sent again by the other role."""
    world = a_world(role)
    admin, other = come_in(world.people[ADMIN]), come_in(world.people[role])
    before = kept(world.ours)
    own = [row.ref for row in Membership.objects.filter(agency=world.ours)] + [world.ours.ref]
    n_tried = 0
    for address in walked():
        if address.name.startswith(("account_", "mfa_", "pages:")):
            continue
        for path in address.paths(own):
            page = admin.get(path)
            for action, fields in forms_in(path, page.content.decode()) if page.status_code == 200 else []:
                if _is_open_to_all(action):
                    continue
                n_tried += 1
                n_refused = Entry.objects.filter(actor_ref=world.people[role].ref).exclude(result="done").count()
                answer = other.post(action, fields)
                assert answer.status_code in (403, 404), (action, answer.status_code)
                after = Entry.objects.filter(actor_ref=world.people[role].ref).exclude(result="done").count()
                assert after == n_refused + 1, f"{action} was refused and not written down"
    assert kept(world.ours) == before
    assert n_tried or not any(address.name.startswith("words:") for address in walked())


def _is_open_to_all(action: str) -> bool:
    """Forms that stand on every page and change only what is one's own: signing out, language, colours."""
    return action.startswith(("/sign-in/", "/shell/", "/me/", "/switch/"))


@pytest.mark.check("A-09")
def test_guessing_references_finds_nothing() -> None:
    """A reference is 122 random bits; guesses at every address that takes one find nothing (100,000 at full scale)."""
    world = a_world()
    assert all(ref.version == 4 for ref in world.refs)
    assert len({ref.int >> 64 for ref in world.refs}) == len(world.refs), "references follow one another"
    client = come_in(world.people[ADMIN])
    doors = [address for address in walked() if address.takes_references]
    n_guesses = max(100, int(100_000 * SCALE)) if doors else 0
    for number in range(n_guesses):
        guess = uuid4()
        if number % 3 == 1:
            near = world.refs[number % len(world.refs)]
            guess = UUID(int=(near.int & ~(3 << 62) & ~(0xF << 76)) ^ (1 << (number % 60)) | (2 << 62) | (4 << 76))
        answer = client.get(doors[number % len(doors)].paths([guess])[0])
        assert answer.status_code in (403, 404, 405), guess


def test_an_address_without_an_example_fails_the_walk() -> None:
    with pytest.raises(LookupError, match="name example arguments"):
        Address("ghost:word", (("word", "StringConverter"),)).paths([])
