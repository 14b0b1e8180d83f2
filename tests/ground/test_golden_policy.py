"""The whole policy, every question answered, equals the table that people reviewed (A-19), and keeps powers apart.

The table is `tests/ground/golden/policy.md`. It changes on purpose only: `./dev golden` writes it anew, and the change
is read before it is committed.
"""

import os
from pathlib import Path

import pytest

from sarana.basics import apart, matrix
from sarana.basics.policy import Access, Level, Reach, Rule
from sarana.ground import rules
from sarana.methods.reference import read_reference

GOLDEN = Path(__file__).parent / "golden" / "policy.md"
ROLES = tuple(read_reference("roles.toml"))

HEAD = """# Who may what: the reviewed table

Every question that can be put to the policy of the house, with its answer. Roles with the same answers share a line.
`./dev golden` writes this page; whoever changes it reads each line that changed and says why in the commit.

"""


def _questions(table: tuple[Rule, ...]) -> list[matrix.Case]:
    return [
        case
        for kind in matrix.kinds(table)
        for role in (*ROLES, matrix.NO_ROLE)
        for standing in matrix.Standing
        for case in matrix.cases(table, kind, role, standing)
    ]


def _page(table: tuple[Rule, ...]) -> str:
    n = len(_questions(table))
    return f"{HEAD}{n} questions, {len(ROLES)} roles.\n\n{matrix.markdown(table, ROLES)}\n"


@pytest.mark.check("A-19")
def test_every_answer_of_the_policy_is_the_reviewed_one() -> None:
    table = rules.tables()
    if os.environ.get("SARANA_GOLDEN") == "write":
        GOLDEN.write_text(_page(table), encoding="utf-8")
    assert GOLDEN.read_text(encoding="utf-8") == _page(table), "read the change; if it is meant, run ./dev golden"


@pytest.mark.check("A-19")
@pytest.mark.parametrize("number", range(len(rules.tables())))
def test_no_row_of_the_policy_can_go_unseen(number: int) -> None:
    """Leaving out any one row changes the reviewed table: every row says something of its own."""
    table = rules.tables()
    kind = table[number].kind
    assert matrix.rows(table[:number] + table[number + 1 :], kind, ROLES) != matrix.rows(table, kind, ROLES)


def test_the_page_shows_every_single_answer() -> None:
    """Two policies that differ in one answer differ on the page, whichever of all the answers it is."""
    plain = Rule("letter", frozenset({"worker"}), Reach.AGENCY, Access.OPEN)
    seen = set()
    for level in Level:
        for purpose in (frozenset[str](), frozenset({"help"})):
            for needs in (True, False):
                for access in (Access.MASKED, Access.OPEN, Access.CHANGE):
                    one = Rule(
                        *("letter", plain.roles, Reach.AGENCY, access, frozenset({level}), purpose), needs_strong=needs
                    )
                    seen.add(matrix.markdown((one, Rule(*("x", plain.roles, Reach.SELF, access))), ("worker",)))
    assert len(seen) == len(Level) * 2 * 2 * 3


def test_every_role_and_reach_in_the_policy_is_known() -> None:
    assert {role for rule in rules.tables() for role in rule.roles} <= set(ROLES)
    assert {rule.kind for rule in rules.tables()} >= {"agency", "account", "membership", "invitation", "entry"}


@pytest.mark.parametrize("role", ROLES)
def test_no_role_holds_powers_that_are_kept_apart(role: str) -> None:
    assert apart.clashes(rules.tables(), [role]) == []


@pytest.mark.parametrize(
    "role", [role for role, about in read_reference("roles.toml").items() if about["sees_persons"]]
)
def test_no_role_that_sees_persons_gives_access(role: str) -> None:
    assert not apart.has(rules.tables(), role, apart.GRANTS)


def test_one_hand_with_two_roles_is_seen_to_hold_what_is_kept_apart() -> None:
    table = rules.tables()
    both = ["organisation-administrator", "data-protection-officer"]
    assert apart.clashes(table, both) == [(apart.GRANTS, apart.READS_LEDGER)]
    carrying = (*table, Rule("identity-export", frozenset({"data-custodian"}), Reach.AGENCY, Access.OPEN))
    assert apart.clashes(carrying, ["organisation-administrator", "data-custodian"]) == [(apart.GRANTS, apart.EXPORTS)]
    assert apart.clashes(carrying, ["data-custodian", "data-protection-officer"]) == []
