"""What the nation takes in of a province a second time: after a training, after it was withdrawn, after a back-test."""

import dataclasses
import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from makers.agencies import local
from makers.mapfiles import said_on
from makers.packages import send, trust
from makers.provinces import Somewhere, in_table
from sarana.ground.accounts.models import Agency
from sarana.ground.ledger.models import Entry
from sarana.learning.population import actions
from sarana.learning.population.models import Figure, Run
from sarana.learning.population.reasons.models import Answer, SectorAnswer
from sarana.learning.population.rollup import actions as rollup
from sarana.methods.population.package.form import STANDINGS

pytestmark = pytest.mark.django_db

HERE = Somewhere("50")


def test_a_training_run_never_stands_in_the_way_of_a_real_one(
    national: Client, centres: dict[str, Agency], tmp_path: Path
) -> None:
    trust(national, centres["50"], HERE)
    assert send(national, HERE.file(HERE.run(tmp_path / "training"))).status_code == 302
    real = {"invented": False, "as_of": dt.date(2026, 3, 31)}
    assert send(national, HERE.file(HERE.run(tmp_path / "real", rise=1, card=real))).status_code == 302
    found = national.get(reverse("population:country")).context["country"]
    assert [(one.run.is_invented, one.run.as_of) for one in found.compared] == [(False, dt.date(2026, 3, 31))]
    # A run that says it is invented is held to all tables: it may have been marked wrongly, and withdrawn for that.
    again = HERE.file(HERE.run(tmp_path / "again", rise=2, card={"as_of": dt.date(2026, 8, 31)}))
    assert "POPULATION-005" in send(national, again).content.decode()
    actions.withdraw(local(), Run.objects.get(is_invented=True).fingerprint, because="wrong-settings")
    next_year = real | {"as_of": dt.date(2026, 9, 30)}
    after = [Run.objects.get(is_invented=False).table_hash]
    second = HERE.file(HERE.run(tmp_path / "second", rise=3, card=next_year, after=after, rounded_to=13))
    assert "POPULATION-005" in send(national, second).content.decode()


def test_what_the_operator_withdrew_no_officer_puts_back(
    national: Client, centres: dict[str, Agency], tmp_path: Path
) -> None:
    trust(national, centres["50"], HERE)
    file = HERE.file(HERE.run(tmp_path / "run"))
    assert send(national, file).status_code == 302
    actions.withdraw(local(), Run.objects.get().fingerprint, because="wrong-files")
    before = (Run.objects.count(), Figure.objects.count(), Answer.objects.count())
    page = send(national, file).content.decode()
    assert "POPULATION-021" in page
    assert f"{local().now.date()}: It was made of wrong files." in page

    def mended(told: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{**told[0], "n_need": told[0]["n_need"] + 1}, *told[1:]]

    other = HERE.file(HERE.run(tmp_path / "other", answers=mended))
    assert "POPULATION-020" in send(national, other).content.decode()
    assert (Run.objects.count(), Figure.objects.count(), Answer.objects.count()) == before
    rollup.take_in_handed(local(), rollup.read(local(), file), year=2026)
    assert Run.objects.filter(withdrawn_at__isnull=True).count() == 1


def test_the_nation_learns_that_a_back_test_failed_also_after_the_file_came(
    national: Client, centres: dict[str, Agency], tmp_path: Path
) -> None:
    assert set(STANDINGS) == set(Run.Status.values)
    trust(national, centres["50"], HERE)
    found = HERE.run(tmp_path / "run")
    files = {each: HERE.file(dataclasses.replace(found, standing=each)) for each in STANDINGS}
    for standing in ("unvalidated", "back-tested", "not-passed"):
        assert send(national, files[standing]).status_code == 302
        assert Run.objects.get().status == standing
    for standing in STANDINGS:
        assert "POPULATION-080" in send(national, files[standing]).content.decode(), "an older file tells nothing new"
    page = national.get(reverse("population:country"))
    assert [one.marks for one in page.context["country"].apart] == [("failed",)]
    assert "its back-test was not passed" in page.content.decode()
    told = Entry.objects.filter(action="population.handed-in").order_by("pk").values_list("n_things", flat=True)
    assert list(told)[1:] == [0, 0]


def test_the_nation_shows_a_sector_of_a_province_as_the_province_does(
    national: Client, centres: dict[str, Agency], tmp_path: Path
) -> None:
    trust(national, centres["50"], HERE)
    found = HERE.run(tmp_path / "run", set="chiang-mai-28")
    file = HERE.file(found)
    for name, change in (
        ("sector-answers.csv", lambda told: told[1].update(n_gravest="4")),
        ("sector-answers.csv", lambda told: told[1].update(n_known=str(int(told[1]["n_known"]) + 50))),
        ("sectors.csv", lambda told: told[1].update(is_known_by="true", question="h06")),
    ):
        assert "POPULATION-076" in send(national, HERE.signed(file, in_table(name, change))).content.decode()
    for change in (lambda told: told.pop(1), lambda told: told[1].update(is_known_by="false")):
        assert "POPULATION-075" in send(national, HERE.signed(file, in_table("sectors.csv", change))).content.decode()
    assert (Run.objects.count(), SectorAnswer.objects.count()) == (0, 0)
    assert send(national, file).status_code == 302
    kept = {(one.level, one.code, one.key, one.n_known, one.n_gravest) for one in SectorAnswer.objects.all()}
    assert kept == {(one.level, one.code, one.sector, one.n_known, one.n_gravest) for one in found.more.of_sectors}
    asked = {"level": "subdistrict", "within": "all", "sector": "education"}
    page = national.get(reverse("population:map", args=[Run.objects.get().ref]), asked).content.decode()
    assert "at least one question of “Education”" in page
    assert {row[3] for row in said_on(page).values()} == {"600", ""}
