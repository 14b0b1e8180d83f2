"""`sarana backup` and `sarana restore` on PostgreSQL, with an owner of the tables and a role for the web."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import dj_database_url
import psycopg
import pytest
from psycopg import sql

from methods.sealing.making import some_store
from sarana.ground.vault.clusters import Address

URL = os.environ.get("DATABASE_URL", "")
pytestmark = pytest.mark.skipif("postgres" not in URL, reason="needs DATABASE_URL of a PostgreSQL")

WORD = "a-word-of-the-trial"


@pytest.fixture
def addresses() -> Iterator[tuple[Address, Address]]:
    """The owner and the web of an empty database."""
    name, web = f"vault_house_{uuid4().hex[:8]}", f"vault_role_{uuid4().hex[:8]}"
    owner = Address.of_django({**dj_database_url.parse(URL), "NAME": name})
    with psycopg.connect(URL, autocommit=True) as landlord:
        landlord.execute(
            sql.SQL("CREATE ROLE {} LOGIN PASSWORD {} NOSUPERUSER NOBYPASSRLS").format(sql.Identifier(web), WORD)
        )
        landlord.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield owner, Address(owner.host, owner.port, web, WORD, name)
        for (each,) in landlord.execute("SELECT datname FROM pg_database WHERE datname ~ %s", [name]).fetchall():
            landlord.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(each)))
        landlord.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(web)))


def sarana(folder: Path, addresses: tuple[Address, Address], *words: str) -> subprocess.CompletedProcess[str]:
    owner, web = addresses
    environment = {
        **os.environ,
        "SARANA_HOME": str(folder / "home"),
        "SARANA_KEYS": str(folder / "keys"),
        "DATABASE_URL": web.url(),
        "SARANA_OWNER": owner.url(),
        "SARANA_KEYFILE": str(folder / "stick/open.key"),
        "DJANGO_SETTINGS_MODULE": "sarana.config.web.settings",
    }
    program = Path(sys.executable).with_name("sarana")
    return subprocess.run([program, *words], env=environment, capture_output=True, text=True, check=False)


def acts(owner: Address) -> list[str]:
    with psycopg.connect(**owner.means(), options="-c sarana.task=operator") as reading:
        rows = reading.execute("SELECT action FROM ledger_entry WHERE action LIKE 'vault.%' ORDER BY id").fetchall()
    return [str(action) for (action,) in rows]


@pytest.mark.check("D-10")
def test_d_10_a_backup_by_the_role_of_the_web_is_drilled_and_brought_back_by_the_owner(
    tmp_path: Path, addresses: tuple[Address, Address]
) -> None:
    owner, _web = addresses
    assert sarana(tmp_path, addresses, "setup").returncode == 0
    some_store(tmp_path)
    made = sarana(tmp_path, addresses, "backup", "--to", str(tmp_path / "disk"))
    assert "sealed to Invented House, epoch 1" in made.stdout, made.stderr
    [file] = (tmp_path / "disk").iterdir()
    drilled = sarana(tmp_path, addresses, "restore", str(file), "--drill")
    assert "Passed" in drilled.stdout, drilled.stderr
    assert acts(owner) == ["vault.backed-up", "vault.drilled"]
    back = sarana(tmp_path, addresses, "restore", str(file))
    assert "a database of the same server" in back.stdout, back.stderr
    # The role of the web has no rights yet in what came back: setup gives them.
    assert "sarana setup writes it down" in back.stdout
    assert acts(owner) == []
