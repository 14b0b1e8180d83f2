"""A back-test that was taken in: what maps and files are called by it, and what of a second one stays unsaid."""

import csv
import datetime as dt
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.test import Client
from django.urls import reverse

from makers.agencies import a_person, acting, local
from methods.population.little_province import make_province, run_chain
from sarana.basics.errors import SaranaError
from sarana.config.commands import entry
from sarana.ground.accounts.models import Agency
from sarana.ground.ledger.models import Entry
from sarana.learning.population import actions as runs
from sarana.learning.population.backtests import actions
from sarana.learning.population.backtests.models import BackTest
from sarana.learning.population.files.telling import notice_of
from sarana.learning.population.looking import look
from sarana.learning.population.models import Run
from sarana.methods.population.protected_tables import read_protected
from sarana.methods.questions.validate import Counted, Reason, Validation
from sarana.methods.questions.validate_lines import CaseLine, ErrorLine

pytestmark = pytest.mark.django_db

PRESUMED = "presumed"

OF_THE_SECOND = re.compile(r"\b121\b")
"""A count as a word: three digits in a row stand in some reference by chance."""


def a_test(run: Run, verdict: str = "passed", *, n_cases: int = 120) -> Validation:
    """What a back-test of a run gives out, with a figure that stands nowhere else."""
    lines = tuple(CaseLine(str(n + 1), 1000, n_cases if n == 0 else None, 3.07, 2.11, 4.02) for n in range(10))
    beyond = ErrorLine("sex", "female", "", "", "beyond", n_people=5000, n_cases=n_cases, n_found=12, miss=0.9)
    return Validation(
        run=run.name,
        fingerprint=run.fingerprint,
        set="th-north-28",
        version="1.0",
        as_of=run.as_of,
        is_invented=True,
        verdict=verdict,
        reasons=(Reason("reason-lift"), Reason("reason-beyond", {"kind": "sex", "group": "female"})),
        dropped=("s01", "s02"),
        kept=("h01",),
        counted=Counted(n_cases, None, 0, 14),
        tenths=lines,
        bands=(CaseLine("red", None, None), CaseLine("grey", 900, 23)),
        errors=(beyond,),
        most_ratio=1.25,
        least_cases=50,
        threshold=11,
    )


def page_of(client: Client, run: Run, name: str = "back-tests") -> str:
    return client.get(reverse(f"population:{name}", args=[run.ref])).content.decode()


def code_of(work: Any) -> str:
    with pytest.raises(SaranaError) as told:
        work()
    return told.value.code


def test_maps_and_files_are_called_by_the_newest_verdict(client: Client, run: Run, centre: Agency) -> None:
    reader = acting(a_person(centre, "analyst"))
    assert "Unvalidated, for planning only." in page_of(client, run, "map")
    assert "was not tested yet" in page_of(client, run)
    said = []
    for n, verdict in enumerate(("not judged", "passed", "not judged", "not passed")):
        kept, is_new = actions.keep(local(), a_test(run, verdict, n_cases=120 + n), cases=PRESUMED)
        assert is_new
        run.refresh_from_db()
        said.append((run.status, notice_of(look(reader, run, {}, "en")).split(".")[0]))
        assert kept.get_verdict_display() in page_of(client, run)
    assert said == [
        ("unvalidated", "Unvalidated, for planning only"),
        ("back-tested", "Back-test passed"),
        ("back-tested", "Back-test passed"),
        ("not-passed", "Back-test not passed, for planning only"),
    ]
    found = page_of(client, run, "map")
    assert "The back-test was not passed: for planning only." in found
    assert "no band may limit travel, papers, work or benefits" in found


def test_of_a_second_one_the_verdict_alone_is_kept(client: Client, run: Run) -> None:
    first = a_test(run, n_cases=120)
    actions.keep(local(), first, cases=PRESUMED)
    second, _is_new = actions.keep(local(), a_test(run, "not passed", n_cases=121), cases=PRESUMED)
    assert not second.has_tables
    told = str(second.told)
    assert not OF_THE_SECOND.search(told)
    assert "female" not in told
    found = page_of(client, run)
    assert not OF_THE_SECOND.search(found)
    assert ">120<" in found.replace("\n", "")
    assert "3.07 (2.11–4.02)" in found
    assert "of later ones the verdict alone is shown" in found.lower()


def test_the_same_one_again_changes_nothing_and_each_time_is_written_down(run: Run) -> None:
    found = a_test(run)
    kept, _is_new = actions.keep(local(), found, cases=PRESUMED)
    again, is_new = actions.keep(local(), found, cases=PRESUMED)
    assert (again, is_new, BackTest.objects.count()) == (kept, False, 1)
    lines = Entry.objects.filter(action="population.back-tested").order_by("pk")
    assert [(line.thing_ref, line.n_things) for line in lines] == [(run.ref, 1), (run.ref, 0)]


def test_one_kind_of_case_that_was_not_passed_is_not_made_good_by_another(run: Run) -> None:
    said = []
    for cases, verdict in (("confirmed", "not passed"), ("other", "passed"), ("confirmed", "passed")):
        actions.keep(local(), a_test(run, verdict), cases=cases)
        run.refresh_from_db()
        said.append(run.status)
    assert said == ["not-passed", "not-passed", "back-tested"]


def test_a_run_that_is_withdrawn_and_taken_in_anew_keeps_its_back_tests(run: Run, tmp_path: Path) -> None:
    actions.keep(local(), a_test(run, "not passed"), cases=PRESUMED)
    runs.withdraw(local(), run.fingerprint, because="wrong-agency")
    again, _is_new = runs.take_in(local(), read_protected(tmp_path / "run"))
    assert again.status == "not-passed"
    second, is_new = actions.keep(local(), a_test(again, n_cases=121), cases=PRESUMED)
    assert (is_new, second.has_tables) == (True, False)


def test_a_test_that_is_easier_than_usual_is_not_shown(run: Run) -> None:
    assert code_of(lambda: actions.keep(local(), replace(a_test(run), most_ratio=9.0), cases=PRESUMED)) == (
        "POPULATION-132"
    )


def test_only_the_operator_of_a_run_that_is_shown_and_for_a_kind_of_case(run: Run, centre: Agency) -> None:
    found = a_test(run)
    custodian = acting(a_person(centre, "data-custodian"))
    assert code_of(lambda: actions.keep(custodian, found, cases=PRESUMED)) == "POPULATION-002"
    assert code_of(lambda: actions.keep(local(), found, cases="")) == "POPULATION-131"
    other = replace(found, fingerprint="0" * 64)
    assert code_of(lambda: actions.keep(local(), other, cases=PRESUMED)) == "POPULATION-130"
    runs.withdraw(local(), run.fingerprint, because="wrong-files")
    assert code_of(lambda: actions.keep(local(), found, cases=PRESUMED)) == "POPULATION-130"
    assert not BackTest.objects.exists()


@pytest.fixture
def known(tmp_path: Path) -> Iterator[Path]:
    """A run of a small province, and a third of its people with a health row as cases that became known later."""
    run_chain(make_province(tmp_path / "data", people=1500), tmp_path / "real")
    rows = pq.read_table(tmp_path / "real" / "people.parquet", columns=["source", "row_id"]).to_pylist()
    cases = [row["row_id"] for row in rows if row["source"] == "health"][::3]
    file = tmp_path / "known.csv"
    with file.open("w", newline="") as out:
        told = csv.writer(out)
        told.writerow(["source", "row_id", "known_on"])
        told.writerows(["health", row_id, dt.date(2026, 9, 1)] for row_id in cases)
    return file


def test_the_command_takes_in_what_it_prints(
    known: Path, client: Client, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = known.parent / "real"
    asked = ["population", "validate", str(folder), "--known", str(known), "--json", "--take-in"]
    asked += ["--cases", PRESUMED]
    assert entry.run(asked) != 0
    assert "POPULATION-130" in capsys.readouterr().err
    runs.withdraw(local(), run.fingerprint, because="wrong-files")
    Run.objects.update(area="TH99")
    assert entry.run(["population", "take-in", str(folder)]) == 0
    capsys.readouterr()
    assert entry.run(asked) == 0
    printed = json.loads(capsys.readouterr().out)
    kept = BackTest.objects.get()
    shown = page_of(client, kept.run)
    for name in ("verdict", "counted", "tenths", "bands", "errors"):
        assert printed[name] == kept.told[name]
    assert kept.told["counted"]["joined"] > 100
    assert f">{kept.told['counted']['joined']:,}<" in shown.replace("\n", "")
    assert entry.run(asked) == 0
    assert "nothing was changed" in capsys.readouterr().err
    assert entry.run([*asked, "--drop", "none"]) != 0
    assert "POPULATION-132 --drop" in capsys.readouterr().err
