"""A table becomes people: each line whole or set aside by a code, and a stop anywhere loses and doubles nobody."""

import contextlib
import gc
import json
import os
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.models import signals
from django.utils.module_loading import import_string

from care.people.finding.test_finding import asked, refs
from makers.agencies import PASSPHRASE
from makers.counted import Counted
from makers.identities import TwoHouses
from makers.purposes import a_purpose
from makers.scripts import of_its_own, told_by
from sarana.basics.actors import Actor
from sarana.basics.errors import BadFile, BadSetting, Busy, NoRoom, NotYet, Refused
from sarana.basics.progress import Silent
from sarana.care.people import opening, proving, queries
from sarana.care.people.finding.actions import searching
from sarana.care.people.importing import actions, taking
from sarana.care.people.importing.mapping import read_map
from sarana.care.people.importing.rows import read_rows
from sarana.care.people.models import Assigned, Import, Person
from sarana.config.commands import entry
from sarana.config.web import start
from sarana.ground.accounts import actions as accounts
from sarana.ground.accounts.models import Account
from sarana.ground.ledger.models import Entry
from sarana.ground.vault.identities.models import Sealed, Subject
from sarana.ground.vault.identities.policy import HELPERS
from sarana.ground.walls import postgres
from sarana.ground.walls.guards import OPERATOR

WRONG = "not hers at all"
pytestmark = pytest.mark.django_db

MAP = """
[table]
level = "audited"
country = "TH"
[fields]
given = "NAME"
family = "LNAME"
nickname = "NICK"
sex = { column = "SEX", codes = { 1 = "male", 2 = "female" } }
birth = { column = "BIRTH", era = "buddhist", formats = ["DD/MM/YYYY", "YYYY"] }
national_id = "CID"
phone = "TEL"
area = "AREA"
nationality = { column = "NAT", codes = { 099 = "TH", "*" = "MM" } }
"""
HEAD = "NAME,LNAME,NICK,SEX,BIRTH,CID,TEL,AREA,NAT\n"
GOOD = "มาลี,ใจดี,เล็ก,2,13/08/2528,1-2345-67890-12-1,081-234-5678,TH500101,099\n"


def table(folder: Path, *lines: str, head: str = HEAD, told: str = MAP, encoding: str = "utf-8") -> tuple[Path, Path]:
    """A table and its map."""
    (folder / "people.csv").write_bytes((head + "".join(lines)).encode(encoding))
    (folder / "map.toml").write_text(told, encoding="utf-8")
    return folder / "people.csv", folder / "map.toml"


def taken(houses: TwoHouses, file: Path, told: Path, actor: Actor | None = None) -> taking.Taken:
    @contextlib.contextmanager
    def standing() -> Iterator[Actor]:
        yield actor or houses.worker

    return taking.take_in(standing, houses.ours.ref, file, told, file.with_name("aside.csv"), progress=Silent())


def test_a_table_counts_the_years_of_the_buddhist_era_as_pages_do(tmp_path: Path) -> None:
    """Until 1940 a year began in April: February 2482 lay in the common year 1940."""
    early, late = GOOD.replace("13/08/2528", "05/02/2482"), GOOD.replace("13/08/2528", "05/04/2482")
    file, told = table(tmp_path, early, late, GOOD.replace("13/08/2528", "2482"))
    births = [row.names.birth for row in read_rows(file, read_map(told)) if row.names]
    assert [birth and (birth.year, birth.month) for birth in births] == [(1940, 2), (1939, 4), (1939, None)]


def test_a_line_becomes_a_person_who_is_found_and_whose_tiers_are_sealed(houses: TwoHouses, tmp_path: Path) -> None:
    file, told = table(tmp_path, GOOD, "Somchai,Rakthai,,1,2530,,,,104\n")
    assert taken(houses, file, told) == taking.Taken(2, 2, 0)
    (malee,) = refs(asked(houses, "malee jaidee"))
    person = queries.get_person(houses.worker, malee)
    assert (person.sex, person.nationalities, person.level) == ("female", ["TH"], "audited")
    revealed = opening.reveal(houses.worker, person)
    assert revealed is not None
    names = revealed.holds
    assert [(name.text, name.kind, name.given) for name in names.names] == [
        ("มาลี ใจดี", "legal", "มาลี"), ("เล็ก", "nickname", "")
    ]  # fmt: skip
    assert (names.birth and (names.birth.year, names.birth.month, names.birth.day)) == (1985, 8, 13)
    assert [(paper.kind, paper.number, paper.country) for paper in names.documents] == [
        ("national-id", "1-2345-67890-12-1", "TH")
    ]
    contact = opening.open_contact(houses.worker, person)
    assert contact is not None
    assert [(way.value, way.safety) for way in contact.holds.ways] == [("081-234-5678", "unknown")]
    assert contact.holds.area == "TH500101"
    assert refs(asked(houses, "1234567890121")) == [malee]
    assert not Assigned.objects.exists(), "nobody works with her yet"
    lines = Entry.objects.filter(action="people.table-lines-entered")
    assert [line.n_things for line in lines] == [2]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("\u0301,\u200b,,2,2528,,,,099\n", "PEOPLE-001"),
        (",,,2,2528,,,,099\n", "PEOPLE-005"),
        ("Zqx,Name,,2,1985-13-40,,,,099\n", "PEOPLE-042"),
        ("Zqx,Name,,2,31/02/0001,,,,099\n", "PEOPLE-042"),
        ("Zqx,Name,,2,2528,,,,099,more\n", "PEOPLE-043"),
        ("Zqx,Name,,9,2528,,,,099\n", "PEOPLE-044"),
        (f"Zqx,Name,,2,2528,{'1' * 61},,,099\n", "PEOPLE-046"),
        (f"Zqx,{'n' * 201},,2,2528,,,,099\n", "PEOPLE-001"),
        ('"Zqx,Name,,2,2528,,,,099\n', "PEOPLE-043"),
    ],
)
def test_a_line_that_cannot_be_taken_in_is_told_by_number_and_code_and_by_no_value(
    houses: TwoHouses, tmp_path: Path, line: str, code: str
) -> None:
    file, told = table(tmp_path, GOOD, line)
    assert taken(houses, file, told) == taking.Taken(2, 1, 1)
    assert (tmp_path / "aside.csv").read_text().splitlines() == ["line,code", f"3,{code}"]
    assert Person.objects.count() == 1


def test_bytes_of_another_encoding_set_a_line_aside_and_windows_874_is_read(houses: TwoHouses, tmp_path: Path) -> None:
    file, told = table(tmp_path, GOOD, "Plain,Name,,1,2530,,,,099\n", encoding="cp874")
    assert [row.code for row in read_rows(file, read_map(told))] == ["PEOPLE-045", ""]
    told.write_text(MAP.replace("[table]", '[table]\nencoding = "windows-874"'))
    assert taken(houses, file, told).n_entered == 2
    assert refs(asked(houses, "มาลี ใจดี"))


@pytest.mark.parametrize(
    ("head", "says"),
    [("NAME,LNAME\n", "missing, or there twice: NICK"), (HEAD.replace("NICK", "NAME"), "NAME, NICK"), ("", "missing")],
)
def test_a_header_that_does_not_fit_enters_nobody(houses: TwoHouses, tmp_path: Path, head: str, says: str) -> None:
    file, told = table(tmp_path, GOOD, head=head)
    with pytest.raises(BadFile, match="PEOPLE-041") as refused:
        taken(houses, file, told)
    assert says in str(refused.value)
    assert not Import.objects.exists()
    with pytest.raises(BadFile, match="PEOPLE-041"):
        taken(houses, tmp_path / "not-there.csv", told)


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ("[fields", "end of document"),
        ("[fields]\nshoe = 'X'", "no such field: shoe"),
        ("[fields]\nsex = 'X'", "no name"),
        ("[fields]\nname = 'X'\n[table]\nlevel = 'open'", "open"),
        ("[fields]\nname = 3", "got `int`"),
    ],
)
def test_a_map_that_is_none_says_why(tmp_path: Path, told: str, says: str) -> None:
    (tmp_path / "map.toml").write_text(told)
    with pytest.raises(BadSetting, match="PEOPLE-040") as refused:
        read_map(tmp_path / "map.toml")
    assert says in str(refused.value)


def test_a_table_that_was_stopped_goes_on_and_one_that_ended_is_not_taken_in_again(
    houses: TwoHouses, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [f"Person{'abcdefghij'[n]},Invented,,1,2530,,,,099\n" for n in range(9)]
    file, told = table(tmp_path, *lines[:4], "Bad,Line,,9,,,,,099\n", *lines[4:])
    monkeypatch.setattr(taking, "TOGETHER", 3)
    enter, calls = actions.enter_lines, []

    def stopped(actor: Actor, row: Import, part: Any) -> int:
        calls.append(len(part))
        if len(calls) == 3:
            raise KeyboardInterrupt
        return enter(actor, row, part)

    monkeypatch.setattr(actions, "enter_lines", stopped)
    with pytest.raises(KeyboardInterrupt):
        taken(houses, file, told)
    assert Person.objects.count() in {5, 6}, "the bad line is one of the six, or is not"
    monkeypatch.setattr(actions, "enter_lines", enter)
    monkeypatch.setattr(taking, "TOGETHER", 4)
    assert taken(houses, file, told) == taking.Taken(10, 9, 1, 6)
    assert Person.objects.count() == Subject.objects.count() == 9
    assert (tmp_path / "aside.csv").read_text().splitlines() == ["line,code", "6,PEOPLE-044"]
    assert len(refs(asked(houses, "invented"))) == 9
    with pytest.raises(NotYet, match="PEOPLE-047"):
        taken(houses, file, told)


def test_a_table_makes_no_object_for_a_line_and_leaves_python_as_it_was(houses: TwoHouses, tmp_path: Path) -> None:
    """Objects of rows took more time than sealing and writing them: a million lines are to take minutes."""
    made: list[str] = []

    def noted(sender: type[Any], **_signal: Any) -> None:
        made.append(sender.__name__)

    file, told = table(tmp_path, *[GOOD] * 50)
    was = gc.get_threshold()
    models = (Person, Subject, Sealed)
    for model in models:
        signals.post_init.connect(noted, sender=model)
    try:
        assert taken(houses, file, told).n_entered == 50
    finally:
        for model in models:
            signals.post_init.disconnect(noted, sender=model)
    assert made == []
    assert (gc.get_threshold(), gc.get_freeze_count()) == (was, 0)


def test_two_who_take_in_one_table_enter_nobody_twice(houses: TwoHouses, tmp_path: Path) -> None:
    file, told = table(tmp_path, GOOD)
    row = actions.begin_table(houses.worker, houses.ours.ref, "d" * 64)
    other = actions.begin_table(houses.supervisor, houses.ours.ref, "d" * 64)
    lines = list(read_rows(file, read_map(told)))
    assert actions.enter_lines(houses.worker, row, lines) == 1
    with pytest.raises(Busy, match="PEOPLE-048"):
        actions.enter_lines(houses.supervisor, other, lines)
    assert Person.objects.count() == 1


def test_who_is_kept_closely_is_assigned_to_whoever_takes_her_in(houses: TwoHouses, tmp_path: Path) -> None:
    file, told = table(tmp_path, GOOD, told=MAP.replace("audited", "closed"))
    taken(houses, file, told)
    assert [row.ref for row in queries.people_for(houses.worker)] == refs(asked(houses, "malee"))
    assert not queries.people_for(houses.supervisor).exists()


def test_nobody_takes_people_in_for_an_agency_in_which_she_does_not_help(houses: TwoHouses, tmp_path: Path) -> None:
    file, told = table(tmp_path, GOOD)
    for actor in (houses.police, houses.custodian, houses.outsider):
        with pytest.raises(Refused, match="PEOPLE-003"):
            taken(houses, file, told, actor)
    assert not Subject.objects.exists()
    with pytest.raises(NoRoom, match="PEOPLE-049"):
        taking.take_in(
            lambda: contextlib.nullcontext(houses.worker), houses.ours.ref, file, told, tmp_path, progress=Silent()
        )


@pytest.mark.check("A-15")
def test_whose_role_ends_between_two_searches_of_one_command_finds_nobody_from_then_on(
    houses: TwoHouses, tmp_path: Path, command: Any, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    file, told = table(tmp_path, GOOD)
    taken(houses, file, told)
    find, account = searching.find, Account.objects.get(ref=houses.worker.account_ref)

    def once(*args: Any, **named: Any) -> Any:
        found = find(*args, **named)
        with postgres.as_task(OPERATOR):
            account.memberships.update(ended_at=houses.worker.now)
        return found

    monkeypatch.setattr(searching, "find", once)
    assert command("search", "-", "--json", stdin="malee jaidee\nmalee jaidee\n") != 0
    said = capfd.readouterr()
    assert [len(json.loads(line)["found"]) for line in said.out.splitlines()] == [1]
    assert "PEOPLE-003" in said.err


@pytest.fixture
def command(houses: TwoHouses, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """The command of somebody who has a printed sheet, with passphrase and code in an open file."""
    a_purpose(*HELPERS, code="help")
    monkeypatch.setattr(start, "door", import_string)
    account = Account.objects.get(ref=houses.worker.account_ref)
    codes = accounts.make_sheet(houses.worker, account)

    def run(*words: str, passphrase: str = PASSPHRASE, code: str | None = None, stdin: str = "") -> int:
        (tmp_path / "secret").write_text(f"{passphrase}\n{codes.pop() if code is None else code}\n")
        (tmp_path / "words").write_text(stdin)
        number = os.open(tmp_path / "secret", os.O_RDONLY)
        own = ["--agency", "Baan Rak shelter", "--as", account.sign_in_name, "--purpose", "help"]
        try:
            with (tmp_path / "words").open() as typed:
                monkeypatch.setattr("sys.stdin", typed)
                return entry.run(["people", *words, *own, "--passphrase-fd", str(number)])
        finally:
            os.close(number)

    run.user = account.sign_in_name  # type: ignore[attr-defined]
    return run


def test_the_commands_take_in_and_search_as_the_one_who_proves_herself(
    houses: TwoHouses, tmp_path: Path, command: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    file, told = table(tmp_path, GOOD, "Bad,Line,,9,,,,,099\n")
    checked = ["people", "import", str(file), "--map", str(told), "--agency", "any", "--as", "any", "--check"]
    assert entry.run(checked) == 0
    assert not Person.objects.exists()
    assert command("import", str(file), "--map", str(told)) == 0
    said = capfd.readouterr()
    assert "2 lines read, 1 people; 1 lines set aside." in said.out
    person = Person.objects.get()
    assert command("search", "-", "--json", stdin="malee jaidee\n\nzqxnobody\n1234567890121\n") == 0
    lines = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    assert [[hit["ref"] for hit in line["found"]] for line in lines] == [[str(person.ref)], [], [str(person.ref)]]
    assert lines[2]["found"][0]["reasons"] == ["id-exact"]
    proved = Entry.objects.filter(action="people.proved-at-machine", actor_ref=houses.worker.account_ref)
    assert [line.thing_kind.startswith("machine:") for line in proved] == [True, True]
    assert Entry.objects.filter(action="people.searched", actor_ref=houses.worker.account_ref).count() == 3


def test_whoever_does_not_prove_herself_does_nothing_and_it_is_written_down(
    houses: TwoHouses, command: Any, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert command("search", "-", passphrase=WRONG, stdin="malee\n") != 0
    assert "PEOPLE-036" in capfd.readouterr().err
    assert command("search", "-", code="000000", stdin="malee\n") != 0
    assert "PEOPLE-038" in capfd.readouterr().err
    with monkeypatch.context() as only_a_key:
        only_a_key.setattr(proving.queries, "factors_with_codes", lambda _account: [])
        assert command("search", "-", stdin="malee\n") != 0
        assert "PEOPLE-039" in capfd.readouterr().err
    assert command("search", "malee", stdin="") == 2
    assert "never" in capfd.readouterr().err
    for _time in range(6):
        command("search", "-", passphrase=WRONG, stdin="malee\n")
    assert command("search", "-", stdin="malee\n") != 0
    assert "PEOPLE-037" in capfd.readouterr().err
    assert not Entry.objects.filter(action="people.searched").exists()
    assert Entry.objects.filter(action="accounts.sign-in-failed").exists()


@pytest.mark.check("F-17")
@pytest.mark.skipif(connection.vendor != "sqlite", reason="it has a file of SQLite of its own")
def test_100_kills_lose_nobody_and_enter_nobody_twice(tmp_path: Path, counted: Counted) -> None:
    """Kills while a table is taken in, while changes are brought into the file, and while that is made anew."""
    kills = counted("kills while people are taken in and the search file is kept", 100, least=6)
    told = told_by(
        Path(__file__).with_name("killed_while_taking_in.py"), tmp_path, kills, environment=of_its_own(tmp_path)
    )
    assert told["kills"] == kills
    assert told["people"] == told["lines"]
    assert (told["twice"], told["missing"], told["extra"], told["waiting"]) == (0, 0, 0, 0)


HOW_TO = Path(__file__).resolve().parents[4] / "docs" / "how-to"
TYPED = re.compile(r"^sarana (people .*)$", re.MULTILINE)


def test_every_command_of_the_manual_does_what_it_says(
    houses: TwoHouses, tmp_path: Path, command: Any, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    a_purpose(*HELPERS, code="identification")
    page = (HOW_TO / "take-people-in.md").read_text("utf-8")
    table(tmp_path, GOOD, "Bad,Line,,9,,,,,099\n", told=page.split("```toml\n")[1].split("```")[0])
    monkeypatch.chdir(tmp_path)
    codes = iter(accounts.make_sheet(houses.worker, Account.objects.get(ref=houses.worker.account_ref)))
    lines = [line for name in ("take-people-in.md", "search-people.md")
             for line in TYPED.findall((HOW_TO / name).read_text("utf-8"))]  # fmt: skip
    assert len(lines) == 5
    for line in lines:
        words = shlex.split(line.split(" 3<")[0])
        words = [command.user if word == "malee" else word for word in words]
        (tmp_path / "searches.txt").write_text("malee jaidee\n")
        (tmp_path / "secrets.txt").write_text(f"{PASSPHRASE}\n{next(codes)}\n")
        with (tmp_path / "secrets.txt").open() as secret, (tmp_path / "searches.txt").open() as typed:
            monkeypatch.setattr("sys.stdin", typed)
            monkeypatch.setattr("getpass.getpass", lambda _asked, secret=secret: secret.readline().strip())
            words = [str(secret.fileno()) if word == "3" else word for word in words]
            ended = entry.run(words)
        told = capfd.readouterr()
        is_again = "--passphrase-fd" in words and "import" in words
        assert (ended == 0) != is_again, f"{line}\n{told.err}"
        assert told.out or "PEOPLE-047" in told.err
    assert Path("people.csv.set-aside.csv").read_text().splitlines() == ["line,code", "3,PEOPLE-044"]
    assert Person.objects.count() == 1
