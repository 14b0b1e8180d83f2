"""The year of a province: reckoned from what is stored, found again by somebody new, with two of three sheets."""

import datetime as dt
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from learning.population.test_columns import chosen_in, with_other_headers
from makers.agencies import NOW, a_person, acting, give, local
from makers.boundaries import a_list
from makers.counted import on_one
from makers.handed import a_source, keep
from makers.handed_province import an_office, handed_over, invented
from makers.sittings import come_in
from makers.vaults import Place, a_place
from makers.work import work
from sarana.config.commands.entry import run
from sarana.ground.accounts import actions as accounts
from sarana.ground.accounts.models import Account, Agency
from sarana.ground.codelists.models import Edition
from sarana.ground.jobs.models import Job
from sarana.ground.vault import journal, places
from sarana.learning.population.models import Figure, HandedFile, Holding, Run, Source, Update
from sarana.learning.population.year import reckoning, waiting
from sarana.learning.population.year.showing import DONE, FIRST, LATER, TODO, steps

pytestmark = pytest.mark.django_db

THIRTEEN_MONTHS = dt.timedelta(days=412)
LATER_ON = NOW + THIRTEEN_MONTHS
TEN_MINUTES = 600


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return invented(tmp_path_factory)


@pytest.fixture
def place(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Place:
    """Keys that a stick opens, three sheets of shares, and a backup that was tried."""
    found = a_place(tmp_path, settings)
    settings.SARANA_THREADS, settings.SARANA_MEMORY = 1, "2GiB"
    monkeypatch.setenv("SARANA_HOME", str(found.home))
    monkeypatch.setenv("SARANA_KEYS", str(found.keys))
    monkeypatch.setenv("SARANA_KEYFILE", str(found.key_file))
    with time_machine.travel(NOW):
        assert run(["keys", "shares", "--out", str(tmp_path / "sheets")]) == 0
        assert run(["keys", "drill", *shares(tmp_path, 1, 2)]) == 0
        backed_up(found, NOW)
    return found


def backed_up(place: Place, now: dt.datetime) -> None:
    made = journal.Made("1", "somewhere", now, n_bytes=1, n_rows=1, sha256="0")
    journal.remember(place.home, made=made, tried=journal.Tried("1", now, "a backup"))


def shares(folder: Path, *numbers: int) -> list[str]:
    return [word for n in numbers for word in ("--share", str(folder / f"sheets/recovery-share-{n}.html"))]


@pytest.fixture
def office(place: Place, province: Path) -> Iterator[tuple[Agency, Account]]:
    """A centre with its officer, all of whose files are here."""
    with time_machine.travel(NOW):
        centre, officer = an_office()
        give(officer, centre, "provincial-data-officer")
        handed_over(officer, centre, province, "areas")
        handed_over(officer, centre, province, "health")
    return centre, officer


def form(centre: Agency, **more: Any) -> dict[str, Any]:
    sources = [str(source.ref) for source in Source.objects.exclude(layout="areas")]
    asked = {"name": "Chiang Mai", "agency": str(centre.ref), "area": "TH50", "indicators": "chiang-mai-28"}
    return {**asked, "as_of": "2026-06-30", "until": "2027-10-01", "sources": sources, **more}


def standing(person: Account, now: dt.datetime) -> dict[str, str]:
    """How each step stands for somebody."""
    actor = acting(person, now=now)
    return {step.code: step.state for step in steps(actor, reckoning.year_of(actor, "TH50"))}


def done(client: Client, address: str, given: dict[str, Any]) -> Job:
    answer = client.post(address, given)
    assert answer.status_code == 302, answer.content.decode()
    assert work()
    return Job.objects.latest("pk")


def looked_through(client: Client, source: Source) -> Job:
    return done(client, reverse("population:look-through", args=[source.ref]), {})


@pytest.fixture
def new_officer(office: tuple[Agency, Account], place: Place) -> Iterator[tuple[Client, Account]]:
    """Thirteen months after an update: whoever made it is gone, so is the stick, and somebody new comes in."""
    centre, before = office
    with time_machine.travel(NOW):
        client = come_in(before)
        assert looked_through(client, Source.objects.get(layout="health")).state == "done"
        assert done(client, reverse("population:updates"), form(centre)).state == "done"
        accounts.end_account(local(), before)
    place.key_file.unlink()
    with time_machine.travel(LATER_ON):
        officer = a_person(centre, "provincial-data-officer", name="New")
        yield come_in(officer), officer


@pytest.fixture
def access_back(
    new_officer: tuple[Client, Account], place: Place, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Place:
    """With two of three sheets, and nothing else; as the manual in the product says it."""
    check_she_is_told_what_comes_first(*new_officer)
    folder = place.home.parent
    began = time.monotonic()
    new = folder / "other stick" / "new.key"
    monkeypatch.delenv("SARANA_KEYFILE")
    assert run(["keys", "drill", *shares(folder, 3)]) != 0
    assert run(["keys", "drill", *shares(folder, 1, 3)]) == 0
    assert run(["keys", "add", "new", "--key-file", str(new), *shares(folder, 1, 3)]) == 0
    settings.SARANA_KEYFILE = new
    monkeypatch.setenv("SARANA_KEYFILE", str(new))
    assert run(["keys", "remove", "the stick"]) == 0
    assert time.monotonic() - began < TEN_MINUTES
    return place


def point_at_the_one_column(client: Client, source: Source, header: str) -> None:
    pointing = reverse("population:columns", args=[source.ref])
    assert pointing in client.get(reverse("population:year")).content.decode()
    chosen = chosen_in(client.get(pointing).content.decode())
    (empty,) = [name for name, found in chosen.items() if not found]
    sent = {**chosen, empty: header}
    assert client.post(reverse("population:point-at-columns", args=[source.ref]), sent).status_code == 302


def check_she_is_told_what_comes_first(client: Client, officer: Account) -> None:
    manual = reverse("population:year-manual")
    page = client.get(reverse("population:year")).content.decode()
    for words in ("412 days ago", "Nothing is taken for granted", "see to this first", manual):
        assert words in page, words
    assert "keys add" in client.get(manual).content.decode()
    (line,) = waiting.lines(acting(officer, now=LATER_ON))
    assert (line.address, line.until) == ("population:year", dt.date(2027, 6, 30))
    assert "412 days" in client.get("/").content.decode()
    now = standing(officer, LATER_ON)
    assert (now["backup"], now["keys"], now["files"], now["update"]) == (FIRST, FIRST, TODO, LATER)
    assert "or older than the list of villages: Health register. Ask" in page, "its codes of villages are of last year"


@on_one("sqlite")
def test_a_new_officer_finds_her_way_thirteen_months_later_and_makes_the_update(
    new_officer: tuple[Client, Account], access_back: Place, province: Path, tmp_path: Path
) -> None:
    """The stick is gone by now, and access came back by two of three sheets."""
    client, officer = new_officer
    health = Source.objects.get(layout="health")
    updates = client.get(reverse("population:updates"))
    assert updates.context["form"].fields["sources"].initial == [], "what the last map read is not ticked"
    assert "its file is that of last year" in updates.content.decode()
    backed_up(access_back, LATER_ON)
    assert standing(officer, LATER_ON)["keys"] == DONE

    # The office renamed a column, and sends another day's file.
    renamed = with_other_headers(province / "health.csv", tmp_path, SEX="เพศ")
    keep(acting(officer, now=LATER_ON), health, renamed, "health.csv")
    failed = looked_through(client, health)
    assert (failed.state, failed.code) == ("failed", "READ-006")
    (villages, line) = reckoning.year_of(acting(officer, now=LATER_ON), "TH50").lines
    assert villages.is_villages
    assert [(change.came, change.went) for change in line.changes] == [(("เพศ",), ("SEX",))]
    assert (line.is_fresh, line.is_dated, line.n_open) == (True, False, 1)
    point_at_the_one_column(client, health, "เพศ")
    assert "look through it" in client.get(reverse("population:year")).content.decode()
    assert looked_through(client, health).state == "done"
    ticked = client.get(reverse("population:updates")).context["form"].fields["sources"].initial
    assert ticked == [str(health.ref)]
    Source.objects.filter(pk=health.pk).update(as_of=dt.date(2027, 6, 30))
    now = standing(officer, LATER_ON)
    assert (now["files"], now["reading"], now["update"]) == (DONE, DONE, TODO)

    job = done(client, reverse("population:updates"), form(health.agency, as_of="2027-06-30", until="2028-10-01"))
    assert (job.state, job.code) == ("done", ""), job.says
    assert (Update.objects.count(), Run.objects.count()) == (2, 2)
    latest = Run.objects.latest("pk")
    page = client.get(reverse("population:changes", args=[latest.ref]))
    districts = Figure.objects.filter(run=latest, level="district", group="all").values_list("code", flat=True)
    assert {line.code for line in page.context["lines"]} == set(districts) != set()
    assert "How sure" in page.content.decode()
    now = standing(officer, LATER_ON)
    assert {now[code] for code in ("backup", "keys", "files", "reading", "update")} == {DONE}
    assert (now["comparing"], now["telling"]) == (TODO, TODO)
    assert "30 June 2028" in client.get(reverse("population:year")).content.decode()
    assert not list(waiting.lines(acting(officer, now=LATER_ON)))


REFUSED = {
    "name": "Register of farms",
    "sector": "other",
    "holder": "Office of farms",
    "contact": "Building 4",
    "legal_basis": "Farm Act s. 3",
    "codes": "villages by eight digits",
    "stands": "no",
    "refused_by": "Office of farms",
    "reason": "no-agreement",
    "next_step": "Ask the governor",
    "next_on": "2026-01-31",
}


def test_who_holds_what_is_written_down_with_who_refused_and_why(place: Place) -> None:
    centre, officer = an_office()
    give(officer, centre, "provincial-data-officer")
    client, new = come_in(officer), reverse("population:write-holding")
    given = {**REFUSED, "agency": str(centre.ref), "area": "TH50"}
    for wrong in ({"reason": ""}, {"refused_by": ""}, {"stands": "yes"}, {"area": "TH57"}, {"reason": "rumour"}):
        answer = client.post(new, {**given, **wrong})
        assert (answer.status_code, "Register of farms" in answer.content.decode()) == (422, True), wrong
    assert client.post(new, given).status_code == 302
    made = Holding.objects.get()
    page = client.get(reverse("population:holdings") + "?stands=no").content.decode()
    assert "an agreement is missing or has run out" in page
    assert all(told in page for told in ("Office of farms", "villages by eight digits")), "who refused, in which codes"
    assert "Register of farms" not in client.get(reverse("population:holdings") + "?stands=yes").content.decode()
    guide = client.get(reverse("population:year")).content.decode()
    assert "Refused: 1." in guide
    assert "1 next step is due" in guide
    source = a_source(officer, centre)
    address = reverse("population:holding", args=[made.ref])
    had = {**REFUSED, "stands": "yes", "refused_by": "", "reason": "", "source": str(source.ref), "version": "1"}
    assert client.post(address, had).status_code == 302
    late = client.post(address, {**had, "name": "Late"})
    shown = late.content.decode()
    assert (late.status_code, "POPULATION-053" in shown, 'value="Late"' in shown) == (422, True, True)
    made.refresh_from_db()
    assert (made.name, made.source, made.version) == ("Register of farms", source, 2)
    assert 'name="version" value="2"' in shown, "kept once more, it takes the place of the other"
    for person in (a_person(centre, "data-specialist"), a_person(centre, "district-officer")):
        assert come_in(person).get(address).status_code == 403
    elsewhere = accounts.make_agency(local(), name="Far", kind=Agency.Kind.HEALTH, country="TH", areas=["TH57"])
    far = come_in(a_person(elsewhere, "provincial-data-officer"))
    assert (far.get(address).status_code, far.post(address, had).status_code) == (404, 404)


def test_only_the_officer_of_the_province_has_a_guide(office: tuple[Agency, Account]) -> None:
    centre, _officer = office
    for name in ("population:year", "population:year-manual"):
        for role, status in (("provincial-data-officer", 200), ("data-specialist", 403), ("district-officer", 403)):
            client = come_in(a_person(centre, role))
            assert client.get(reverse(name)).status_code == status, (name, role)
    nowhere = accounts.make_agency(local(), name="Far", kind=Agency.Kind.HEALTH, country="TH", areas=["TH57"])
    far = a_person(nowhere, "provincial-data-officer")
    page = come_in(far).get(reverse("population:year") + "?area=TH50")
    assert page.status_code == 200
    assert page.context["area"] == "TH57", "another province is not shown, and neither is nothing"
    assert "Health register" not in page.content.decode()
    assert [line.asks for line in waiting.lines(acting(far))] == ["?area=TH57"]
    district = accounts.make_agency(local(), name="Near", kind=Agency.Kind.HEALTH, country="TH", areas=["TH5001"])
    near = a_person(district, "provincial-data-officer")
    page = come_in(near).get(reverse("population:year"))
    assert (page.context["area"], list(waiting.lines(acting(near)))) == ("", [])


def test_without_keys_and_without_any_source_the_guide_still_opens(place: Place, settings: Any) -> None:
    centre, officer = an_office()
    give(officer, centre, "provincial-data-officer")
    place.lose_the_vault()
    page = come_in(officer).get(reverse("population:year")).content.decode()
    assert "There are no keys here that could be read" in page
    assert "No update was started here yet" in page
    assert standing(officer, NOW)["lists"] == FIRST


def a_run(agency: Agency, number: int, **more: Any) -> Run:
    same = {"name": "Map", "area": "TH50", "is_invented": True, "indicator_set": "x", "opens_at": "district"}
    same |= {"as_of": dt.date(2025, 6, 30), "taken_in_at": NOW - dt.timedelta(days=400)}
    return Run.objects.create(agency=agency, fingerprint=str(number), table_hash=str(number + 100), **{**same, **more})


def an_update(agency: Agency, run: Run | None, **more: Any) -> Update:
    same = {"name": "Update", "area": "TH50", "as_of": dt.date(2025, 6, 30), "indicators": "chiang-mai-28"}
    same |= {"until": dt.date(2027, 1, 31), "asked_at": NOW - dt.timedelta(days=401), "asked_by_ref": agency.ref}
    return Update.objects.create(agency=agency, run_ref=run and run.ref, **{**same, **more})


def says(person: Account, code: str) -> str:
    actor = acting(person)
    (found,) = [step for step in steps(actor, reckoning.year_of(actor, "TH50")) if step.code == code]
    return " ".join(found.says)


def test_the_guide_tells_of_maps_made_elsewhere_of_the_last_day_and_of_what_broke_off(
    office: tuple[Agency, Account],
) -> None:
    centre, officer = office
    run = a_run(centre, 1, rounded_to=3)
    assert "made at the machine" in says(officer, "update")
    assert reckoning.year_of(acting(officer), "TH50").days_since == 400
    made = an_update(centre, run)
    assert "by 31 January 2027" in says(officer, "update")
    Update.objects.update(until=dt.date(2026, 11, 1))
    assert "is destroyed" in says(officer, "update")
    assert "has to be made by" not in says(officer, "update")
    an_update(centre, None, asked_at=NOW)
    year = reckoning.year_of(acting(officer), "TH50")
    assert (year.is_under_way, year.made) == (False, made)
    assert "did not come to a map" in says(officer, "update")
    assert "nothing to compare" not in says(officer, "comparing")
    Run.objects.update(withdrawn_at=NOW, withdrawn_because="wrong-files")
    assert reckoning.year_of(acting(officer), "TH50").made is None
    # A map of an old day was taken in just now: nothing is asked for again at once.
    a_run(centre, 2, taken_in_at=NOW, as_of=dt.date(2025, 1, 1))
    year = reckoning.year_of(acting(officer), "TH50")
    assert (year.is_open, year.opens_on) == (False, dt.date(2027, 1, 10))
    assert "nothing to compare with yet" in says(officer, "comparing")
    assert reckoning.in_order("3.10.0") > reckoning.in_order("3.2.1") > reckoning.in_order("3.2")
    assert reckoning.in_order("2026.4.13.0") > reckoning.in_order("2024-02-15")


def test_the_guide_says_which_lists_of_codes_are_stale(office: tuple[Agency, Account]) -> None:
    centre, officer = office
    assert "No list of areas of the country is in force" in says(officer, "lists")
    edition = a_list(["TH500101"])
    assert "version 2026.1" in says(officer, "lists")
    assert standing(officer, NOW)["lists"] == DONE
    later = NOW + dt.timedelta(days=reckoning.OLD_LIST_DAYS + 1)
    assert standing(officer, later)["lists"] == TODO, "nobody looked for a newer one for so long"
    Edition.objects.filter(pk=edition.pk).update(version="1.0")
    assert "With this program came version" in says(officer, "lists")
    assert standing(officer, NOW)["lists"] == TODO
    Edition.objects.filter(pk=edition.pk).update(version="2026.1")
    a_run(centre, 1, as_of=dt.date(2026, 6, 30))
    year = reckoning.year_of(acting(officer, now=LATER_ON), "TH50")
    assert year.is_open
    assert standing(officer, LATER_ON)["lists"] == TODO, "the list of villages is that of the last map"


def test_a_source_is_fresh_when_every_part_is_and_left_out_when_it_was_refused(
    office: tuple[Agency, Account], province: Path
) -> None:
    centre, officer = office
    health = Source.objects.get(layout="health")
    education = handed_over(officer, centre, province, "education")

    def line(source: Source) -> reckoning.Line:
        year = reckoning.year_of(acting(officer), "TH50")
        return next(each for each in year.lines if each.known.source == source)

    assert not line(health).has_old_codes, "they came after the list of villages"
    a_run(centre, 1)
    assert line(health).is_fresh
    HandedFile.objects.filter(source=health, part="crosswalk_health.csv").update(handed_at=NOW - THIRTEEN_MONTHS)
    assert line(health).is_fresh, "a list of codes may stay"
    assert line(health).has_old_codes, "and it is said that it is old"
    assert "older than the list of villages: Health" in says(officer, "lists")
    HandedFile.objects.filter(source=health, part="health.csv").update(handed_at=NOW - THIRTEEN_MONTHS)
    assert (line(health).is_fresh, line(education).is_fresh) == (False, True)
    same = {"agency": centre, "area": "TH50", "written_at": NOW, "written_by_ref": officer.ref, "name": "Register"}
    Holding.objects.create(
        **same, source=education, stands="no", reason="no-right", refused_by="School", holder="School"
    )
    assert [
        step for step in ("asking", "files", "update") if "Left out, because it was refused" in says(officer, step)
    ] == [*("asking", "files", "update")]
    assert standing(officer, NOW)["reading"] == LATER, "nothing of this year is to be read"
    page = come_in(officer).get(reverse("population:updates"))
    assert page.context["form"].fields["sources"].initial == []
    assert "refused: it is left out" in page.content.decode()


def test_new_sheets_were_not_tried_however_lately_the_old_ones_were(place: Place, tmp_path: Path) -> None:
    assert places.shares_tried_on() == NOW.date()
    assert run(["keys", "shares", "--out", str(tmp_path / "new")]) == 0
    assert (places.has_shares(), places.shares_tried_on()) == (True, None)
