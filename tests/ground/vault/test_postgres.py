"""Backups of PostgreSQL: behind the second wall no row is missed, and nothing is switched before all is proved."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import dj_database_url
import psycopg
import pytest
from psycopg import sql

from ground.vault.test_backups import NOW, fits
from makers.canary import markers, seen_in
from makers.counted import Counted
from methods.sealing.making import some_keys
from sarana.basics.errors import BadFile, NotYet, Refused
from sarana.ground.vault import clusters, postgres
from sarana.ground.vault.backups import drill, make_backup, restore
from sarana.ground.vault.clusters import Address
from sarana.ground.vault.databases import Shown
from sarana.ground.vault.journal import read_standing
from sarana.ground.vault.postgres import PostgresDatabase
from sarana.ground.walls.guards import BACKING_UP

URL = os.environ.get("DATABASE_URL", "")
pytestmark = pytest.mark.skipif("postgres" not in URL, reason="needs DATABASE_URL of a PostgreSQL")

KEYS = some_keys()
WORD = "a-word-of-the-trial"
SIGNS = "a/b c"
TABLES = f"""
CREATE TABLE person (id serial PRIMARY KEY, name text);
CREATE TABLE walled (id integer PRIMARY KEY, agency text);
INSERT INTO walled VALUES (1, 'ours'), (2, 'theirs');
ALTER TABLE walled ENABLE ROW LEVEL SECURITY;
ALTER TABLE walled FORCE ROW LEVEL SECURITY;
CREATE POLICY wall_select ON walled FOR SELECT
USING (agency = current_setting('sarana.agency', true) OR current_setting('sarana.task', true) IN ('{BACKING_UP}'));
"""


@pytest.fixture
def base(monkeypatch: pytest.MonkeyPatch) -> Iterator[PostgresDatabase]:
    """A database of its own behind a wall, the role of its owner, and one for the web that may make no database.

    What backups are opened into is named for this test alone: others drill on the same server meanwhile.
    """
    opened = f"vault_opened_{uuid4().hex[:8]}_"
    for module in (clusters, postgres):
        monkeypatch.setattr(module, "TRIAL", opened)
    name, web = f"vault_trial_{uuid4().hex[:8]}", f"vault_web_{uuid4().hex[:8]}"
    owner = Address.of_django(dj_database_url.parse(URL))
    with psycopg.connect(URL, autocommit=True) as landlord:
        landlord.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(web), WORD))
        landlord.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        found = PostgresDatabase(replace(owner, user=web, password=WORD, name=name), owner.of(name))
        with psycopg.connect(**found.owner.means()) as made:
            made.execute(TABLES.encode())
            made.cursor().executemany("INSERT INTO person (name) VALUES (%s)", [(mark,) for mark in markers()])
            made.execute(sql.SQL("GRANT SELECT ON ALL TABLES IN SCHEMA public TO {}").format(sql.Identifier(web)))
            made.execute(sql.SQL("GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO {}").format(sql.Identifier(web)))
        yield found
        for (each,) in landlord.execute("SELECT datname FROM pg_database WHERE datname ~ %s", [name]).fetchall():
            landlord.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(each)))
        landlord.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(web)))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home/anchors").mkdir(parents=True)
    (tmp_path / "home/anchors/heads.jsonl").write_text('{"number": 1}\n')
    return tmp_path / "home"


def backup(base: PostgresDatabase, home: Path) -> Path:
    return Path(make_backup(home, home.parent / "out", KEYS.file, now=NOW, database=base).where)


def databases(base: PostgresDatabase) -> list[str]:
    """The databases that a backup was opened into, and those of this trial."""
    with psycopg.connect(**base.owner.of_the_server().means()) as server:
        found = server.execute(
            "SELECT datname FROM pg_database WHERE datname ~ %s OR datname ~ %s ORDER BY datname",
            [base.owner.name, f"^{clusters.TRIAL}"],
        ).fetchall()
    return [str(name) for (name,) in found]


def names(address: Address) -> list[str]:
    with psycopg.connect(**address.means()) as reading:
        return [name for (name,) in reading.execute("SELECT name FROM person ORDER BY id").fetchall()]


def change(base: PostgresDatabase, statement: str) -> None:
    with psycopg.connect(**base.owner.means()) as writing:
        writing.execute(statement.encode())


@pytest.mark.check("D-09")
@pytest.mark.check("D-10")
def test_d_10_all_rows_behind_the_wall_come_back_and_the_database_that_was_there_is_kept(
    base: PostgresDatabase, home: Path, counted: Counted
) -> None:
    file = backup(base, home)
    counted("markers", 200, exact=True)
    assert seen_in(home, markers()) == seen_in(home.parent / "out", markers()) == {}
    change(base, "DELETE FROM person; DROP TABLE walled")
    seen: list[Shown] = []
    found, _ = drill(file, KEYS, home, seen.append, now=NOW, database=base)
    assert found.counts == {"person": 200, "walled": 2}
    assert seen[0].environment["DATABASE_URL"].split("/")[-1].startswith(clusters.TRIAL)
    assert names(base.owner) == []
    assert databases(base) == [base.owner.name]
    found, kept = restore(file, KEYS, home, now=NOW, database=base)
    assert names(base.owner) == list(markers())
    before = base.owner.of(kept.split(" ")[0])
    assert names(before) == []
    assert databases(base) == [base.owner.name, before.name]
    with psycopg.connect(**base.owner.means()) as reading:
        assert reading.execute("SELECT count(*) FROM walled").fetchone() == (0,), "the wall came back too"
        assert reading.execute("SELECT nextval('person_id_seq')").fetchone() == (201,)
    assert [tried.code for tried in read_standing(home).tried] == ["", ""]


def test_an_empty_server_takes_a_backup(base: PostgresDatabase, home: Path) -> None:
    file = backup(base, home)
    with psycopg.connect(**base.owner.of_the_server().means(), autocommit=True) as server:
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(base.owner.name)))
    assert restore(file, KEYS, home, now=NOW, database=base)[1] == ""
    assert names(base.owner) == list(markers())


def test_a_wall_that_would_hide_rows_makes_no_backup(base: PostgresDatabase, home: Path) -> None:
    change(base, "DROP POLICY wall_select ON walled; CREATE POLICY wall_select ON walled FOR SELECT USING (false)")
    with pytest.raises(NotYet, match="VAULT-034 walled"):
        backup(base, home)
    assert [made.code for made in read_standing(home).made] == ["VAULT-034"]
    assert [*(home.parent / "out").iterdir()] == []


def test_what_the_role_may_not_read_makes_no_backup(base: PostgresDatabase, home: Path) -> None:
    change(base, "CREATE TABLE hidden (id integer)")
    with pytest.raises(BadFile, match="VAULT-024"):
        backup(base, home)
    assert [*(home.parent / "out").iterdir()] == []


@pytest.mark.check("D-12")
def test_d_12_what_is_harmed_or_of_others_is_found_before_anything_is_switched(
    base: PostgresDatabase, home: Path
) -> None:
    file = backup(base, home)
    data = file.read_bytes()
    harmed = home.parent / "harmed.backup"
    for broken in (data[: len(data) // 2], data[:-1], data[:-40] + bytes([data[-40] ^ 1]) + data[-39:]):
        harmed.write_bytes(broken)
        with pytest.raises(Refused, match=r"VAULT-001 harmed\.backup"):
            restore(harmed, KEYS, home, now=NOW, database=base)
    with pytest.raises(BadFile, match="VAULT-035"):
        restore(file, KEYS, home, now=NOW)
    with pytest.raises(BadFile, match="VAULT-023"):
        drill(file, some_keys(), home, fits, now=NOW, database=base)
    assert databases(base) == [base.owner.name]
    assert names(base.owner) == list(markers())


@pytest.mark.check("F-07")
def test_f_07_nothing_is_switched_while_somebody_works_or_where_it_is_cut_in_between(
    base: PostgresDatabase, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = backup(base, home)
    change(base, "DELETE FROM person WHERE id > 1")
    with (
        psycopg.connect(**base.web.means()),
        pytest.raises(NotYet, match="VAULT-025"),
    ):
        restore(file, KEYS, home, now=NOW, database=base)
    rename = postgres._rename

    def cut(before: str, after: str) -> sql.Composed:
        if before.startswith(clusters.TRIAL):
            raise KeyboardInterrupt
        return rename(before, after)

    monkeypatch.setattr(postgres, "_rename", cut)
    with pytest.raises(KeyboardInterrupt):
        restore(file, KEYS, home, now=NOW, database=base)
    assert databases(base) == [base.owner.name]
    assert names(base.owner) == list(markers())[:1]


@pytest.mark.check("F-18")
def test_the_role_of_the_web_may_not_open_a_backup_and_a_missing_program_is_named(
    base: PostgresDatabase, home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, counted: Counted
) -> None:
    file = backup(base, home)
    with pytest.raises(NotYet, match="VAULT-033"):
        drill(file, KEYS, home, fits, now=NOW, database=PostgresDatabase(base.web, base.web))
    with pytest.raises(BadFile, match="VAULT-024"):
        make_backup(
            home,
            tmp_path / "out",
            KEYS.file,
            now=NOW,
            database=PostgresDatabase(replace(base.web, port="1"), base.owner),
        )
    monkeypatch.setattr(clusters, "PROGRAMS", tmp_path / "none")
    monkeypatch.setattr(clusters.shutil, "which", lambda _name: None)
    for again in (lambda: backup(base, home), lambda: drill(file, KEYS, home, fits, now=NOW, database=base)):
        with pytest.raises(NotYet, match=r"VAULT-021 pg_.*apt-get install postgresql-client"):
            again()
    counted("parts taken away", 3, exact=True)


def test_what_a_killed_drill_left_goes_with_the_next_and_what_somebody_holds_stays(
    base: PostgresDatabase, home: Path
) -> None:
    file = backup(base, home)
    left, held = f"{clusters.TRIAL}20260101000000_0badcafe", f"{clusters.TRIAL}20260101000001_0badcafe"
    with psycopg.connect(**base.owner.of_the_server().means(), autocommit=True) as server:
        for name in (left, held):
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        server.execute("SELECT pg_advisory_lock(hashtext(%s))", [held])
        try:
            drill(file, KEYS, home, fits, now=NOW, database=base)
            assert databases(base) == [held, base.owner.name]
        finally:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(held)))


def test_an_address_is_said_in_every_way_without_its_password_in_sight() -> None:
    told = dj_database_url.parse("postgres://web:a%2Fb%20c@db.example:5433/sarana?sslmode=require")
    address = Address.of_django(told)
    assert SIGNS not in repr(address)
    assert address.means()["password"] == address.environment()["PGPASSWORD"] == SIGNS
    assert address.environment()["PGSSLMODE"] == "require"
    assert Address.of_django(dj_database_url.parse(address.url())) == address
    assert "DATABASE_URL" not in address.environment()
