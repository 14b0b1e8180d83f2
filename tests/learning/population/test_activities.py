"""Activities: who writes them, what others are told of few people, and their sums beside two maps."""

from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from makers.agencies import a_person, an_agency, local
from makers.protected import a_run
from makers.sittings import come_in
from sarana.ground.accounts.models import Agency
from sarana.learning.population import actions
from sarana.learning.population.models import Activity, Run
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
    assert ("240" in table, "150 THB" in table, "60" in table, "without one that reached few" in table) == (True,) * 4
    assert ("244" in table, "999" in table) == (False, False)
    gone, whole = (table.index(words) for words in ("areas that are no more", "the whole province"))
    assert gone < table.index(">77<") < whole < table.index(">60<")
