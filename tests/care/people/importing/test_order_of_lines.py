"""Lines come in in an order that chance draws: whoever takes the database learns nothing of how a table was sorted."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from care.people.importing.test_tables import GOOD, HEAD, MAP, table, taken
from makers.identities import TwoHouses
from makers.purposes import a_purpose
from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet, Refused
from sarana.basics.progress import Silent
from sarana.care.people import opening
from sarana.care.people.importing import actions, taking
from sarana.care.people.importing.drawn import drawn, read_drawn
from sarana.care.people.importing.mapping import read_map
from sarana.care.people.importing.rows import read_rows
from sarana.care.people.models import Import, Person
from sarana.ground.accounts import queries as account_queries
from sarana.ground.accounts.models import Account
from sarana.ground.vault.identities.models import Subject
from sarana.ground.vault.identities.policy import HELPERS

pytestmark = pytest.mark.django_db


def test_lines_come_in_in_an_order_that_its_key_alone_knows_again(houses: TwoHouses, tmp_path: Path) -> None:
    """A table sorted by name does not lie so, and whoever has the rows has no key of the order once all are in."""
    lines = [f"Person{chr(97 + n)},Invented,,1,2530,,,,099\n" for n in range(26)]
    file, told = table(tmp_path, *lines)
    taken(houses, file, told)
    names = [opening.reveal(houses.worker, each).holds.names[0].given for each in Person.objects.order_by("pk")]  # type: ignore[union-attr]
    assert sorted(names) == [f"Person{chr(97 + n)}" for n in range(26)]
    assert names != sorted(names)
    assert Import.objects.get().order_sealed is None
    orders = [drawn(9, key) for key in (b"a" * 32, b"a" * 32, b"b" * 32)]
    assert orders[0] == orders[1] != orders[2]
    assert orders[0] == [0, 2, 1, 5, 3, 8, 6, 4, 7], "the same on every machine and for good: a stop goes on by it"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp874"])
def test_what_a_line_says_is_the_same_in_every_order_of_lines(tmp_path: Path, end: str, encoding: str) -> None:
    """Also of lines within quotes, blank ones, broken ones, and where the file ends without an end of line."""
    lines = (GOOD, '"มาลี\nสอง",ใจดี,,2,2528,,,,099\n', "\n", "Bad,Line\n", 'X"y,"z"q,,1,2528,,,,099\n', GOOD.strip())
    text = (HEAD + "".join(lines)).replace("\n", end)
    file, told = tmp_path / "people.csv", tmp_path / "map.toml"
    file.write_bytes(text.encode(encoding))
    named = "windows-874" if encoding == "cp874" else "utf-8"
    told.write_text(MAP.replace("[table]\n", f'[table]\nencoding = "{named}"\n'), encoding="utf-8")
    as_it_stands = list(read_rows(file, read_map(told)))
    assert sum(bool(row.code) for row in as_it_stands) >= 1
    for key in (b"a", b"b", b"c"):
        drawn_rows = list(read_drawn(file, read_map(told), key * 32))
        assert sorted(drawn_rows, key=lambda row: row.line) == as_it_stands


def test_a_table_that_was_begun_with_another_key_folder_or_an_older_version_doubles_nobody(
    houses: TwoHouses, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, told = table(tmp_path, *(GOOD.replace("12-1", f"1{n}-1") for n in range(6)))
    monkeypatch.setattr(taking, "TOGETHER", 2)
    _stopped(houses, file, told)
    with override_settings(SECRET_KEY="another" * 9), pytest.raises(NotYet, match="PEOPLE-013"):
        taken(houses, file, told)
    assert Person.objects.count() == 2
    for made in (Import, Subject):
        made.objects.all().delete()
    with monkeypatch.context() as before:  # an older version took lines as they stood, and wrote no order down
        before.setattr(actions, "order_of", lambda _table: None)
        _stopped(houses, file, told)
    Import.objects.update(order_sealed=None)
    assert taken(houses, file, told) == taking.Taken(6, 6, 0, 2)
    revealed = [opening.reveal(houses.worker, each) for each in Person.objects.all()]
    assert len({each.holds.documents[0].number for each in revealed if each}) == 6


def _stopped(houses: TwoHouses, file: Path, told: Path) -> None:
    """The first piece comes in, and then the machine stops."""
    enter = actions.enter_lines

    def stopping(*args: Any) -> int:
        enter(*args)
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(actions, "enter_lines", stopping)
        with pytest.raises(KeyboardInterrupt):
            taken(houses, file, told)


@pytest.mark.check("A-15")
def test_whose_role_ends_while_a_table_is_taken_in_enters_nobody_from_then_on(
    houses: TwoHouses, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Her roles are asked anew for each piece; what came in before stays, and nobody else goes on for her."""
    monkeypatch.setattr(taking, "TOGETHER", 1)
    a_purpose(*HELPERS, code="help")
    file, told = table(tmp_path, *(GOOD.replace("12-1", f"1{n}-1") for n in range(5)))
    account = Account.objects.get(ref=houses.worker.account_ref)

    @contextlib.contextmanager
    def standing() -> Iterator[Actor]:
        if Person.objects.count() == 2:
            account.memberships.update(ended_at=houses.worker.now)
        yield account_queries.actor_of(account, houses.worker.now, purpose="help", is_strong=True)

    with pytest.raises(Refused, match="PEOPLE-003"):
        taking.take_in(standing, houses.ours.ref, file, told, tmp_path / "aside.csv", progress=Silent())
    assert Person.objects.count() == Subject.objects.count() == 2
    row = Import.objects.get()
    assert (row.n_read, row.n_entered, row.ended_at) == (2, 2, None)
