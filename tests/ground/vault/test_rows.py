"""What was done about backups, in tables and ledger: each act once, also after the database was brought back."""

import datetime as dt
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection

from makers.agencies import NOW, a_person, acting, an_agency, local
from sarana.basics.actors import Actor
from sarana.basics.errors import Refused
from sarana.ground.ledger.models import Entry
from sarana.ground.vault import actions, policy, queries
from sarana.ground.vault.journal import Made, Tried, alone, remember
from sarana.ground.vault.models import Backup, Drill

pytestmark = pytest.mark.django_db

LATER = NOW + dt.timedelta(hours=1)
MADE = Made(str(uuid4()), "/disk/a.backup", NOW, 9_000, 20, "ab" * 32, "House, epoch 1", "first lock")
FAILED = Made(str(uuid4()), "/disk", LATER, code="VAULT-024")
DRILLED = Tried(str(uuid4()), LATER, "a.backup", backup=MADE.id, n_rows=20)
RESTORED = Tried(str(uuid4()), LATER, "a.backup", backup=MADE.id, n_rows=20, is_restore=True)
LATEST = Tried(str(uuid4()), LATER + dt.timedelta(days=1), "a.backup", backup=MADE.id, n_rows=20)
UNREAD = Tried(str(uuid4()), LATER, "b.backup", code="VAULT-022")


def someone(role: str, *, is_strong: bool = True) -> Actor:
    return acting(a_person(an_agency(), role), is_strong=is_strong)


def lines() -> list[tuple[str, str, str]]:
    rows = Entry.objects.filter(action__startswith="vault.").order_by("id")
    return [(row.action, row.result, row.code) for row in rows]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder whose journal tells of five acts."""
    with alone(tmp_path):
        for made in (MADE, FAILED):
            remember(tmp_path, made=made)
        for tried in (DRILLED, RESTORED, UNREAD):
            remember(tmp_path, tried=tried)
    return tmp_path


def test_each_act_is_one_row_and_one_line_however_often_it_is_caught_up_with(home: Path) -> None:
    assert actions.catch_up(local(), home) == 5
    told = lines()
    assert told[0] == ("vault.backed-up", "done", "")
    assert sorted(told[1:]) == [
        ("vault.backed-up", "failed", "VAULT-024"),
        ("vault.drilled", "done", ""),
        ("vault.drilled", "failed", "VAULT-022"),
        ("vault.restored", "done", ""),
    ]
    assert actions.catch_up(local(), home) == 0
    assert lines() == told
    with alone(home):
        remember(home, tried=LATEST)
    assert actions.catch_up(local(), home) == 1
    backup = queries.backups_for(local()).last()
    assert backup is not None
    assert (backup.where, backup.n_bytes, backup.opens_with) == ("/disk/a.backup", 9_000, "first lock")
    assert [drill.is_restore for drill in queries.drills_for(local()).filter(backup_ref=backup.ref)] == [
        False,
        True,
        False,
    ]


def test_an_operator_writes_in_her_own_name(home: Path) -> None:
    operator = someone("system-operator")
    actions.note_backup(operator, MADE)
    assert Entry.objects.get(action="vault.backed-up").actor_ref == operator.account_ref
    assert actions.catch_up(local(), home) == 4


@pytest.mark.parametrize(
    ("role", "sees", "makes"),
    [
        ("system-operator", True, True),
        ("data-protection-officer", True, False),
        ("organisation-administrator", False, False),
        ("case-worker", False, False),
    ],
)
def test_the_operator_makes_the_officer_sees_and_nobody_else(role: str, *, sees: bool, makes: bool) -> None:
    actions.note_backup(local(), MADE)
    actions.note_drill(local(), DRILLED)
    for is_strong in (True, False):
        actor = someone(role, is_strong=is_strong)
        assert policy.may_see(actor) is (sees and is_strong)
        assert queries.backups_for(actor).exists() is queries.drills_for(actor).exists() is (sees and is_strong)
        assert policy.may_make(actor) is (makes and is_strong)
        if not (sees and is_strong):
            with pytest.raises(Refused, match="VAULT-028"):
                policy.check_may_see(actor)
        if not (makes and is_strong):
            with pytest.raises(Refused, match="VAULT-029"):
                actions.note_backup(actor, FAILED)
            with pytest.raises(Refused, match="VAULT-029"):
                actions.note_drill(actor, RESTORED)
    assert (Backup.objects.count(), Drill.objects.count()) == (1, 1)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no second wall")
def test_what_was_written_is_neither_changed_nor_deleted() -> None:
    actions.note_backup(local(), MADE)
    assert Backup.objects.update(sealed_to="another") == 0
    assert Backup.objects.all().delete()[0] == 0
    assert Backup.objects.get().sealed_to == MADE.sealed_to
