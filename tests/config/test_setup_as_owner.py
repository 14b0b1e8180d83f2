"""`sarana setup` on PostgreSQL: the owner makes the tables, and the role of the web cannot change them."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg import sql

from sarana.basics.errors import NotYet
from sarana.config.web import owner
from sarana.ground.walls import postgres

URL = os.environ.get("DATABASE_URL", "")
only_postgresql = pytest.mark.skipif("postgres" not in URL, reason="needs DATABASE_URL of a PostgreSQL")
DATABASE, WEB, WORD = "sarana_setup_trial", "sarana_web_trial", "a-word-of-the-trial"


def _address(*, user: str = "", database: str = DATABASE) -> str:
    parts = urlsplit(URL)
    place = parts.netloc.rpartition("@")[2]
    who = f"{user}:{WORD}" if user else parts.netloc.rpartition("@")[0]
    return urlunsplit((parts.scheme, f"{who}@{place}", f"/{database}", parts.query, ""))


@pytest.fixture
def empty_database() -> Iterator[None]:
    """A database of its own with nothing in it, and a role for the web that owns nothing."""
    with psycopg.connect(URL, autocommit=True) as landlord:

        def away() -> None:
            landlord.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(DATABASE)))
            landlord.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(WEB)))

        away()
        landlord.execute(
            sql.SQL("CREATE ROLE {} LOGIN PASSWORD {} NOSUPERUSER NOBYPASSRLS").format(sql.Identifier(WEB), WORD)
        )
        landlord.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
        yield
        away()


def _setup(tmp_path: Path, owner: str, web: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "SARANA_HOME": str(tmp_path / "home"),
        "SARANA_KEYS": str(tmp_path / "keys"),
        "DATABASE_URL": web,
        "SARANA_OWNER": owner,
        "DJANGO_SETTINGS_MODULE": "sarana.config.web.settings",
    }
    program = Path(sys.executable).with_name("sarana")
    return subprocess.run([program, "setup"], env=environment, capture_output=True, text=True, check=False)


@only_postgresql
def test_the_web_works_in_tables_that_it_does_not_own(tmp_path: Path, empty_database: None) -> None:
    done = _setup(tmp_path, _address(), _address(user=WEB))
    assert done.returncode == 0, done.stderr
    assert "Take heed" not in done.stderr
    again = _setup(tmp_path, _address(), _address(user=WEB))
    assert again.returncode == 0, again.stderr
    with psycopg.connect(_address(user=WEB), autocommit=True) as web:
        assert web.execute("SELECT count(*) FROM accounts_role").fetchone() == (20,)
        assert web.execute("SELECT count(*) FROM ledger_entry").fetchone() == (0,)
        for statement in (
            "CREATE TABLE more (id integer)",
            "ALTER TABLE accounts_membership DISABLE ROW LEVEL SECURITY",
            "DROP POLICY wall_select ON accounts_membership",
            "TRUNCATE ledger_entry",
            "DELETE FROM django_migrations",
            "SET row_security = off; SELECT * FROM ledger_entry",
        ):
            with pytest.raises(psycopg.Error, match=r"permission denied|must be owner|row-level security"):
                web.execute(statement)
        web.execute("SET sarana.task = 'operator'")
        seen = web.execute("SELECT count(*) FROM ledger_entry").fetchone()
        assert seen is not None
        assert seen[0] > 0, "the operator sees what setting up wrote down"


@only_postgresql
def test_one_role_under_two_names_is_no_owner(tmp_path: Path, empty_database: None) -> None:
    done = _setup(tmp_path, _address(), _address())
    assert done.returncode != 0
    assert "POLICY-003" in done.stderr


@only_postgresql
def test_a_web_that_owns_its_tables_is_told_so(tmp_path: Path, empty_database: None) -> None:
    done = _setup(tmp_path, "", _address())
    assert (done.returncode, "could take the wall down" in done.stderr) == (0, True), done.stderr


def test_a_role_that_no_wall_holds_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "loopholes", lambda: ["The role is a superuser, whom no row is hidden from."])
    monkeypatch.setattr(owner, "call_command", lambda *_words, **_more: None)
    with pytest.raises(NotYet, match="POLICY-002"):
        owner.migrate_as("")
