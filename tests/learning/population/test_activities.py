"""Activities: who writes them, what others are told of few people, and their sums beside two maps."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from makers.agencies import a_person, an_agency, local
from makers.protected import a_run
from makers.sittings import come_in
from sarana.ground.accounts.actions import load_roles
from sarana.ground.accounts.demonstration import seed_demonstration
from sarana.ground.accounts.models import Account, Agency
from sarana.learning.population import actions
from sarana.learning.population.models import Activity, Run
from sarana.learning.population.year import demonstration
from sarana.methods.population.protected_tables import read_protected

pytestmark = pytest.mark.django_db

GIVEN: dict[str, Any] = {
    "organiser": "Office of schools",
    "area": "TH50",
    "place": "",
    "kind": "school",
    "group": "class",
    "from_on": "2026-01-10",
    "until_on": "2026-01-12",
    "n_reached": "240",
    "cost": "15000",
    "currency": "THB",
    "source_line": "Report 7/2569",
}


def test_an_officer_writes_activities_and_takes_them_back_and_others_are_told_nothing_of_few(centre: Agency) -> None:
    officer = come_in(a_person(centre, "provincial-data-officer"))
    given = {**GIVEN, "agency": str(centre.ref)}
    new, listed = reverse("population:write-activity"), reverse("population:activities")
    for wrong in (
        *(
            {"until_on": "2026-01-09"},
            {"until_on": "2099-01-09"},
            {"currency": ""},
            {"currency": "baht"},
            {"n_reached": "-1"},
            {"area": "TH57"},
        ),
        *({"group": "list"}, {"place": "5001"}, {"organiser": ""}),
    ):
        answer = officer.post(new, {**given, **wrong})
        assert (answer.status_code, "Report 7/2569" in answer.content.decode()) == (422, True), wrong
    assert not Activity.objects.exists()
    assert officer.post(new, given).status_code == 302
    assert (
        officer.post(
            new, {**given, "n_reached": "3", "kind": "papers", "cost": "", "from_on": "2025-12-01"}
        ).status_code
        == 302
    )
    few = Activity.objects.get(n_reached=3)
    assert (few.cost, few.currency) == (None, "")
    assert ">3<" in officer.get(listed).content.decode()
    analyst = come_in(a_person(an_agency("Elsewhere", kind=Agency.Kind.HEALTH), "analyst"))
    page = analyst.get(listed).content.decode()
    assert ("240" in page, ">3<" in page, ">few<" in page) == (True, False, True)
    assert "papers: registration" not in analyst.get(f"{listed}?kind=school").content.decode().split("<tbody>")[1]
    assert "240" not in analyst.get(f"{listed}?year=2025").content.decode().split("<main")[1]
    take_back = reverse("population:take-activity-back", args=[few.ref])
    assert (analyst.get(new).status_code, analyst.post(take_back).status_code) == (403, 403)
    other = come_in(a_person(an_agency("Other centre", kind=Agency.Kind.PROVINCIAL_CENTRE), "provincial-data-officer"))
    assert other.post(take_back).status_code == 403, "another agency's line"
    assert officer.post(take_back).status_code == 302
    assert ">3<" not in officer.get(listed).content.decode()
    assert officer.post(take_back).status_code == 404


def test_the_demonstration_has_activities_between_its_two_maps(tmp_path: Path, settings: Any) -> None:
    settings.SARANA_MODE = "demo"
    load_roles(local())
    seed_demonstration(local())
    first = read_protected(a_run(tmp_path / "first", card={"as_of": dt.date(2025, 6, 30)}))
    actions.take_in(local(), first)
    assert demonstration.seed_activities(local()) == 0, "one map is no before and after"
    later = a_run(tmp_path / "later", rise=1, n_districts=18, after=[first.table_hash], rounded_to=5)
    run, _is_new = actions.take_in(local(), read_protected(later))
    n = demonstration.seed_activities(local())
    assert n == sum(not one.place or int(one.place) <= 18 for one in demonstration.ACTIVITIES)
    assert demonstration.seed_activities(local()) == 0, "once"
    rows = list(Activity.objects.all())
    assert all(dt.date(2025, 6, 30) < row.from_on <= row.until_on <= run.as_of for row in rows)
    officer = come_in(Account.objects.get(sign_in_name="demo-provincial-data-officer"))
    page = officer.get(reverse("population:changes", args=[run.ref])).content.decode()
    told = page.split("What was done between the two")[-1]
    for said in ("Demo school office", "Reached: 1,240", "Cost: 405,000 THB", "a whole class or school", "Area 5018"):
        assert said in told, said


def test_police_have_no_door_to_activities() -> None:
    person = a_person(an_agency("Police", kind=Agency.Kind.POLICE), "analyst")
    assert come_in(person).get(reverse("population:activities")).status_code == 403


def test_sums_between_two_maps_stand_beside_them_by_district_without_those_of_few(
    run: Run, centre: Agency, tmp_path: Path
) -> None:
    found = a_run(tmp_path / "later", rise=1, after=[run.table_hash], rounded_to=5)
    later, _is_new = actions.take_in(local(), read_protected(found))
    Run.objects.filter(pk=run.pk).update(as_of="2025-06-30")
    Run.objects.update(measured_by="the same")
    place = next(iter(later.figures.filter(level="subdistrict", group="all"))).code
    rows = [
        {"place": place, "n_reached": 240, "cost": 100, "currency": "THB"},
        {"place": place, "n_reached": 4, "cost": 50, "currency": "THB"},
        {"place": "", "n_reached": 60, "cost": None, "currency": ""},
        {"place": "509999", "n_reached": 77, "cost": None, "currency": ""},
        {
            "place": place,
            "n_reached": 999,
            "cost": None,
            "currency": "",
            "from_on": "2019-01-01",
            "until_on": "2019-01-02",
        },
    ]
    same = {"agency": centre, "area": "TH50", "organiser": "A", "kind": "school", "group": "all", "source_line": "B"}
    for row in rows:
        days = {"from_on": "2026-01-10", "until_on": "2026-01-12"}
        Activity.objects.create(**same, **{**days, **row}, written_at=run.taken_in_at, written_by_ref=run.ref)
    page = come_in(a_person(centre, "analyst")).get(reverse("population:changes", args=[later.ref])).content.decode()
    table = page.split("What was done between the two")[-1].split("</table>")[0]
    assert (">240<" in table, "150 THB" in table, ">60<" in table, "without one that reached few" in table) == (
        True,
    ) * 4
    assert (">244<" in table, ">999<" in table) == (False, False)
    assert [len(table.split(f">{words}<")) for words in ("Before", "Now", "How sure")] == [2, 2, 2]
    district = later.figures.get(level="district", group="all", code=place[:4])
    before = run.figures.get(level="district", group="all", code=place[:4])
    line = table.split(f">{district.name}<")[1].split("</tr>")[0]
    assert f">{before.rate:,.1f}<" in line
    assert f">{district.rate:,.1f}<" in line
    each = page.split("What was done between the two")[-1].split("</table>")[1]
    told = each.split("<li>")[1]
    for said in ("10 January 2026", "12 January 2026", ">A<", "staying in school", "everybody in the area", "Cost: "):
        assert said in told, said
    assert "Reached: 4 " in each, "her own agency's"
    other = come_in(a_person(an_agency("Elsewhere", kind=Agency.Kind.HEALTH), "analyst"))
    said = (
        other.get(reverse("population:changes", args=[later.ref])).content.decode().split("What was done between")[-1]
    )
    assert ("Reached: few" in said, "Reached: 4 " in said) == (True, False)
    beside = page.split("Set these districts beside all others")[0].rsplit('href="', 1)[1].split('"')[0]
    assert beside == f"?level=district&amp;chosen={place[:4]}"
    of_all = come_in(a_person(centre, "analyst")).get(
        reverse("population:changes", args=[later.ref]) + beside.replace("&amp;", "&")
    )
    assert "Before and after, in the areas that you chose" in of_all.content.decode()
    gone, whole = (table.index(words) for words in ("areas that are no more", "the whole province"))
    assert gone < table.index(">77<") < whole < table.index(">60<")


def test_every_district_stands_there_where_need_is_first_and_what_went_where_is_said(
    run: Run, centre: Agency, tmp_path: Path
) -> None:
    """A table of those districts alone in which something was done would hide where need is and nothing was."""
    found = a_run(tmp_path / "later", rise=1, n_districts=6, after=[run.table_hash], rounded_to=5)
    later, _is_new = actions.take_in(local(), read_protected(found))
    Run.objects.filter(pk=run.pk).update(as_of="2025-06-30")
    Run.objects.update(measured_by="the same")
    rates = {row.code: row.rate for row in later.figures.filter(level="district", group="all") if row.rate is not None}
    by_need = sorted(rates, key=lambda code: (-rates[code], code))
    days = {"from_on": "2026-01-10", "until_on": "2026-01-12", "written_at": run.taken_in_at, "written_by_ref": run.ref}
    same = {"agency": centre, "area": "TH50", "organiser": "A", "kind": "school", "group": "all", "source_line": "B"}
    analyst, address = come_in(a_person(centre, "analyst")), reverse("population:changes", args=[later.ref])
    assert analyst.get(address).context["programmes"] == [], "nothing was written down"
    for place, n_reached in ((by_need[1], 90), (by_need[-1], 210), ("", 5000), (by_need[0], 4)):
        Activity.objects.create(**same, **days, place=place, n_reached=n_reached)
    told = analyst.get(address)
    lines = told.context["programmes"]
    assert [one.line.code for one in lines[:-1]] == by_need
    assert lines[-1].name == "", "what was done for the whole province stands last"
    assert [one.sum.n for one in lines] == [1, 1, *[0] * (len(by_need) - 3), 1, 1]
    met = told.context["need_met"]
    assert (met.n_districts, met.n_without, met.share) == (2, 0, 30), "few are in no sum, nor is the whole province"
    Activity.objects.filter(n_reached__lt=100).update(ended_at=run.taken_in_at)
    page = analyst.get(address).content.decode()
    assert "Of the 2 districts with the highest rates now, 2 had no activity at all." in page
    assert "Of a hundred people reached in districts, 0 were reached there." in page
