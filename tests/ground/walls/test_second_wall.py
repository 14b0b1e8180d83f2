"""PostgreSQL's own wall: with every filter of ours left out, nothing of another agency comes through (A-13)."""

from contextlib import suppress

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Q

from makers.agencies import NOW, PASSPHRASE, a_person, acting, an_agency, local
from makers.sittings import come_in
from sarana.basics.errors import NotYet
from sarana.ground.accounts import actions, policy, queries
from sarana.ground.accounts.models import Account, Agency, Invitation, Membership, Role
from sarana.ground.ledger.actions import record
from sarana.ground.ledger.models import Entry
from sarana.ground.walls import guards, postgres
from sarana.ground.walls.identities import EVERY

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="row-level security is PostgreSQL's"),
]

ADMIN, OFFICER = "organisation-administrator", "data-protection-officer"


@pytest.fixture
def two() -> tuple[Agency, Agency]:
    """Two agencies with an administrator, an officer, an invitation and entries each."""
    pair = (an_agency("Ours"), an_agency("Theirs"))
    for agency in pair:
        admin, _ = a_person(agency, ADMIN, name="Ada"), a_person(agency, OFFICER, name="Dee")
        actions.invite(acting(admin), agency=agency, role=Role.objects.get(code="case-worker"), name="Newcomer")
    return pair


def person(agency: Agency, role: str) -> Account:
    return Account.objects.get(memberships__agency=agency, memberships__role__code=role)


def inside(account: Account, agency: Agency) -> None:
    """Say for whom the database works, as the middleware does."""
    actor = queries.actor_of(account, NOW, is_strong=True)
    postgres.let_in(actor)


@pytest.mark.check("C-12")
def test_the_tests_work_as_a_role_that_cannot_pass_by() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == ("sarana_tests", False, False, False)
    assert postgres.loopholes() == []


@pytest.mark.check("A-13")
def test_a_missing_setting_lets_no_row_through(two: tuple[Agency, Agency]) -> None:
    assert two
    with postgres.standing():
        assert [model.objects.count() for model in (Membership, Invitation, Entry)] == [0, 0, 0]


@pytest.mark.check("A-13")
@pytest.mark.parametrize("role", [ADMIN, OFFICER])
def test_without_any_filter_there_is_no_row_of_another_agency(two: tuple[Agency, Agency], role: str) -> None:
    ours, theirs = two
    account = person(ours, role)
    with postgres.standing(task=guards.SIGN_IN):
        inside(account, ours)
        for rows in (Membership.objects.all(), Invitation.objects.all()):
            assert rows.filter(agency=ours).exists()
            assert not rows.filter(agency=theirs).exists()
        entries = Entry.objects.values_list("actor_ref", "agency_ref", "owner_agency_ref")
        assert entries
        assert all(account.ref == who or ours.ref in (acted, owner) for who, acted, owner in entries)


@pytest.mark.check("A-13")
def test_a_door_whose_rule_was_left_out_still_shows_nothing_foreign(
    two: tuple[Agency, Agency], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutant: the policy opens everything; the doors and pages still give nothing of the other agency."""
    ours, _theirs = two
    for name in ("openable_memberships", "openable_invitations"):
        monkeypatch.setattr(policy, name, lambda _actor: Q())
    account = person(ours, ADMIN)
    with postgres.standing(task=guards.SIGN_IN):
        inside(account, ours)
        actor = acting(account)
        assert {row.agency for row in queries.memberships_for(actor)} == {ours}
        assert {row.agency for row in queries.invitations_for(actor)} == {ours}


def test_an_agency_below_is_seen_from_above_and_not_the_other_way(two: tuple[Agency, Agency]) -> None:
    above, _ = two
    below = an_agency("Below", parent=above)
    a_person(below, ADMIN, name="Bea")
    for account, here, seen in ((person(above, ADMIN), above, {above, below}), (person(below, ADMIN), below, {below})):
        with postgres.standing(task=guards.SIGN_IN):
            inside(account, here)
            assert {row.agency for row in Membership.objects.select_related("agency")} == seen


@pytest.mark.parametrize("task", [guards.SIGN_IN, ""])
def test_a_stranger_gives_herself_nothing(two: tuple[Agency, Agency], task: str) -> None:
    ours, _ = two
    account, role = person(ours, ADMIN), Role.objects.get(code="supervisor")
    with (
        postgres.standing(task=task),
        pytest.raises(DatabaseError, match="row-level security"),
        transaction.atomic(),
    ):
        Membership.objects.create(
            account=account, agency=ours, role=role, starts_on=NOW.date(), given_by_ref=account.ref
        )


def test_nobody_gives_herself_a_role_or_writes_in_another_s_name(two: tuple[Agency, Agency]) -> None:
    ours, theirs = two
    admin, officer = person(ours, ADMIN), person(ours, OFFICER)
    role = Role.objects.get(code="supervisor")
    with postgres.standing(task=guards.SIGN_IN):
        inside(admin, ours)
        for account, agency in ((admin, ours), (officer, theirs)):
            with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
                Membership.objects.create(
                    account=account, agency=agency, role=role, starts_on=NOW.date(), given_by_ref=admin.ref
                )
        with pytest.raises(NotYet, match="LEDGER-002"), transaction.atomic():
            record(acting(officer), "accounts.role-given")
        record(acting(admin), "accounts.role-given")


def test_an_entry_is_neither_changed_nor_deleted_by_anybody(two: tuple[Agency, Agency]) -> None:
    assert two
    for task in ("", *guards.TASKS):
        with postgres.standing(task=task):
            for statement in ("UPDATE ledger_entry SET code = 'x'", "DELETE FROM ledger_entry"):
                with suppress(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(statement)
                    assert cursor.rowcount == 0
    assert Entry.objects.filter(code="").count() == Entry.objects.count() > 0


def test_somebody_who_comes_by_an_invitation_gets_what_it_holds(two: tuple[Agency, Agency]) -> None:
    ours, _ = two
    invitation, _word = actions.invite(
        acting(person(ours, ADMIN)), agency=ours, role=Role.objects.get(code="supervisor"), name="Nan"
    )
    with postgres.standing(task=guards.SIGN_IN):
        account = actions.accept_invitation(
            local(),
            invitation,
            sign_in_name="nan-of-ours",
            name="Nan",
            passphrase=PASSPHRASE,
            language="th",
        )
    assert acting(account).roles == {"supervisor"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.check("A-13")
def test_a_connection_that_goes_back_to_the_pool_carries_nothing_over() -> None:
    ours = an_agency("Ours")
    admin = a_person(ours, ADMIN)
    client = come_in(admin)
    with connection.cursor() as cursor:
        cursor.execute("SET sarana.task = ''")
    assert client.get("/settings/").status_code == 200
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT " + ", ".join(f"coalesce(current_setting('sarana.{name}', true), '')" for name in postgres.NAMES)
        )
        assert set(cursor.fetchone() or ()) == {""}
    assert Membership.objects.count() == 0
    with connection.cursor() as cursor:
        cursor.execute("RESET sarana.task")
    assert Membership.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_request_that_breaks_down_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    agency = an_agency("Ours")
    admin = a_person(agency, ADMIN)
    client = come_in(admin)

    def break_down(actor: object) -> None:
        record(acting(admin), "accounts.role-given")
        raise RuntimeError(actor)

    before = Entry.objects.count()
    monkeypatch.setattr(queries, "memberships_for", break_down)
    assert client.get("/settings/").status_code == 500
    left = Entry.objects.order_by("id")[before:]
    assert [entry.result for entry in left] == ["failed"], "only the line that says so stands"


def test_the_wall_stands_as_the_code_says() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename, cmd FROM pg_policies WHERE policyname LIKE 'wall_%'")
        assert sorted(cursor.fetchall()) == sorted(postgres.expected())


def test_every_table_that_belongs_to_an_agency_or_a_person_is_guarded() -> None:
    """A new table with an agency or an account in it has to be guarded, or named here with its reason."""
    open_tables = {"account_emailaddress": "holds no row: no e-mail is kept"}
    columns = ("agency_id", "account_id", "user_id", "agency_ref", "owner_agency_ref", "actor_ref")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT table_name FROM information_schema.columns WHERE table_schema = 'public' "
            "AND column_name = ANY (%s)",
            [list(columns)],
        )
        found = {name for (name,) in cursor.fetchall() if not name.startswith("trial_")}
    assert found - {guard.table for guard in EVERY} - set(open_tables) == set()
