"""What is laid out for pages about people: the few, sealed under the key of their run, and gone with it."""

import datetime as dt
import errno
import os
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.db import transaction
from django.urls import reverse

from learning.population.opened.conftest import MEANS
from makers.agencies import a_person, acting, local
from makers.few import referred
from makers.sittings import come_in
from makers.vaults import Place
from sarana.basics.errors import BadFile, NoRoom, NotYet, Refused
from sarana.ground.accounts.models import Agency
from sarana.learning.population.actions import withdraw
from sarana.learning.population.models import Run
from sarana.learning.population.opened import shelves
from sarana.learning.population.opened.actions import lay_out
from sarana.learning.population.opened.laying import get_about
from sarana.learning.population.opened.shelves import Shelf
from sarana.methods.questions.asked_run import asked
from sarana.methods.questions.explain import explain_person
from sarana.methods.questions.few import LEAD, explain_laid_out
from sarana.methods.sealing.files import is_sealed
from sarana.methods.sealing.store import STORE, KeyStore

pytestmark = pytest.mark.django_db


def test_only_those_in_most_need_and_those_to_be_referred_are_laid_out_and_all_that_explains_them(
    shelf: Shelf, people: list[dict[str, Any]], folder: Path, tmp_path: Path
) -> None:
    scores = pq.read_table(folder / "scores.parquet", columns=["person_id", "band"]).to_pylist()
    lead = {row["person_id"] for row in scores if row["band"] == LEAD}
    assert lead, "the invented province has people in this band"
    with asked(folder, MEANS) as (engine, _run):
        known = {who for (who,) in engine.rows("SELECT person_id FROM persons WHERE village IS NOT NULL")}
    assert {line["person_id"] for line in people} == (lead | {referred(folder)}) & known
    assert len(people) == len((lead | {referred(folder)}) & known)
    about = get_about(shelf)
    assert sum(about.places.values()) == len(people)
    assert all(line["given"] and line["place"] in about.places for line in people)
    shared = [line for line in people if line["shared"]]
    with asked(folder, MEANS) as (engine, run):
        for line in [*shared[:1], *people[:2]]:
            for is_for_custodian in (False, True):
                of_run = explain_person(engine, run.settings, line["person_id"], is_for_custodian=is_for_custodian)
                laid = explain_laid_out(line, about.risk(), tmp_path / "temp", is_for_custodian=is_for_custodian)
                assert laid == of_run


def test_nothing_about_people_lies_in_clear_and_files_do_not_change_places(
    shelf: Shelf, people: list[dict[str, Any]]
) -> None:
    files = [path for path in shelf.folder.rglob("*") if path.is_file() and path.name != "run.seal"]
    assert len(files) == len(get_about(shelf).places) + 1
    assert all(is_sealed(path) and path.stat().st_mode & 0o077 == 0 for path in files)
    everything = b"".join(path.read_bytes() for path in files)
    told = {str(line[key]) for line in people for key in ("person_id", "given", "family") if line[key]}
    assert not [word for word in told if word.encode() in everything]
    one, other = sorted(path for path in files if path.parent.name == "people")[:2]
    other.write_bytes(one.read_bytes())
    with pytest.raises(Refused, match="VAULT-001"):
        shelf.find_table(f"people/{other.name.removesuffix('.sealed')}")


def test_a_full_disk_and_a_folder_of_somebody_else_are_said_in_words(
    shelf: Shelf, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = shelf.find("about/people")
    for number, error, code in (
        (errno.ENOSPC, NoRoom, "POPULATION-091"),
        (errno.EACCES, BadFile, "POPULATION-092"),
    ):
        monkeypatch.setattr(os, "fsync", lambda _handle, number=number: _fail(number))
        with pytest.raises(error, match=code):
            shelf.put("about/people", b"half")
    monkeypatch.undo()
    assert shelf.find("about/people") == before
    assert not list(shelf.folder.rglob("*.part"))


def test_a_shelf_goes_with_the_key_of_its_run_and_with_its_withdrawal(run: Run, place: Place) -> None:
    seal = shelves.open_shelf(run.ref, today=local().today).seal
    with pytest.raises(Refused, match="VAULT-012"):
        shelves.open_shelf(run.ref, today=seal.until + dt.timedelta(1))
    store = KeyStore(place.keys / STORE)
    with store.changing():
        store.destroy_run_key(seal.run, now=local().now)
    with pytest.raises(NotYet, match="VAULT-013"):
        shelves.open_shelf(run.ref, today=local().today)
    assert shelves.lying() == {run.ref: False}
    # What is protected stays: the map, the pages of its areas, and what is taken along.
    reader = come_in(a_person(run.agency, "analyst"))
    district = run.figures.filter(level="district", group="all")[0]
    for address in (reverse("population:map", args=[run.ref]), reverse("population:area", args=[district.ref])):
        page = reader.get(address)
        assert (page.status_code, district.name in page.content.decode()) == (200, True)


def test_withdrawing_takes_the_shelf_away(run: Run, folder: Path, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        withdraw(local(), run.fingerprint, because="source-asked")
    assert not shelves.folder_of(run.ref).exists()
    with pytest.raises(NotYet, match="POPULATION-093"):
        lay_out(local(), run.fingerprint, folder, MEANS)


def test_only_the_operator_lays_out_and_only_where_keys_open(
    run: Run, centre: Agency, folder: Path, place: Place
) -> None:
    with transaction.atomic(), pytest.raises(Refused, match="POPULATION-002"):
        lay_out(acting(a_person(centre, "outreach-worker")), run.fingerprint, folder, MEANS)
    place.lose_the_vault()
    with pytest.raises(NotYet, match="VAULT-0"):
        lay_out(local(), run.fingerprint, folder, MEANS)
    with pytest.raises(NotYet, match="VAULT-0"):
        shelves.open_shelf(run.ref, today=local().today)


def _fail(number: int) -> None:
    raise OSError(number, "no")
