"""The policy table by truth tables: what each part of a row does, and what no row may say."""

import datetime as dt
from uuid import UUID

import pytest

from sarana.basics.actors import NOBODY, Actor, Grant
from sarana.basics.policy import ANYBODY, Access, Level, Reach, Rule, Thing, applicable, decide

NOW = dt.datetime(2026, 11, 29, 9, 0, tzinfo=dt.UTC)
ALICE, BOB = UUID(int=1), UUID(int=2)
TOP, OURS, UNDER, THEIRS = (UUID(int=n) for n in range(11, 15))
PATH = f"/{TOP.hex}/{OURS.hex}/"
WORKER = frozenset({"worker"})

alice = Actor(ALICE, NOW, (Grant("worker", OURS, PATH, ("TH50",)),), purpose="help", is_strong=True)
ours = Thing("letter", OURS, PATH)
theirs = Thing("letter", THEIRS, f"/{THEIRS.hex}/", "TL01", owner_ref=BOB, assigned_refs=frozenset({BOB}))


def rule(reach: Reach = Reach.AGENCY, access: Access = Access.OPEN, **more: object) -> Rule:
    return Rule("letter", WORKER, reach, access, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("reach", "near"),
    [
        (Reach.SELF, Thing("letter", THEIRS, owner_ref=ALICE)),
        (Reach.ASSIGNED, Thing("letter", THEIRS, assigned_refs=frozenset({BOB, ALICE}))),
        (Reach.AGENCY, ours),
        (Reach.BELOW, ours),
        (Reach.BELOW, Thing("letter", UNDER, f"{PATH}{UNDER.hex}/")),
        (Reach.AREA, Thing("letter", THEIRS, area="TH50")),
        (Reach.AREA, Thing("letter", THEIRS, area="TH5001")),
        (Reach.EVERYWHERE, theirs),
    ],
)
def test_a_row_reaches_what_stands_so_and_nothing_else(reach: Reach, near: Thing) -> None:
    allowed = decide([rule(reach)], alice, near)
    assert allowed.access is Access.OPEN
    assert allowed.because == (rule(reach),)
    far = decide([rule(reach)], alice, theirs).access
    assert far is (Access.OPEN if reach is Reach.EVERYWHERE else Access.NOTHING)


@pytest.mark.parametrize(
    "far",
    [
        Thing("letter", TOP, f"/{TOP.hex}/"),
        Thing("letter", None, ""),
        Thing("letter", None, "/"),
        Thing("letter", THEIRS, f"/{TOP.hex}/{OURS.hex}"),
    ],
)
def test_below_does_not_reach_up_or_beside(far: Thing) -> None:
    assert decide([rule(Reach.BELOW)], alice, far).access is Access.NOTHING


@pytest.mark.parametrize("path", ["", "/", f"/{TOP.hex}/", f"/{OURS.hex}", f"{OURS.hex}/", f"x/{OURS.hex}/"])
def test_a_chain_that_is_not_whole_reaches_nothing_below(path: str) -> None:
    broken = Actor(ALICE, NOW, (Grant("worker", OURS, path),), is_strong=True)
    for where in ("", "/", path, f"/{TOP.hex}/{THEIRS.hex}/"):
        assert decide([rule(Reach.BELOW)], broken, Thing("letter", THEIRS, where)).access is Access.NOTHING


@pytest.mark.parametrize("area", ["", "T", "%", "*", "TH%", "TH*", "TH ", "ไทย", "7H"])
def test_an_area_that_is_no_code_is_no_mandate(area: str) -> None:
    vague = Actor(ALICE, NOW, (Grant("worker", OURS, PATH, (area,)),), is_strong=True)
    for where in ("", "T", "TH", "TH50", "TH ", area):
        assert decide([rule(Reach.AREA)], vague, Thing("letter", THEIRS, area=where)).access is Access.NOTHING


def test_a_thing_without_an_area_lies_in_no_mandate() -> None:
    assert decide([rule(Reach.AREA)], alice, Thing("letter", OURS, PATH)).access is Access.NOTHING


def test_a_role_in_one_agency_does_not_open_another() -> None:
    two = Actor(ALICE, NOW, (*alice.grants, Grant("guest", THEIRS, f"/{THEIRS.hex}/", ("TL01",))), is_strong=True)
    for reach in (Reach.AGENCY, Reach.BELOW, Reach.AREA):
        assert decide([rule(reach)], two, theirs).access is Access.NOTHING
    assert decide([Rule("letter", frozenset({"guest"}), Reach.AGENCY, Access.OPEN)], two, theirs).access is Access.OPEN


@pytest.mark.parametrize("level", Level)
def test_a_row_speaks_of_its_levels_only(level: Level) -> None:
    thing = Thing("letter", OURS, PATH, level=level)
    assert decide([rule(levels=frozenset({level}))], alice, thing).access is Access.OPEN
    assert decide([rule(levels=frozenset(Level) - {level})], alice, thing).access is Access.NOTHING


@pytest.mark.parametrize(
    ("asked", "stated", "access"),
    [
        ((), "", Access.OPEN),
        ((), "help", Access.OPEN),
        (("help",), "help", Access.OPEN),
        (("help",), "", Access.NOTHING),
        (("help",), "court", Access.NOTHING),
        (("help", "court"), "court", Access.OPEN),
    ],
)
def test_a_row_asks_for_its_purpose(asked: tuple[str, ...], stated: str, access: Access) -> None:
    actor = Actor(ALICE, NOW, alice.grants, purpose=stated, is_strong=True)
    assert decide([rule(purposes=frozenset(asked))], actor, ours).access is access


@pytest.mark.parametrize(
    ("needs", "strong", "access"), [(True, True, 2), (True, False, 0), (False, True, 2), (False, False, 2)]
)
def test_a_row_asks_for_a_second_factor_unless_it_says_otherwise(needs: bool, strong: bool, access: int) -> None:
    actor = Actor(ALICE, NOW, alice.grants, is_strong=strong)
    assert decide([rule(needs_strong=needs)], actor, ours).access == access
    assert rule().needs_strong


def test_the_furthest_row_counts_and_gives_the_reason() -> None:
    masked, opened, changed = (rule(access=access) for access in (Access.MASKED, Access.OPEN, Access.CHANGE))
    found = decide([masked, changed, opened], alice, ours)
    assert (found.access, found.because) == (Access.CHANGE, (changed,))
    assert decide([masked], alice, ours).access is Access.MASKED


def test_no_row_of_this_kind_or_role_means_nothing() -> None:
    for table in (
        [],
        [Rule("key", WORKER, Reach.AGENCY, Access.OPEN)],
        [Rule("letter", frozenset({"head"}), Reach.AGENCY, Access.OPEN)],
    ):
        found = decide(table, alice, ours)
        assert (found.access, found.because) == (Access.NOTHING, ())


def test_a_row_for_anybody_speaks_of_those_without_a_role() -> None:
    bare = Actor(BOB, NOW, is_strong=True)
    anybody = Rule("letter", ANYBODY, Reach.SELF, Access.OPEN)
    assert decide([anybody], bare, theirs).access is Access.OPEN
    assert decide([anybody], alice, theirs).access is Access.NOTHING


@pytest.mark.parametrize("actor", [Actor.local(NOW), Actor(NOBODY, NOW, alice.grants, is_strong=True)])
def test_no_row_speaks_of_the_machine(actor: Actor) -> None:
    """Its acts have an owner reference too (NOBODY), which must not make them everybody's own."""
    for reach in Reach:
        assert not applicable(rule(reach), actor)
        assert decide([rule(reach)], actor, Thing("letter", OURS, PATH, owner_ref=NOBODY)).access is Access.NOTHING


@pytest.mark.parametrize(
    "wrong",
    [
        {"roles": ANYBODY, "reach": Reach.AGENCY},
        {"roles": ANYBODY, "reach": Reach.BELOW},
        {"roles": ANYBODY, "reach": Reach.AREA},
        {"access": Access.NOTHING},
        {"levels": frozenset()},
        {"kind": ""},
        {"roles": "worker"},
        {"purposes": "help"},
    ],
)
def test_a_row_that_says_nothing_or_too_much_cannot_be_written(wrong: dict[str, object]) -> None:
    usual = {"kind": "letter", "roles": WORKER, "reach": Reach.AGENCY, "access": Access.OPEN}
    Rule(**usual)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="Rule"):
        Rule(**{**usual, **wrong})  # type: ignore[arg-type]
