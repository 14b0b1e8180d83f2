"""Law 6: every address asks for a sign-in or is public, and shows and gives nothing of another agency to any role.

The walk finds every address by itself, tries each with every reference of the other agency and with one that nothing
has, in every method, for every role; a new address whose arguments nobody can guess fails until an example is named.
"""

import itertools
import secrets
from http import HTTPStatus
from uuid import UUID, uuid4

import pytest
from django.http import HttpResponse
from django.test import Client

from makers.addresses import METHODS, Address, absent, addresses, told_apart_by
from makers.agencies import acting
from makers.counted import SCALE, Counted, shared_out
from makers.sittings import come_in
from makers.two_agencies import ADMIN, World, a_world, kept
from sarana.basics.references import new_ref
from sarana.ground.accounts.asking import PUBLIC
from sarana.ground.accounts.queries import agencies_for, invitations_for, memberships_for
from sarana.ground.ledger.models import Entry
from sarana.ground.ledger.policy import openable_by
from sarana.ground.words.queries import proposals_for
from sarana.methods.reference import read_reference

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pages_without_copies")]

ROLES = tuple(read_reference("roles.toml"))
WALKING = shared_out(ROLES)
"""Who walks: every role; below full scale every second one on SQLite, and the others on PostgreSQL."""
ENDS_THE_SITTING = frozenset({"account_logout"})
NOT_THERE: set[tuple[str, str]] = set()
"""Methods that an address was found not to have: an address has them for every role or for none, and so below full
scale the roles that walk after the first one do not ask again."""

SHOWN_TO_ALL = frozenset({("GET", "accounts:agency")})
"""Where everybody who works in the system sees another agency: what it is, and nobody of it."""


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
    refs = [kind[0] for kind in world.refs.values()][:: 1 if SCALE >= 1 else 6]
    every = addresses()
    assert set(PUBLIC) <= {address.name for address in every}, "the list names an address that is not there"
    for address in every:
        for path in address.paths([*refs, absent()]):
            for method in METHODS:
                answer = client.generic(method, path)
                assert answer.status_code < 500, (method, path)
                assert marks_in(answer, world, *refs) == []
                if address.name not in PUBLIC:
                    to = answer["Location"] if answer.status_code == 302 else ""
                    leads = to.startswith("/sign-in/?next=") or (to == "/" and address.name in ENDS_THE_SITTING)
                    assert leads or answer.status_code in (401, 403, 405), (method, path, answer.status_code)


@pytest.mark.check("A-01")
@pytest.mark.parametrize("role", WALKING)
def test_no_role_sees_or_changes_anything_of_another_agency(role: str, counted: Counted) -> None:
    """With things of theirs of a ninth of the kinds at every address; at full scale with every one of their things."""
    world = a_world(role)
    before = kept(world.theirs)
    client = come_in(world.people[role])
    refs = chosen(world, ROLES.index(role))
    n_asked, nowhere = 0, absent()
    for address in walked():
        for method in ("GET", "POST", "PUT", "DELETE"):
            n_asked += _asked(client, method, address, world, [nowhere, *refs])
        if "_auth_user_id" not in client.session:
            client = come_in(world.people[role])
    assert kept(world.theirs) == before
    assert n_asked > len(addresses()), "too little was asked"
    counted("answers", n_asked, exact=True)


def chosen(world: World, turn: int) -> list[UUID]:
    """The things of theirs to ask for: one of each kind, for each role another one; at full scale all of them.

    Below full scale a role asks for every ninth kind, and the next role that walks for the next ninth.
    """
    kinds = list(world.refs.values())
    if SCALE >= 1:
        return [ref for kind in kinds for ref in kind]
    return [kind[turn % len(kind)] for kind in kinds[turn % 9 :: 9]]


def _asked(client: Client, method: str, address: Address, world: World, refs: list[UUID]) -> int:
    """Ask for one that is not there, then for theirs: what comes back tells nothing, not even that they are there."""
    if SCALE < 1 and (method, address.name) in NOT_THERE:
        return 0
    if not address.takes_references:
        answers = [_answer(client, method, path) for path in address.paths([])]
        if answers[0].status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            NOT_THERE.add((method, address.name))
        assert all(answer.status_code < 500 and not marks_in(answer, world) for answer in answers), (method, address)
        return len(answers)
    nowhere, *things = refs
    missing = _answer(client, method, address.paths([nowhere])[0])
    # Where the address has no such method, nothing is looked for: one thing is enough at full scale, and none below.
    if missing.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        NOT_THERE.add((method, address.name))
        if SCALE < 1:
            return 1
        things = things[:1]
    for ref, path in zip(things, address.paths(things), strict=True):
        answer = _answer(client, method, path)
        assert marks_in(answer, world, ref) == [], (method, address.name)
        same = (answer.status_code, told_apart_by(answer.content, ref))
        assert same == (missing.status_code, told_apart_by(missing.content, nowhere)), (method, address.name)
    theirs = _answer(client, method, address.paths([world.theirs.ref])[0])
    assert marks_in(theirs, world) == [], (method, address.name)
    is_no = theirs.status_code in (403, 404, 405, missing.status_code)
    assert is_no or (method, address.name) in SHOWN_TO_ALL, (method, address.name)
    return len(things) + 2


def _answer(client: Client, method: str, path: str) -> HttpResponse:
    """An answer by itself: what the page before had to say is taken away."""
    client.cookies.pop("messages", None)
    answer: HttpResponse = client.generic(method, path)
    assert answer.status_code < 500, (method, path)
    return answer


@pytest.mark.check("A-09")
def test_guessing_references_finds_nothing(counted: Counted) -> None:
    """Guesses by lot and close to things that are there: all at the reading doors, one of fifty at an address too."""
    world = a_world()
    known = [ref for kind in world.refs.values() for ref in kind]
    guesses = [_guess(known[number % len(known)], number) for number in range(counted("guesses", 100_000))]
    actor = acting(world.people[ADMIN])
    for batch in itertools.batched(guesses, 500, strict=False):
        for rows in (agencies_for(actor), memberships_for(actor), invitations_for(actor), proposals_for(actor)):
            assert not rows.filter(ref__in=batch).exists()
        assert not Entry.objects.filter(openable_by(actor), ref__in=batch).exists()
    client, stranger = come_in(world.people[ADMIN]), Client()
    doors = [(address, _method(client, address)) for address in walked() if address.takes_references]
    n_asked = counted("asked at an address", len(guesses) // 50, least=2 * len(doors), exact=True)
    for number, guess in enumerate(guesses[:: max(1, len(guesses) // n_asked)]):
        address, method = doors[number % len(doors)]
        answer = client.generic(method, address.paths([guess])[0])
        is_asked_again = answer.status_code == 302 and answer["Location"].startswith("/sign-in/again/")
        assert is_asked_again or answer.status_code in (403, 404, 409), (address.name, guess)
        assert marks_in(answer, world, guess) == []
        assert stranger.get(f"/invitation/{secrets.token_urlsafe(32)}/").status_code == 410


def _method(client: Client, address: Address) -> str:
    """The method that an address takes."""
    return "POST" if client.get(address.paths([absent()])[0]).status_code == 405 else "GET"


def _guess(near: UUID, number: int) -> UUID:
    """By lot; one before or after a thing that is there; or with one of its bits turned round."""
    changed = (uuid4().int, near.int + 1, near.int - 1, near.int ^ (1 << (number % 60)))[number % 4]
    return UUID(int=changed)


@pytest.mark.check("A-09")
def test_references_are_122_bits_by_lot_and_follow_no_order() -> None:
    world = a_world()
    assert {ref.version for kind in world.refs.values() for ref in kind} == {4}
    drawn = [new_ref().int for _ in range(4000)]
    ones = [sum(ref >> bit & 1 for ref in drawn) for bit in range(128)]
    fixed = [bit for bit, n in enumerate(ones) if n in (0, len(drawn))]
    assert len(fixed) == 6, "bits of the version and the variant, and no others"
    assert all(abs(n - 2000) < 6 * 32 for bit, n in enumerate(ones) if bit not in fixed)
    risen = sum(after > before for before, after in itertools.pairwise(drawn))
    assert abs(risen - 2000) < 6 * 32, "references follow one another"


def test_an_address_without_an_example_fails_the_walk() -> None:
    with pytest.raises(LookupError, match="name example arguments"):
        Address("ghost:word", (("word", "StringConverter"),)).paths([])
