"""A photograph is kept as pixels alone, sealed under a key that goes with its person, and opened one at a time."""

import hashlib
import os
import random
import time
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from makers.agencies import a_person, acting
from makers.counted import Counted
from makers.faces import FACE, a_photograph
from makers.identities import TwoHouses
from makers.photographs import a_person_of, added, masked_of
from methods.pictures.making import MARKS
from sarana.basics.actors import NOBODY, Actor
from sarana.basics.errors import BadFile, Busy, NotYet, Refused
from sarana.care.people import actions as people
from sarana.care.people import opening as budget
from sarana.care.people import queries as people_queries
from sarana.care.people.models import MaskedCopy, Person, Photograph
from sarana.care.people.photographs import actions, decoding, jobs, opening, queries
from sarana.care.people.photographs.keys import key_of
from sarana.ground.ledger.models import Entry
from sarana.ground.vault import places
from sarana.ground.vault.identities import files
from sarana.ground.vault.identities.actions.destroying import destroy_over
from sarana.ground.vault.identities.actions.erasing import hold
from sarana.ground.vault.identities.actions.turning import rotate
from sarana.ground.vault.identities.models import Erased, Sealed, Subject
from sarana.methods.sealing.identities import Tier

pytestmark = pytest.mark.django_db


def lying() -> list[Path]:
    return sorted(files.folder().glob("*")) if files.folder().is_dir() else []


def acts() -> list[str]:
    return list(Entry.objects.filter(action__startswith="people.").order_by("id").values_list("action", flat=True))


def test_of_a_file_nothing_but_pixels_is_kept_and_these_lie_sealed(houses: TwoHouses) -> None:
    person, data = a_person_of(houses), a_photograph()
    assert all(mark in data for mark in (b"SECRET-PLACE", b"SECRET-THUMB")), "the photograph tells nothing to drop"
    made = added(houses.worker, person.ref, data)
    assert (made.sha256, made.width, made.height) == (hashlib.sha256(data).hexdigest(), 400, 300)
    (file,) = lying()
    assert file.stat().st_mode & 0o777 == 0o600
    assert not any(mark in file.read_bytes() for mark in (*MARKS, b"JFIF", b"\xff\xd8\xff", made.sha256.encode()))
    picture = opening.open_photograph(houses.worker, queries.get_photograph(houses.worker, made.ref))
    assert (picture.width, picture.height, picture.original_sha256) == (400, 300, made.sha256)
    assert not any(mark in opening.to_show(picture).data for mark in MARKS)
    assert acts() == ["people.entered", "people.photograph-added", "people.photograph-shown"]
    line = Entry.objects.get(action="people.photograph-shown")
    assert (line.thing_ref, line.purpose, line.n_things) == (person.ref, "help", 1)


def test_the_bytes_that_are_kept_hold_none_of_what_a_camera_wrote(houses: TwoHouses, monkeypatch: Any) -> None:
    kept: list[bytes] = []
    seal = files.seal_padded
    monkeypatch.setattr(files, "seal_padded", lambda data, *more: kept.append(data) or seal(data, *more))
    added(houses.worker, a_person_of(houses).ref)
    assert len(kept) == 1
    assert not any(mark in kept[0] for mark in MARKS)


def test_the_same_file_is_kept_once_and_the_number_has_an_end(houses: TwoHouses, monkeypatch: Any) -> None:
    person = a_person_of(houses)
    first = added(houses.worker, person.ref)
    again, is_new = actions.add(houses.supervisor, person.ref, Photograph.Kind.PORTRAIT, a_photograph())
    assert (again.ref, is_new, len(lying())) == (first.ref, False, 1)
    monkeypatch.setattr(actions, "MOST", 1)
    with pytest.raises(NotYet, match="PEOPLE-051"):
        added(houses.worker, person.ref, a_photograph((1, 2, 3)))
    assert len(lying()) == 1


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "PICTURES-001"),
        (b"no picture at all", "PICTURES-002"),
        (a_photograph()[:900], "PICTURES-007"),
        (b"\0\0\0\x18ftypheic" + bytes(99), "PICTURES-003"),
        (b"%PDF-1.7", "PICTURES-002"),
    ],
)
def test_a_file_that_is_no_photograph_leaves_nothing(houses: TwoHouses, data: bytes, code: str) -> None:
    person = a_person_of(houses)
    with pytest.raises(BadFile, match=code):
        actions.add(houses.worker, person.ref, Photograph.Kind.PORTRAIT, data)
    assert (lying(), Photograph.objects.count(), acts()) == ([], 0, ["people.entered"])


@pytest.mark.check("A-02")
def test_who_may_not_know_of_a_person_finds_none_of_her_photographs(houses: TwoHouses) -> None:
    person = a_person_of(houses, level=Person.Level.CLOSED)
    made = added(houses.worker, person.ref)
    colleague = replace(acting(a_person(houses.ours, "shelter", name="Colleague")), purpose="help")
    for other in (colleague, houses.supervisor, houses.police, houses.outsider):
        with pytest.raises(Photograph.DoesNotExist):
            queries.get_photograph(other, made.ref)
        assert not queries.photographs_of(other, person).exists()
        with pytest.raises(Person.DoesNotExist):
            added(other, person.ref)
        with pytest.raises(Photograph.DoesNotExist):
            actions.remove(other, made.ref)
    with pytest.raises(NotYet, match="PEOPLE-004"):
        queries.get_photograph(replace(houses.worker, purpose=""), made.ref)
    people.assign(houses.worker, person.ref, colleague.account_ref)
    assert queries.get_photograph(colleague, made.ref) == made


@pytest.mark.check("A-14")
def test_the_days_number_of_people_is_an_end(houses: TwoHouses, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(budget.MOST_A_DAY, budget.PHOTOGRAPHED, 1)
    first, second = (added(houses.worker, a_person_of(houses).ref) for _time in range(2))
    for _time in range(2):
        opening.open_photograph(houses.worker, queries.get_photograph(houses.worker, first.ref))
    with pytest.raises(Refused, match="PEOPLE-011"):
        opening.open_photograph(houses.worker, queries.get_photograph(houses.worker, second.ref))


@pytest.mark.parametrize("act", [budget.MASKED_SHOWN, budget.MASKED_TAKEN])
def test_masked_copies_have_a_days_number_too(houses: TwoHouses, monkeypatch: pytest.MonkeyPatch, act: str) -> None:
    monkeypatch.setitem(budget.MOST_A_DAY, act, 1)
    first, second = (
        masked_of(
            houses.worker, queries.get_photograph(houses.worker, added(houses.worker, a_person_of(houses).ref).ref)
        )
        for _time in range(2)
    )
    for _time in range(2):
        opening.open_masked(houses.worker, first, act=act)
    with pytest.raises(Refused, match="PEOPLE-011"):
        opening.open_masked(houses.worker, second, act=act)


@pytest.mark.check("F-11")
def test_a_file_that_was_changed_swapped_or_taken_away_is_told(houses: TwoHouses, counted: Counted) -> None:
    person = a_person_of(houses)
    one, two = added(houses.worker, person.ref), added(houses.worker, person.ref, a_photograph((1, 2, 3)))
    found = queries.get_photograph(houses.worker, one.ref)
    first, second = (files.folder() / f"{each.ref}.sealed" for each in (one, two))
    kept = first.read_bytes()
    for wrong in (second.read_bytes(), kept[:-1] + bytes([kept[-1] ^ 1]), kept[:100], b""):
        first.write_bytes(wrong)
        with pytest.raises(Refused, match="VAULT-001"):
            opening.open_photograph(houses.worker, found)
    dice = random.Random(11)
    for _time in range(counted("flips in a photograph", 200, least=20)):
        at = dice.randrange(len(kept) * 8)
        first.write_bytes(kept[: at // 8] + bytes([kept[at // 8] ^ 1 << at % 8]) + kept[at // 8 + 1 :])
        with pytest.raises(Refused, match="VAULT-001"):
            opening.open_photograph(houses.worker, found)
    first.write_bytes(kept)
    assert opening.open_photograph(houses.worker, found).original_sha256 == one.sha256
    first.unlink()
    with pytest.raises(BadFile, match="VAULT-076"):
        opening.open_photograph(houses.worker, found)


@pytest.mark.check("A-18")
def test_removing_ends_key_row_and_file_and_a_hold_keeps_them(
    houses: TwoHouses, django_capture_on_commit_callbacks: Any
) -> None:
    person = a_person_of(houses)
    made = added(houses.worker, person.ref)
    masked_of(houses.worker, queries.get_photograph(houses.worker, made.ref))
    assert len(lying()) == 2
    review = houses.supervisor.today.replace(year=houses.supervisor.today.year + 1)
    hold(houses.supervisor, person.ref, reason=Subject.Held.COURT, review_on=review)
    with pytest.raises(NotYet, match="PEOPLE-052"):
        actions.remove(houses.worker, made.ref)
    Subject.objects.update(held="", held_at=None, review_on=None)
    with django_capture_on_commit_callbacks(execute=True):
        actions.remove(houses.worker, made.ref)
    assert (lying(), Photograph.objects.count(), MaskedCopy.objects.count()) == ([], 0, 0)


def test_a_hold_that_is_set_in_this_very_moment_keeps_the_photograph(
    houses: TwoHouses, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = a_person_of(houses)
    made, get_own = added(houses.worker, person.ref), people_queries.get_own

    def held_meanwhile(actor: Actor, ref: UUID) -> Person:
        found = get_own(actor, ref)
        review = houses.supervisor.today.replace(year=houses.supervisor.today.year + 1)
        hold(houses.supervisor, ref, reason=Subject.Held.COURT, review_on=review)
        return found

    monkeypatch.setattr(people_queries, "get_own", held_meanwhile)
    with pytest.raises(NotYet, match="PEOPLE-052"):
        actions.remove(houses.worker, made.ref)
    assert Photograph.objects.count() == 1


@pytest.mark.check("A-18")
def test_erasing_the_person_ends_her_files_here_and_in_every_backup(
    houses: TwoHouses, django_capture_on_commit_callbacks: Any
) -> None:
    person = a_person_of(houses)
    made = added(houses.worker, person.ref)
    kept = lying()[0].read_bytes()
    with django_capture_on_commit_callbacks(execute=True):
        people.erase(houses.supervisor, person.ref, Erased.Reason.OWN_REQUEST)
    assert (lying(), Photograph.objects.count(), Sealed.objects.count()) == ([], 0, 0)
    # An old backup has the file; what opened it is gone with the person.
    files.folder().joinpath(f"{made.ref}.sealed").write_bytes(kept)
    for key in (b"", bytes(32)):
        with pytest.raises(Refused, match="VAULT-001"):
            files.read(made.ref, made.agency_ref, key)


def test_the_key_of_a_file_stands_in_no_place_but_the_sealed_tier(houses: TwoHouses, monkeypatch: Any) -> None:
    drawn: list[bytes] = []
    new = files.new_person_key
    monkeypatch.setattr(files, "new_person_key", lambda: drawn.append(new()) or drawn[-1])
    added(houses.worker, a_person_of(houses).ref)
    key = drawn[0]
    assert len(key) == 32
    for table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{table}"')
            rows = repr(cursor.fetchall()).encode()
        assert repr(key)[2:-1].encode() not in rows
        assert key.hex().encode() not in rows
    assert not any(key in file.read_bytes() for file in places.home().rglob("*") if file.is_file())


@pytest.mark.check("A-20")
def test_what_was_cut_between_file_and_row_is_taken_away_and_nothing_else(houses: TwoHouses, monkeypatch: Any) -> None:
    person = a_person_of(houses)
    made = added(houses.worker, person.ref)
    fresh = files.folder() / "0b8f1fc8-5a3c-4e8e-9a43-0d0a6c1f6a11.sealed"
    orphan = files.folder() / "0b8f1fc8-5a3c-4e8e-9a43-0d0a6c1f6a22.sealed"
    part = files.folder() / "0b8f1fc8-5a3c-4e8e-9a43-0d0a6c1f6a33.sealed.part"
    for file in (fresh, orphan, part):
        file.write_bytes(b"cut")
    hours_ago = time.time() - 2 * files.LEFT_BEHIND_SECONDS
    for file in (orphan, part, files.folder() / f"{made.ref}.sealed"):
        os.utime(file, (hours_ago, hours_ago))
    assert sorted(jobs.nobodys()) == [orphan, part]
    assert [due.code for due in jobs.due(houses.worker)] == [jobs.SWEEP.code]


def test_where_the_row_does_not_stand_the_file_goes(houses: TwoHouses, monkeypatch: Any) -> None:
    person = a_person_of(houses)

    def breaks(*_args: Any, **_more: Any) -> None:
        raise NotYet("LEDGER-002", "It could not be written down.")

    monkeypatch.setattr(actions, "amend", breaks)
    with pytest.raises(NotYet, match="LEDGER-002"):
        added(houses.worker, person.ref)
    assert (lying(), Photograph.objects.count()) == ([], 0)


def test_photographs_are_opened_few_at_a_time(houses: TwoHouses, monkeypatch: Any) -> None:
    monkeypatch.setattr(decoding, "WAITS_SECONDS", 0.01)
    with decoding.decoding(), decoding.decoding(), pytest.raises(Busy, match="PEOPLE-050"):
        added(houses.worker, a_person_of(houses).ref)
    added(houses.worker, a_person_of(houses).ref)


def test_a_masked_copy_is_made_of_the_very_photograph_that_was_opened(houses: TwoHouses) -> None:
    person = a_person_of(houses)
    one, two = added(houses.worker, person.ref), added(houses.worker, person.ref, a_photograph((1, 2, 3)))
    other = opening.open_photograph(houses.worker, queries.get_photograph(houses.worker, two.ref))
    with pytest.raises(Refused, match="PEOPLE-053"):
        actions.mask(houses.worker, one.ref, other, [FACE])
    assert len(lying()) == 2


@pytest.mark.parametrize("values", [{"keys": 1}, {"keys": {"x": 5}}, {"other": {}}, {"keys": {"x": "no base64!"}}])
def test_keys_of_another_shape_are_told(values: dict[str, Any]) -> None:
    with pytest.raises(BadFile, match="PEOPLE-002"):
        key_of(values, NOBODY)


def test_turned_keys_of_the_agency_open_photographs_as_before(houses: TwoHouses) -> None:
    made = added(houses.worker, a_person_of(houses).ref)
    rotate(houses.custodian, agency=houses.ours.ref)
    assert destroy_over(houses.custodian, houses.ours.ref) == 0
    found = queries.get_photograph(houses.worker, made.ref)
    assert opening.open_photograph(houses.worker, found).width == 400
    assert Sealed.objects.get(tier=Tier.IMAGES).version == 1
