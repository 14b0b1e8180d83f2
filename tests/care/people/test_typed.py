"""What people type: nothing is lost, what is wrong is said at its field, and no text becomes anything but text."""

import datetime as dt
import html
import re
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from care.people.conftest import comes, typed
from makers.identities import TwoHouses
from sarana.basics.errors import NotYet, Refused
from sarana.care.people import actions, opening, queries, world
from sarana.care.people.actions import Facts
from sarana.care.people.fields import Written
from sarana.care.people.forms import common_year
from sarana.care.people.models import Person
from sarana.care.people.values import BirthOf, Names, Story, checked_name
from sarana.methods.sealing.identities import Tier

SCRIPT = "<script>alert('zq')</script>"
TEXTS = (
    "names-0-text", "names-0-given", "names-0-family", "birth-gender", "papers-0-number", "ways-0-value",
    "ways-0-whose", "ways-0-say", "where-address", "story-own_words", "story-health",
)  # fmt: skip
LINES = {"names-n": "2", "papers-n": "1", "ways-n": "1"}


def sent(client: Client, **more: Any) -> tuple[int, str]:
    """The answer to a form of somebody new."""
    answer = client.post("/people/new/", typed(**more))
    return answer.status_code, html.unescape(answer.content.decode())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "text", "says"),
    [
        ("names__0__text", "", "Write one name at least"),
        ("names__0__text", " \u200b\u202e ", "A name needs letters"),
        ("names__0__text", "\u0301\u0302\u0e31\u0e49", "A name needs letters"),
        ("names__0__text", "x" * 10_000, "This has 10,000 letters; 200 are kept at most."),
        ("names__0__given", "x" * 10_000, "This has 10,000 letters; 200 are kept at most."),
        ("names__0__kind", "stage-name", "Select a valid choice."),
        ("story__own_words", "x" * 20_001, "This has 20,001 letters; 20,000 are kept at most."),
        ("birth__day", "12", "needs its year"),
        ("birth__year", "2540", "not one of the common era"),
        ("birth__year", "12", "not one of the common era"),
        ("birth__year", "last year", "Enter a whole number."),
        ("birth__age", "-1", "greater than or equal to 0"),
        ("birth__give_or_take", "11", "less than or equal to 10"),
        ("papers__0__until", "2031-01-01", "A paper needs its number"),
        ("papers__0__country", "Atlantis", "A paper needs its number"),
        ("facts__nationalities", ["Atlantis"], "“Atlantis” is not known here."),
        ("facts__languages", ["th", SCRIPT], f"“{SCRIPT}” is not known here."),
        ("facts__sex", "", "This field is required."),
        ("facts__level", "secret", "Select a valid choice."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_is_still_there(
    houses: TwoHouses, field: str, text: Any, says: str
) -> None:
    kept = {"story__health": "Zqhealth every morning", "names__1__text": "Zqsecond"}
    status, page = sent(comes(houses.worker), **{**kept, "names__1__text": "", field: text})
    assert status == 422
    assert says in page
    assert "Zqhealth every morning" in page
    assert (text if isinstance(text, str) else text[-1]).strip("\u200b\u202e ") in page
    assert "This was not saved yet" in page
    assert not Person.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("birth", "kept"),
    [
        ({"year": "1990"}, BirthOf(1990)),
        ({"year": "2533", "calendar": "buddhist"}, BirthOf(1990, calendar="buddhist")),
        ({"year": "2482", "month": "2", "calendar": "buddhist"}, BirthOf(1940, 2, calendar="buddhist")),
        ({"year": "2000", "month": "2", "day": "29"}, BirthOf(2000, 2, 29)),
        ({"year": "1990", "give_or_take": "3"}, BirthOf(1990, give_or_take=3)),
        ({"age": "34"}, BirthOf(dt.datetime.now(dt.UTC).year - 34, give_or_take=1)),
    ],
)  # fmt: skip
def test_a_birth_is_kept_as_closely_as_it_was_told(houses: TwoHouses, birth: dict[str, str], kept: BirthOf) -> None:
    status, page = sent(comes(houses.worker), **{f"birth__{name}": text for name, text in birth.items()})
    assert status == 302, page
    revealed = opening.reveal(houses.worker, Person.objects.get())
    assert revealed is not None
    assert revealed.holds.birth == kept


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("birth", "says"),
    [
        ({"year": "2001", "month": "2", "day": "29"}, "no such day"),
        ({"year": "2001", "day": "29"}, "A day needs its month."),
        ({"year": "2001", "age": "20"}, "a year and an age"),
        ({"year": "1990", "calendar": "buddhist"}, "not one of the Buddhist era"),
    ],
)
def test_a_birth_that_cannot_be_is_said_in_words(houses: TwoHouses, birth: dict[str, str], says: str) -> None:
    status, page = sent(comes(houses.worker), **{f"birth__{name}": text for name, text in birth.items()})
    assert (status, says in page) == (422, True)


def test_years_of_the_buddhist_era_began_in_april_until_1940() -> None:
    assert [common_year(2533, None), common_year(2482, 3), common_year(2482, 4), common_year(2484, 1)] == [
        1990, 1940, 1939, 1941,
    ]  # fmt: skip


@pytest.mark.django_db
def test_a_script_in_any_text_stays_text(houses: TwoHouses) -> None:
    client = comes(houses.worker)
    form = {**typed(), **dict.fromkeys(TEXTS, SCRIPT), "ways-0-safety": "safe"}
    answer = client.post("/people/new/", form)
    assert answer.status_code == 302, answer.content.decode()
    person = Person.objects.get()
    pages = [client.post(f"/people/{person.ref}/{part}/") for part in ("name", "contact", "story")]
    pages += [client.post(f"/people/{person.ref}/change/{part}/") for part in ("names", "contact", "story")]
    pages += [client.get("/people/"), client.post("/people/new/", {**form, "birth-day": "3"})]
    for page in pages:
        assert page.status_code in (200, 422)
        assert b"<script>alert" not in page.content
    assert sum(page.content.count(b"&lt;script&gt;alert") for page in pages) >= 2 * len(TEXTS)


@pytest.mark.django_db
def test_more_lines_keep_what_was_typed_and_check_nothing(houses: TwoHouses) -> None:
    client = comes(houses.worker)
    form = {**typed(names__0__text="x" * 300, birth__day="99", papers__0__until="one day"), "more": "names"}
    answer = client.post("/people/new/", form)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "is-wrong" not in page
    assert ["x" * 300 in page, 'value="99"' in page, 'value="one day"' in page] == [True] * 3
    assert 'name="names-n" value="4"' in page
    assert page.count('name="names-3-text"') == 1
    assert not Person.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("n", ["", "-3", "x", "9" * 30, "1000", "\u0e53"])
def test_a_count_of_lines_that_is_none_is_one_that_is(houses: TwoHouses, n: str) -> None:
    assert sent(comes(houses.worker), names__n=n)[0] == 302


@pytest.mark.django_db
def test_two_people_save_one_field_and_neither_loses_what_she_wrote(houses: TwoHouses) -> None:
    person = actions.enter(houses.worker, houses.ours.ref, Facts(), Names((checked_name("First"),)), Story("At first"))
    one, other, here = comes(houses.worker), comes(houses.supervisor), f"/people/{person.ref}/change/"
    for part, mine, theirs in (
        ("names", {**LINES, "names-0-text": "Zqmine"}, {**LINES, "names-0-text": "Zqtheirs"}),
        (
            "story",
            {"story-own_words": "Zqmine", "story-health": ""},
            {"story-own_words": "Zqtheirs", "story-health": ""},
        ),
    ):
        assert 'name="version" value="1"' in one.post(f"{here}{part}/").content.decode()
        assert other.post(f"{here}{part}/", {**theirs, "version": "1"}).status_code == 302
        beside = one.post(f"{here}{part}/", {**mine, "version": "1"})
        page = beside.content.decode()
        assert beside.status_code == 409
        assert ["Zqmine" in page, "Zqtheirs" in page, 'name="version" value="2"' in page] == [True] * 3
        assert one.post(f"{here}{part}/", {**mine, "version": "2"}).status_code == 302
    revealed = opening.reveal(houses.worker, person)
    assert revealed is not None
    assert [name.text for name in revealed.holds.names] == ["Zqmine"]


@pytest.mark.django_db
def test_facts_that_two_save_are_shown_side_by_side(houses: TwoHouses) -> None:
    person = actions.enter(houses.worker, houses.ours.ref, Facts(), Names((checked_name("First"),)))
    client, here = comes(houses.worker), f"/people/{person.ref}/change/facts/"
    form = {"facts-sex": "male", "facts-stateless": "no", "facts-level": "audited", "facts-languages": ["ไทใหญ่"]}
    assert client.get(here).status_code == 200
    assert client.post(here, {**form, "revision": "1"}).status_code == 302
    again = client.post(here, {**form, "facts-languages": ["Lao"], "revision": "1"})
    assert again.status_code == 409
    assert ["Shan" in again.content.decode(), 'value="Lao"' in again.content.decode()] == [True, True]
    assert client.post(here, {**form, "facts-sex": "nobody", "revision": "2"}).status_code == 422
    assert Person.objects.get().languages == ["shn"]
    assert queries.assigned_to(person) == {houses.worker.account_ref}
    actions.end_assigned(houses.worker, person.ref, houses.worker.account_ref)
    closed = client.post(here, {**form, "facts-level": "closed", "revision": "2"})
    assert closed.status_code == 422
    assert "Nobody would be left who may open this person." in closed.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("part", ["names", "contact", "story"])
def test_a_form_that_was_cut_on_its_way_saves_nothing(houses: TwoHouses, part: str) -> None:
    person = actions.enter(houses.worker, houses.ours.ref, Facts(), Names((checked_name("First"),)), Story("Told"))
    answer = comes(houses.worker).post(f"/people/{person.ref}/change/{part}/", {"version": "1"})
    assert answer.status_code == 200
    person.subject.refresh_from_db()
    assert person.subject.versions == {Tier.NAMES: 1, Tier.STORY: 1}


@pytest.mark.django_db
def test_where_every_code_is_taken_somebody_is_not_entered(houses: TwoHouses, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "new_code", lambda: "SR-22222")
    actions.enter(houses.worker, houses.ours.ref, Facts(), Names((checked_name("First"),)))
    with pytest.raises(NotYet, match="PEOPLE-010"):
        actions.enter(houses.worker, houses.ours.ref, Facts(), Names((checked_name("Second"),)))
    status, page = sent(comes(houses.worker))
    assert (status, "No code is free for this person." in page, "มาลี ใจดี" in page) == (422, True, True)
    assert Person.objects.count() == 1


@pytest.mark.django_db
def test_who_ends_nothing_is_refused_in_words(houses: TwoHouses) -> None:
    with pytest.raises(Refused, match="PEOPLE-012"):
        queries.check_may_end(houses.worker)


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("mm", "MM"),
        ("Myanmar (Burma)", "MM"),
        ("เมียนมา (พม่า)", "MM"),
        ("  laos ", "LA"),
        ("XX", ""),
        ("ZZ", ""),
        ("", ""),
    ],
)
def test_a_country_is_read_from_its_code_or_its_name_in_any_language_of_the_region(text: str, country: str) -> None:
    assert world.find_country(text) == country


@pytest.mark.parametrize(
    ("text", "language"), [("shn", "shn"), ("ไทใหญ่", "shn"), ("S'gaw Karen", "ksw"), ("Elvish", "")]
)
def test_a_language_is_read_the_same_way(text: str, language: str) -> None:
    assert world.find_language(text) == language


def test_every_country_and_language_that_is_offered_has_a_name() -> None:
    assert all(name and name != code for code, name in (*world.countries(), *world.languages()))
    assert len(world.countries()) == len({code for code, _name in world.countries()}) > 240


def test_no_text_field_cuts_what_is_too_long() -> None:
    assert not re.search("maxlength", str(Written(longest=5).widget.render("a", "b")))


@pytest.mark.parametrize("language", ["en", "th"])
def test_every_language_that_is_offered_has_a_name_on_the_page(language: str) -> None:
    with override(language):
        assert [name for code, name in world.languages() if name == code] == []
