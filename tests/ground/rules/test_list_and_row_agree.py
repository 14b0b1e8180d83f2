"""A list and a single row cannot disagree: `openable` finds exactly the rows that `decide` would open, one by one."""

import datetime as dt
import os
from dataclasses import dataclass, field
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ground.rules.trial.models import Person, Row
from sarana.basics.actors import NOBODY, Actor, Grant
from sarana.basics.policy import Access, Level, Reach, Rule, Thing, decide
from sarana.ground.rules import Paths, openable

pytestmark = pytest.mark.django_db

SCALE = float(os.environ.get("SARANA_TEST_SCALE", "0.1"))
EXAMPLES = max(60, int(3000 * SCALE))

NOW = dt.datetime(2026, 11, 29, 9, 0, tzinfo=dt.UTC)
PATHS = Paths("agency_ref", "agency_path", "area", "level", "owner_ref", "assigned__ref")
ROLES = ("worker", "head", "officer")
KINDS = ("letter", "key")
PURPOSES = ("", "help", "court")
TOP, LEFT, RIGHT, DEEP, ALONE = (UUID(int=n) for n in range(101, 106))
CHAINS = {
    TOP: f"/{TOP.hex}/",
    LEFT: f"/{TOP.hex}/{LEFT.hex}/",
    RIGHT: f"/{TOP.hex}/{RIGHT.hex}/",
    DEEP: f"/{TOP.hex}/{LEFT.hex}/{DEEP.hex}/",
    ALONE: f"/{ALONE.hex}/",
}
BROKEN_CHAINS = ("", "/", "%", "_", "*", f"/{TOP.hex}", TOP.hex)
AREAS = ("", "T", "TH", "TH5", "TH50", "th50", "TH5001", "TL01", "%", "T_50", "TH*", "[T]H", "TH50\\", "ไทย")
PEOPLE = tuple(UUID(int=n) for n in (NOBODY.int, 1, 2, 3))

agencies = st.sampled_from(tuple(CHAINS))
chains = st.sampled_from((*CHAINS.values(), *BROKEN_CHAINS))


@st.composite
def grants(draw: st.DrawFn) -> Grant:
    agency = draw(agencies)
    chain = draw(chains) if draw(st.integers(0, 4)) == 0 else CHAINS[agency]
    return Grant(draw(st.sampled_from(ROLES)), agency, chain, tuple(draw(st.lists(st.sampled_from(AREAS), max_size=2))))


actors = st.builds(
    Actor,
    st.sampled_from(PEOPLE),
    st.just(NOW),
    st.lists(grants(), max_size=3).map(tuple),
    purpose=st.sampled_from(PURPOSES),
    is_strong=st.booleans(),
    is_local=st.integers(0, 9).map(lambda n: n == 0),
)


@st.composite
def table_rows(draw: st.DrawFn) -> Rule:
    reach = draw(st.sampled_from(Reach))
    lonely = reach in (Reach.AGENCY, Reach.BELOW, Reach.AREA)
    return Rule(
        draw(st.sampled_from(KINDS)),
        draw(st.frozensets(st.sampled_from(ROLES), min_size=1 if lonely else 0)),
        reach,
        draw(st.sampled_from([access for access in Access if access])),
        draw(st.frozensets(st.sampled_from(Level), min_size=1)),
        draw(st.frozensets(st.sampled_from(PURPOSES[1:]))),
        needs_strong=draw(st.booleans()),
    )


@dataclass(frozen=True)
class Kept:
    """A row as it is stored, told apart from the value that `decide` is asked about."""

    agency: UUID | None
    chain: str
    area: str
    level: str
    owner: UUID | None
    given: frozenset[UUID] = field(default_factory=frozenset)


@st.composite
def kept_rows(draw: st.DrawFn) -> Kept:
    agency = draw(st.none() | agencies)
    chain = draw(chains) if draw(st.integers(0, 4)) == 0 else CHAINS.get(agency, "")
    return Kept(
        agency,
        chain,
        draw(st.sampled_from(AREAS)),
        draw(st.sampled_from(Level)).value,
        draw(st.none() | st.sampled_from(PEOPLE)),
        draw(st.frozensets(st.sampled_from(PEOPLE), max_size=2)),
    )


def store(rows: list[Kept]) -> dict[int, Kept]:
    """Write rows afresh; gives each by its number."""
    Row.objects.all().delete()
    people = {ref: Person.objects.get_or_create(ref=ref)[0] for ref in PEOPLE}
    found = {}
    for row in rows:
        stored = Row.objects.create(
            agency_ref=row.agency, agency_path=row.chain, area=row.area, level=row.level, owner_ref=row.owner
        )
        stored.assigned.set([people[ref] for ref in row.given])
        found[stored.pk] = row
    return found


def thing(row: Kept, kind: str) -> Thing:
    return Thing(kind, row.agency, row.chain, row.area, Level(row.level), row.owner, row.given)


@pytest.mark.check("A-19")
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(table_rows(), max_size=4), st.lists(actors, min_size=1, max_size=4), st.lists(kept_rows(), max_size=6))
def test_the_query_opens_what_decide_opens(table: list[Rule], some: list[Actor], rows: list[Kept]) -> None:
    stored = store(rows)
    for actor in some:
        for kind in KINDS:
            for least in (Access.MASKED, Access.OPEN, Access.CHANGE):
                query = Row.objects.filter(openable(table, actor, kind, PATHS, at_least=least))
                listed = set(query.values_list("pk", flat=True))
                opened = {pk for pk, row in stored.items() if decide(table, actor, thing(row, kind)).access >= least}
                assert listed == opened, (actor, kind, least)


@pytest.mark.parametrize("reach", Reach)
@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("strong", [True, False])
def test_every_reach_level_and_strength_agree_on_every_row(reach: Reach, level: Level, strong: bool) -> None:
    """The same comparison without chance: each reach at each level, asked with and without strength and purpose."""
    stored = store(
        [
            Kept(agency, chain, area, level.value, PEOPLE[1], frozenset({PEOPLE[1], PEOPLE[2]}))
            for agency, chain in CHAINS.items()
            for area in ("TH50", "TH5001", "th50", "TL01")
        ]
    )
    me = Actor(PEOPLE[1], NOW, (Grant("worker", LEFT, CHAINS[LEFT], ("TH50",)),), purpose="help", is_strong=strong)
    n_opened = 0
    for levels in (frozenset({level}), frozenset(Level) - {level}, frozenset(Level)):
        for purposes in (frozenset(), frozenset({"help"}), frozenset({"court"})):
            for access in (Access.MASKED, Access.OPEN, Access.CHANGE):
                for needs in (True, False):
                    table = [Rule("letter", frozenset({"worker"}), reach, access, levels, purposes, needs_strong=needs)]
                    listed = Row.objects.filter(openable(table, me, "letter", PATHS)).values_list("pk", flat=True)
                    opened = {pk for pk, row in stored.items() if decide(table, me, thing(row, "letter")).access}
                    assert set(listed) == opened
                    n_opened += len(opened)
    assert n_opened, "nothing was opened, so nothing was proved"


def test_a_level_that_nobody_knows_is_opened_by_none() -> None:
    store([Kept(LEFT, CHAINS[LEFT], "", "strange", None)])
    me = Actor(PEOPLE[1], NOW, (Grant("worker", LEFT, CHAINS[LEFT]),), is_strong=True)
    table = [Rule("letter", frozenset({"worker"}), reach, Access.OPEN) for reach in (Reach.AGENCY, Reach.EVERYWHERE)]
    assert not Row.objects.filter(openable(table, me, "letter", PATHS)).exists()


def test_a_model_that_has_no_such_column_is_reached_by_no_row_but_everywhere() -> None:
    store([Kept(LEFT, CHAINS[LEFT], "TH50", "open", PEOPLE[1], frozenset({PEOPLE[1]}))])
    me = Actor(PEOPLE[1], NOW, (Grant("worker", LEFT, CHAINS[LEFT], ("TH50",)),), is_strong=True)
    opened = {
        reach: Row.objects.filter(
            openable([Rule("letter", frozenset({"worker"}), reach, Access.OPEN)], me, "letter", Paths())
        ).exists()
        for reach in Reach
    }
    assert opened == {reach: reach is Reach.EVERYWHERE for reach in Reach}


@pytest.mark.parametrize(("levels", "opened"), [({Level.OPEN}, True), ({Level.AUDITED, Level.CLOSED}, False)])
def test_a_model_without_levels_is_open_throughout(levels: set[Level], opened: bool) -> None:
    store([Kept(LEFT, CHAINS[LEFT], "", "closed", None)])
    me = Actor(PEOPLE[1], NOW, (Grant("worker", LEFT, CHAINS[LEFT]),), is_strong=True)
    table = [Rule("letter", frozenset({"worker"}), Reach.AGENCY, Access.OPEN, frozenset(levels))]
    assert Row.objects.filter(openable(table, me, "letter", Paths(agency="agency_ref"))).exists() is opened


def test_an_empty_table_opens_nothing() -> None:
    store([Kept(LEFT, CHAINS[LEFT], "", "open", PEOPLE[1])])
    assert not Row.objects.filter(openable([], Actor(PEOPLE[1], NOW, is_strong=True), "letter", PATHS)).exists()
