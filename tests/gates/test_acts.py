"""Every act of every address: needs its word against forgery, is one line, and is not done where none can be written.

The acts stand in `makers.acts`; the walk over all addresses finds any that is missing there.
"""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from makers import acts, acts_of_maps, acts_of_sets, acts_of_sources, acts_of_tasks
from makers.acts import ADMIN, Act, House, Ready
from makers.addresses import addresses
from makers.counted import Counted
from makers.ledger import full
from makers.traces import Lines, everything
from sarana.ground.ledger.models import Entry
from sarana.methods.reference import read_reference

pytestmark = pytest.mark.django_db
ACTS = (*acts.ACTS, *acts_of_maps.ACTS, *acts_of_sources.ACTS, *acts_of_sets.ACTS, *acts_of_tasks.ACTS)
METHOD_NOT_THERE, REFUSED, HIDDEN, NOT_NOW, BROKEN = 405, 403, 404, 409, 500
UNWRITTEN = ("LEDGER-001", "LEDGER-002", "could not be written down", "with which acts are written down")
OTHERS = tuple(role for role in read_reference("roles.toml") if role != ADMIN)
OF_SERVICES = frozenset(f"accounts:{name}" for name in ("issuer-sign-in", "tie", "untie", "agency-issuers"))
"""Acts that need a ministry's own service on the other side: its tests stand with the stand-in for one."""

OF_FILES = frozenset({"population:hand-over", "population:point", "population:boundaries"})
"""Acts that need the keys of the organisation: their tests stand with the files that are handed over."""

OF_PEOPLE = frozenset(f"population:{name}" for name in ("person-name", "person-refer", "person-correct", "settle"))
"""Acts that need a run whose people were laid out: their tests stand with the pages about people."""

OF_PAIRS = frozenset(
    f"population:{name}"
    for name in ("next-pair", "pair", "leave-pair", "sure-pairs", "take-back-pair", "take-back-pairs")
)
"""Acts that need a queue that was laid out: their tests stand with the pages of pairs."""

OF_HELPED = frozenset(
    f"people:{name}"
    for name in (
        *("new", "name", "contact", "story", "change-names", "change-contact", "change-story", "change-facts"),
        *(
            "assign",
            "end-assigned",
            "relate",
            "unrelate",
            "ending",
            "hold",
            "let-go",
            "earlier",
            "erase",
            "search",
            "lure",
        ),
        *("photograph-add", "photograph-mask", "photograph-remove", "photograph-show"),
        *(
            "masked-hand",
            "masked-show",
            "masked-take",
            "consent-give",
            "consent-take-back",
            "share-by-law",
            "share-end",
        ),
        *("agreements", "agreement-sign", "agreement-end", "ask", "say-yes", "take-yes-back", "reached"),
        *("pair", "judge", "take-judgement-back"),
        *("emergency-begin", "emergency-confirm", "emergency-end"),
        *("conflicts", "conflict-agency", "conflict-colleague", "conflict-lift"),
    )
)
"""Acts that need the keys of people who are helped: their tests stand with the pages about them."""

OF_ADMINISTRATORS = tuple(act for act in ACTS if act.is_administrators)


def forging(ready: Ready) -> Client:
    """The same browser when a page of somebody else sends the form: cookies, and no word against forgery."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.cookies = ready.client.cookies
    return client


def test_every_address_that_takes_a_form_stands_among_the_acts() -> None:
    house = House()
    client = house.comes("ada")
    takes = set()
    for address in addresses():
        if client.post(address.paths([house.ours.ref])[0]).status_code != METHOD_NOT_THERE:
            takes.add(address.name)
        if "_auth_user_id" not in client.session:
            client = house.comes("ada")
    assert takes - {act.name for act in ACTS} == OF_SERVICES | OF_FILES | OF_PEOPLE | OF_PAIRS | OF_HELPED
    assert {act.name for act in ACTS} <= {address.name for address in addresses()}


@pytest.mark.check("G-03")
@pytest.mark.check("G-07")
@pytest.mark.check("N-05")
@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.name)
def test_an_act_needs_its_word_and_the_ledger_and_is_one_line(
    act: Act, counted: Counted, settings: Any, tmp_path: Path
) -> None:
    """Forged, with a full ledger, without the ledger's key: nothing. Then it is done, and sent once more."""
    ready, before, lines = _ready(act)
    _is_refused_forged(act, ready, lines)
    assert rows(act) == before, "a forged form changed something"
    with full():
        _is_not_done(act, ready)
    assert rows(act) == before, "something changed that could not be written down"
    ready, before, lines = _ready(act) if act.uses_up else (ready, before, lines)
    keys, settings.SARANA_KEYS = settings.SARANA_KEYS, tmp_path
    _is_not_done(act, ready)
    settings.SARANA_KEYS = keys
    assert rows(act) == before, "something changed that could not be signed"
    ready, before, lines = _ready(act) if act.uses_up else (ready, before, lines)
    done = ready.send()
    assert done.status_code < REFUSED, (done.status_code, done.content.decode())
    assert tuple(entry.action for entry in lines.new()) == act.lines
    assert ready.send().status_code < BROKEN
    assert len(lines.new()) == act.again, "sent once more"
    counted("acts", 1, exact=True)


def _ready(act: Act) -> tuple[Ready, dict[str, Any], Lines]:
    """The act about to be done in a house of its own, all rows, and the ledger from now on."""
    ready = act.prepare(House(), act.name)
    return ready, rows(act), Lines()


def rows(act: Act) -> dict[str, Any]:
    """All rows; without those in which it stands that a code or an answer was used up."""
    return {name: found for name, found in everything().items() if not (act.uses_up and name == "Authenticator")}


def _is_refused_forged(act: Act, ready: Ready, lines: Lines) -> None:
    """Refused, and written down where somebody is signed in."""
    answer = ready.send(forging(ready))
    assert answer.status_code == REFUSED, (act.name, answer.status_code)
    is_somebody = "_auth_user_id" in ready.client.session
    assert [(entry.result, entry.code) for entry in lines.new()] == [("refused", "PAGES-004")] * is_somebody


def _is_not_done(act: Act, ready: Ready) -> None:
    """Said in words, on a page of its own or in the form; and no sitting began or ended."""
    if not act.lines:
        return
    was_in = "_auth_user_id" in ready.client.session
    answer = ready.send()
    told = answer.content.decode()
    assert answer.status_code in (200, NOT_NOW), (act.name, answer.status_code)
    assert any(words in told for words in UNWRITTEN), (act.name, told)
    assert ("_auth_user_id" in ready.client.session) == was_in, "a sitting began or ended unwritten"


@pytest.mark.check("A-07")
@pytest.mark.check("G-03")
@pytest.mark.parametrize("role", OTHERS)
def test_no_other_role_does_what_an_administrator_does_and_each_try_is_one_line(role: str, counted: Counted) -> None:
    house = House(role)
    ready = {act.name: act.prepare(house, act.name) for act in OF_ADMINISTRATORS}
    client, lines = house.comes("eve"), Lines()
    before = everything()
    for name, each in ready.items():
        answer = each.send(client)
        assert answer.status_code in (REFUSED, HIDDEN), (name, answer.status_code)
        assert [(entry.actor_ref, entry.result) for entry in lines.new()] == [(house.people["eve"].ref, "refused")], (
            name
        )
    assert everything() == before
    counted("tries", len(ready), exact=True)
    assert not Entry.objects.filter(actor_ref=house.people["eve"].ref, result="done").exists()
