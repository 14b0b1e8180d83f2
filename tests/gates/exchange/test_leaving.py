"""An agency takes along all that it owns, whole, sealed to it and to nobody else, after two of it have spoken."""

import csv
import datetime as dt
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.apps import apps

from makers.agencies import NOW, a_person, acting, an_agency, local
from makers.two_agencies import MARK, World, a_world
from sarana.basics.errors import BadFile, NotYet, Refused
from sarana.basics.privacy import Privacy
from sarana.gates.exchange import actions, queries, writing
from sarana.ground.accounts.guarded import HAND_OVER
from sarana.ground.accounts.models import Agency
from sarana.ground.ledger.models import Entry
from sarana.ground.owned import not_owned, owned
from sarana.ground.words import actions as words
from sarana.ground.words.models import Proposal
from sarana.methods.sealing.locks import PASSPHRASE, Slowness, phrase_bytes
from sarana.methods.sealing.parcels import opened_parcel, read_parcel_head

pytestmark = pytest.mark.django_db

ADMIN, OFFICER, SUPERVISOR = "organisation-administrator", "data-protection-officer", "supervisor"
SECRET = {PASSPHRASE: phrase_bytes("seven quiet rivers run to the sea")}
QUICK = Slowness(rounds=1, memory_kib=64)
LATER = NOW + dt.timedelta(minutes=5)


@pytest.fixture
def world() -> World:
    """Our agency with three people, one of whom asked and one of whom agreed; theirs with marks all over."""
    world = a_world(ADMIN, OFFICER, SUPERVISOR)
    proposal = words.propose(acting(world.people[ADMIN]), HAND_OVER, agency=world.ours)
    words.speak(acting(world.people[OFFICER]), _afresh(proposal))
    return world


def _afresh(proposal: Proposal) -> Proposal:
    return Proposal.objects.select_related("agency", "partner", "subject", "proposed_by", "second_by").get(
        pk=proposal.pk
    )


def hand_over(agency: Agency, target: Path, **more: Any) -> actions.HandedOver:
    return actions.hand_over(local(LATER), str(agency.ref), target=target, secrets=SECRET, slowness=QUICK, **more)


def archive_of(file: Path) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(opened_parcel(file, SECRET))))


def test_every_model_is_handed_over_or_named_as_nobodys() -> None:
    models = {
        f"{model._meta.app_label}.{model.__name__}"
        for model in apps.get_models()
        if model.__module__.startswith("sarana.")
    }
    given = [each.model for each in owned()]
    assert models == {*given, *not_owned()}, "say in the room's owned.py whose its rows are"
    assert set(given) & set(not_owned()) == set()
    assert len({each.file for each in owned()}) == len(given)


def test_what_is_its_is_there_whole_and_nothing_of_anybody_else(world: World, tmp_path: Path) -> None:
    done = hand_over(world.ours, tmp_path / "ours.parcel")
    with archive_of(tmp_path / "ours.parcel") as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    assert set(held) == {f"{each.file}.{form}" for each in owned() for form in ("csv", "json")} | {"README.txt"}
    for kind in owned():
        rows = json.loads(held[f"{kind.file}.json"])
        table = list(csv.DictReader(io.StringIO(held[f"{kind.file}.csv"].decode())))
        assert len(rows) == len(table) == done.counts[kind.file], kind.file
        assert f"{kind.file}.csv" in held["README.txt"].decode()
        assert kind.says in held["README.txt"].decode()
    names = {row["name"] for row in json.loads(held["people.json"])}
    assert names == {f"Our {role}" for role in (ADMIN, OFFICER, SUPERVISOR)}
    everything = b" ".join(held.values())
    assert [mark for mark in world.marks if mark in everything] == []
    lines = json.loads(held["ledger.json"])
    ours = Entry.objects.filter(agency_ref=world.ours.ref) | Entry.objects.filter(owner_agency_ref=world.ours.ref)
    assert {row["ref"] for row in lines} == {
        str(ref) for ref in ours.exclude(action="exchange.handed-over").values_list("ref", flat=True)
    }


def test_theirs_shows_that_the_search_finds_what_is_there(world: World, tmp_path: Path) -> None:
    out = io.BytesIO()
    writing.write_archive(out, agency=world.theirs.ref, name="Theirs", runs=[], now=NOW)
    with zipfile.ZipFile(out) as archive:
        assert MARK.encode() in b" ".join(archive.read(name) for name in archive.namelist())


def test_no_secret_goes_along() -> None:
    for kind in owned():
        assert Privacy.SECRET not in {queries.grade_of(kind, column) for column in queries.columns_of(kind)}
    assert "password" not in queries.columns_of(next(each for each in owned() if each.file == "people"))


def test_it_is_one_line_and_what_was_agreed_is_done_once(world: World, tmp_path: Path) -> None:
    done = hand_over(world.ours, tmp_path / "a.parcel")
    [line] = Entry.objects.filter(action="exchange.handed-over")
    assert (line.owner_agency_ref, line.n_things) == (world.ours.ref, sum(done.counts.values()))
    assert (tmp_path / "a.parcel").stat().st_mode & 0o077 == 0
    with pytest.raises(NotYet, match="EXCHANGE-004"):
        hand_over(world.ours, tmp_path / "b.parcel")
    assert [path.name for path in tmp_path.iterdir()] == ["a.parcel"]


def test_nothing_of_it_is_readable_without_what_seals_it(world: World, tmp_path: Path) -> None:
    hand_over(world.ours, tmp_path / "a.parcel")
    content = (tmp_path / "a.parcel").read_bytes()
    assert b"Our " not in content
    assert b"README" not in content
    with pytest.raises(Refused, match="VAULT-004"):
        list(opened_parcel(tmp_path / "a.parcel", {PASSPHRASE: phrase_bytes("another one of many words")}))
    for at in (200, len(content) // 2, len(content) - 1):
        (tmp_path / "b.parcel").write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
        with pytest.raises((Refused, BadFile)):
            list(opened_parcel(tmp_path / "b.parcel", SECRET))
    (tmp_path / "b.parcel").write_bytes(content[:-100])
    with pytest.raises(Refused, match="VAULT-001"):
        list(opened_parcel(tmp_path / "b.parcel", SECRET))
    (tmp_path / "b.parcel").write_bytes(b"something else")
    with pytest.raises(BadFile, match="EXCHANGE-005"):
        read_parcel_head(tmp_path / "b.parcel")


def bad_asks(world: World, folder: Path) -> Iterator[tuple[str, Any]]:
    """What is asked wrongly, with the code that is said."""
    taken = folder / "taken"
    taken.touch()
    target = folder / "new.parcel"
    yield "EXCHANGE-003", lambda: hand_over(world.ours, taken)
    yield "EXCHANGE-004", lambda: hand_over(world.theirs, target)
    yield "EXCHANGE-007", lambda: hand_over(world.ours, target, runs=[folder])
    for called in ("no such agency", "00000000000000000000000000000001", ""):
        yield "EXCHANGE-001", lambda called=called: actions.check_hand_over(local(), called, target=target)
    an_agency("Our house")
    yield "EXCHANGE-001", lambda: actions.check_hand_over(local(), "Our house", target=target)
    admin = acting(world.people[ADMIN])
    yield "EXCHANGE-006", lambda: actions.check_hand_over(admin, str(world.ours.ref), target=target)
    Agency.objects.filter(pk=world.theirs.pk).update(closed_on=NOW.date())
    yield "EXCHANGE-002", lambda: hand_over(world.theirs, target)


def test_what_is_asked_wrongly_is_refused_in_words_and_leaves_nothing(world: World, tmp_path: Path) -> None:
    for code, ask in bad_asks(world, tmp_path):
        with pytest.raises((NotYet, Refused, BadFile), match=code):
            ask()
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]
    assert not Entry.objects.filter(action="exchange.handed-over").exists()


def test_one_word_is_not_enough_and_the_web_cannot_do_it(tmp_path: Path) -> None:
    agency = an_agency("Three")
    people = [a_person(agency, role, name=role) for role in (ADMIN, OFFICER, SUPERVISOR)]
    proposal = words.propose(acting(people[0]), HAND_OVER, agency=agency)
    with pytest.raises(NotYet, match="POLICY-011"):
        hand_over(agency, tmp_path / "a.parcel")
    words.speak(acting(people[1]), _afresh(proposal))
    with pytest.raises(NotYet, match="POLICY-016"):
        words.carry_out(acting(people[0]), _afresh(proposal))
    assert hand_over(agency, tmp_path / "a.parcel").name == "Three"


def test_a_full_disk_or_a_ledger_that_takes_nothing_leaves_no_file(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_words: Any, **_more: Any) -> None:
        raise OSError(28, "No space left on device")

    for place in ("sarana.gates.exchange.writing._readme", "sarana.gates.exchange.actions.record"):
        with monkeypatch.context() as patch:
            patch.setattr(place, full)
            with pytest.raises(OSError, match="No space"):
                hand_over(world.ours, tmp_path / "a.parcel")
        assert list(tmp_path.iterdir()) == []
        assert Proposal.objects.get(act=HAND_OVER).state == Proposal.State.AGREED
    hand_over(world.ours, tmp_path / "a.parcel")


def test_figures_of_a_run_go_along_and_nothing_of_single_persons(world: World, tmp_path: Path) -> None:
    run = tmp_path / "run"
    (run / "receipts").mkdir(parents=True)
    (run / "run.toml").write_text('kind = "sarana population run"\n')
    (run / "receipts" / "01-read.json").write_text("{}")
    (run / "people.parquet").write_bytes(b"PAR1 somebody")
    (run / "report.html").write_text("<p>figures</p>")
    pq.write_table(pa.table({"area": ["TH50", "TH57"], "n": [12, None]}), run / "areas.parquet")
    hand_over(world.ours, tmp_path / "a.parcel", runs=[run])
    with archive_of(tmp_path / "a.parcel") as archive:
        found = {name for name in archive.namelist() if name.startswith("runs/")}
        areas = archive.read("runs/run/areas.csv").decode().splitlines()
    assert found == {
        *("runs/run/run.toml", "runs/run/receipts/01-read.json", "runs/run/report.html"),
        *("runs/run/areas.parquet", "runs/run/areas.csv"),
    }
    assert areas == ["area,n", "TH50,12", "TH57,"]


def test_a_cell_that_a_spreadsheet_would_compute_is_text() -> None:
    assert writing._cell("=1+1") == "'=1+1"
    assert writing._cell(-5) == "-5"
    assert writing._cell(None) == ""
    assert writing._cell(dt.datetime(2026, 1, 1, 7, tzinfo=dt.UTC)) == "2026-01-01T07:00:00+00:00"
