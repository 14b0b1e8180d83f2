"""The page of what the system does says what it does (R-09); the page of costs reckons from its file."""

import datetime as dt
import html
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone, translation

from makers.agencies import NOW, a_person, acting, an_agency
from makers.browsers import types_passphrase
from makers.counted import on_one
from makers.sittings import come_in
from sarana.basics.actors import Actor
from sarana.basics.errors import BadFile
from sarana.basics.policy import Level, Rule, Thing, decide
from sarana.gates.desk.kinds import KINDS, kind_words
from sarana.gates.desk.system import costs
from sarana.ground import rules
from sarana.ground.accounts import actions, policy, queries
from sarana.ground.accounts.models import Agency
from sarana.ground.ledger.models import Entry
from sarana.methods.reference import read_reference

ROLES = read_reference("roles.toml")
PURPOSES = read_reference("purposes.toml")
NO_PURPOSE = {"": "no purpose", "of-nobody": "another purpose"}


def table_of(page: str, kind: str) -> dict[str, list[str]]:
    """The cells of the page's table about a kind, by the name of each role."""
    part = page.split(f"<h2>Who may what: {kind_words(kind)}</h2>")[1].split("</table>", maxsplit=1)[0]
    found = {}
    for row in re.findall(r"<tr>(.*?)</tr>", part.split("<tbody>")[1], re.DOTALL):
        roles, *cells = re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL)
        found |= dict.fromkeys(roles.split(", "), cells)
    return found


@cache
def rows_about(kind: str) -> tuple[Rule, ...]:
    """The rows of a kind: of the others none speaks of it, and half a million questions are asked."""
    return tuple(rule for rule in rules.tables() if rule.kind == kind)


def behaviour(actors: tuple[Actor, Actor], kind: str, agency: Agency, *, own: bool) -> str:
    """What `decide` gives a real person about a thing of an agency, in the words of the page: for each purpose."""
    owner = actors[0].account_ref if own else None
    things = [Thing(kind, agency.ref, agency.path, level=level, owner_ref=owner) for level in Level]
    strong, weak = (by_purpose(actor, things) for actor in actors)
    return strong if strong == weak else f"{strong}; without a second factor: {weak}"


def by_purpose(actor: Actor, things: list[Thing]) -> str:
    """One answer, or one for each of some purposes."""
    said: dict[str, list[str]] = {}
    stated = sorted({purpose for rule in rows_about(things[0].kind) for purpose in rule.purposes})
    for purpose in ("", "of-nobody", *stated):
        access = by_level(replace(actor, purpose=purpose), things)
        said.setdefault(access, []).append(NO_PURPOSE.get(purpose) or PURPOSES[purpose]["name"])
    if len(said) == 1:
        return next(iter(said))
    return "; ".join(f"for {', '.join(sorted(names))}: {access}" for access, names in said.items())


def by_level(actor: Actor, things: list[Thing]) -> str:
    """One answer, or one for each of some levels, in the order of the levels."""
    said: dict[str, list[str]] = {}
    for thing in things:
        access = decide(rows_about(thing.kind), actor, thing).access.name.lower()
        said.setdefault(access, []).append(thing.level.value)
    if len(said) == 1:
        return next(iter(said))
    return ", ".join(f"{access} ({' '.join(levels)})" for access, levels in said.items())


def in_one_order(cell: str) -> str:
    """A cell of the page with the purposes of each answer in the order of letters."""
    found = html.unescape(cell)
    return re.sub(r"for ([^:]*):", lambda part: f"for {', '.join(sorted(part[1].split(', ')))}:", found)


@on_one("sqlite")
@pytest.mark.check("R-09")
@pytest.mark.django_db
def test_the_page_says_what_the_rules_do() -> None:
    above = an_agency("Above")
    ours = an_agency("Ours", parent=above)
    below, far = an_agency("Below", parent=ours), an_agency("Far")
    people = {code: a_person(ours, code, name=code) for code in ROLES}
    page = come_in(people["analyst"]).get("/system/").content.decode()
    acts = {code: (acting(person), acting(person, is_strong=False)) for code, person in people.items()}
    n_compared = 0
    for kind in {rule.kind for rule in rules.tables()}:
        shown = table_of(page, kind)
        for code, actors in acts.items():
            of_ours = Thing(kind, ours.ref, ours.path)
            assert decide(rules.tables(), actors[0], of_ours) == decide(rows_about(kind), actors[0], of_ours)
            cells = shown[ROLES[code]["name"]]
            real = {
                0: behaviour(actors, kind, far, own=True),
                2: behaviour(actors, kind, ours, own=False),
                3: behaviour(actors, kind, below, own=False),
                4: behaviour(actors, kind, above, own=False),
                6: behaviour(actors, kind, far, own=False),
            }
            assert {at: in_one_order(cells[at]) for at in real} == real, (kind, code)
            n_compared += len(real)
    assert n_compared >= 20 * 5 * 6


def number_of(page: str, label: str) -> float:
    """The number that the page gives under a label."""
    found = re.search(rf"{re.escape(label)}</dt>\s*<dd[^>]*>\s*([\d.]+)", page)
    assert found, (label, page)
    return float(found.group(1))


def still_in(client: Client) -> bool:
    """True where a request finds the sitting open."""
    return client.get("/me/").status_code == 200


@pytest.mark.check("R-09")
@pytest.mark.django_db
def test_sittings_last_as_long_as_the_page_says() -> None:
    account = a_person(an_agency())
    with time_machine.travel(NOW, tick=False) as clock:
        page = come_in(account).get("/system/").content.decode()
        idle = dt.timedelta(minutes=number_of(page, "A sitting ends without a request after"))
        longest = dt.timedelta(hours=number_of(page, "A sitting ends at the latest after"))
        for waits, is_in in ((idle - dt.timedelta(seconds=30), True), (idle + dt.timedelta(seconds=30), False)):
            client = come_in(account)
            clock.shift(waits)
            assert still_in(client) is is_in, waits
        client, began = come_in(account), timezone.now()
        while timezone.now() - began < longest - idle:
            clock.shift(idle - dt.timedelta(seconds=30))
            assert still_in(client), timezone.now() - began
        clock.move_to(began + longest + dt.timedelta(seconds=30))
        assert not still_in(client)


@pytest.mark.check("R-09")
@pytest.mark.django_db
def test_invitations_tries_and_known_browsers_are_as_the_page_says() -> None:
    agency = an_agency()
    admin = a_person(agency, "organisation-administrator")
    page = come_in(admin).get("/system/").content.decode()
    lasts = dt.timedelta(minutes=number_of(page, "The link of an invitation is good for"))
    role = queries.roles().get(code="shelter")
    for more, is_good in ((dt.timedelta(seconds=-1), True), (dt.timedelta(seconds=1), False)):
        made, _word = actions.invite(acting(admin), agency=agency, role=role, name="Fay")
        assert policy.may_use(made, acting(admin, now=NOW + lasts + more)) is is_good
    client = Client()
    tries = int(number_of(page, "Tries of a passphrase in a minute"))
    told = [
        b"Too many tries" in types_passphrase(client, admin.sign_in_name, "wrong").content for _ in range(tries + 1)
    ]
    assert told == [False] * tries + [True]
    other = Client()
    types_passphrase(other, a_person(agency).sign_in_name)
    days = number_of(page, "A browser is known for")
    assert [morsel["max-age"] for name, morsel in other.cookies.items() if "known" in name] == [days * 24 * 3600]


@pytest.mark.check("R-09")
@pytest.mark.django_db
def test_what_was_done_is_kept_for_ever_as_the_page_says() -> None:
    page = come_in(a_person(an_agency())).get("/system/").content.decode()
    assert "for ever; nobody deletes it" in page
    for ruin in (Entry.objects.all().delete, lambda: Entry.objects.update(purpose="other")):
        with pytest.raises(DatabaseError, match="LEDGER-003"), transaction.atomic():
            ruin()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/system/", "/system/cost/"])
def test_the_pages_answer_everybody_who_is_signed_in_and_nobody_else(client: Client, path: str) -> None:
    assert client.get(path).status_code == 302
    assert come_in(a_person(an_agency())).get(path).status_code == 200


def test_a_year_is_reckoned_from_the_figures(tmp_path: Path) -> None:
    laptop = costs.bills(costs.read_costs(tmp_path))[0]
    figures = {line.name: line.figures[1] for line in laptop.lines}
    assert figures["electricity"] == round(20 * 12 * 365 / 1000 * 4.3)
    assert figures["machine"] == 20_000 / 5
    assert figures["operator"] == 48 * 200
    assert laptop.total[1] == sum(figures.values())
    assert all(low <= middle <= high for bill in costs.bills(costs.read_costs(tmp_path)) for low, middle, high in
               [line.figures for line in bill.lines])  # fmt: skip


def test_the_operator_s_own_figures_take_the_place_of_ours(tmp_path: Path) -> None:
    (tmp_path / costs.NAME).write_text("[laptop]\nmachine = { middle = 10000 }\n")
    line = next(line for line in costs.bills(costs.read_costs(tmp_path))[0].lines if line.name == "machine")
    assert (line.figures[1], line.source) == (2000, costs.OWN)


@pytest.mark.parametrize(
    "text",
    ["[laptop", "[ghost]\nx = 1", "[laptop]\nghost = { low = 1 }", "[laptop]\nmachine = { low = -1 }",
     "[laptop]\nmachine = { low = nan }", "[laptop]\nmachine = { low = 'x' }", "laptop = 3"],
)  # fmt: skip
def test_a_file_that_cannot_be_right_is_refused_in_a_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / costs.NAME).write_text(text)
    with pytest.raises(BadFile, match="POLICY-014"):
        costs.read_costs(tmp_path)


def test_every_kind_of_record_has_words_in_the_language_of_the_page() -> None:
    assert {rule.kind for rule in rules.tables()} <= KINDS.keys()
    with translation.override("th"):
        assert all(kind_words(kind) != kind for kind in KINDS)


def test_every_source_of_our_own_figures_is_told_in_thai_too() -> None:
    found = read_reference(costs.NAME)
    ours = {source for bill in costs.bills(found) for line in bill.lines for source in line.sources}
    assert ours | {costs.OWN} <= found["sources_th"].keys()
