"""Taking a run in: what is taken, that it is taken once, and what is refused."""

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from makers.agencies import a_person, acting, an_agency, local
from makers.protected import a_run
from sarana.basics.errors import NotYet, SaranaError
from sarana.config.commands import entry
from sarana.ground.accounts import actions as accounts
from sarana.ground.accounts.models import Agency
from sarana.ground.ledger.models import Entry
from sarana.learning.population import actions
from sarana.learning.population.models import Drawing, Figure, Run
from sarana.methods.population.protected_tables import COLUMNS, COUNTS, read_protected

pytestmark = pytest.mark.django_db


@pytest.fixture
def centre() -> Agency:
    return an_agency("Centre", kind=Agency.Kind.PROVINCIAL_CENTRE)


def code_of(work: Any) -> str:
    with pytest.raises(SaranaError) as told:
        work()
    return told.value.code


def lines() -> list[tuple[str, int]]:
    kept = Entry.objects.filter(action="population.taken-in").order_by("pk")
    return list(kept.values_list("action", "n_things"))


def test_what_is_taken_in_is_what_the_table_says_and_nothing_else(tmp_path: Path, centre: Agency) -> None:
    found = read_protected(a_run(tmp_path / "run"))
    run, is_new = actions.take_in(local(), found)
    assert is_new
    assert (run.agency, run.area, run.indicator_set, run.opens_at) == (centre, "TH50", "north-28 1.0", "subdistrict")
    assert run.sources == [{"name": "human_security", "custodian": "An office", "as_of": "2026-06-30"}]
    table = pq.read_table(tmp_path / "run/areas.parquet").to_pylist()
    said = {(row["level"], row["code"], row["group"]): row for row in table}
    kept = list(Figure.objects.all())
    assert {(row.level, row.code, row.group) for row in kept} == set(said)
    for row in kept:
        wanted = said[(row.level, row.code, row.group)]
        assert [getattr(row, name) for name in (*COUNTS, "rate", "low", "high")] == [
            wanted[name] for name in (*COUNTS, "rate", "low", "high")
        ]
        assert (row.band or None, row.parent or None) == (wanted["class"], wanted["parent"])
        assert row.name_local == f"ที่ {row.code}"
    assert len(Drawing.objects.get().areas) == 12
    assert lines() == [("population.taken-in", len(table))]
    assert "mean" not in COLUMNS
    assert "mean" not in {field.name for field in Figure._meta.get_fields()}


def test_the_same_run_again_changes_nothing(tmp_path: Path, centre: Agency) -> None:
    found = read_protected(a_run(tmp_path / "run"))
    first, _is_new = actions.take_in(local(), found)
    n_rows = Figure.objects.count()
    again, is_new = actions.take_in(local(), found)
    assert (again, is_new, Figure.objects.count(), Run.objects.count()) == (first, False, n_rows, 1)
    assert [n for _act, n in lines()] == [n_rows, 0]


def test_a_second_table_of_a_province_comes_in_only_if_it_was_made_beside_all_others(
    tmp_path: Path, centre: Agency
) -> None:
    first = read_protected(a_run(tmp_path / "one"))
    actions.take_in(local(), first)
    alone = read_protected(a_run(tmp_path / "two", rise=1))
    assert code_of(lambda: actions.take_in(local(), alone)) == "POPULATION-005"
    beside = read_protected(a_run(tmp_path / "three", rise=2, after=[first.table_hash], rounded_to=13))
    actions.take_in(local(), beside)
    only_one = read_protected(a_run(tmp_path / "four", rise=3, after=[first.table_hash], rounded_to=13))
    assert code_of(lambda: actions.take_in(local(), only_one)) == "POPULATION-005"
    assert Run.objects.count() == 2


def test_what_cannot_be_written_down_is_not_taken_in(
    tmp_path: Path, centre: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_words: Any, **_more: Any) -> None:
        raise NotYet("LEDGER-002", "What was asked for could not be written down, so it was not done.")

    monkeypatch.setattr(actions, "record", full)
    found = read_protected(a_run(tmp_path / "run"))
    assert code_of(lambda: actions.take_in(local(), found)) == "LEDGER-002"
    assert (Run.objects.count(), Figure.objects.count(), Drawing.objects.count()) == (0, 0, 0)


def _small(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**row, "n_red": 3} if row["code"] == "5001" else row for row in rows]


def _foreign(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**row, "person_id": "00"} for row in rows]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"card": {"complete": False}}, "ASKED-001"),
        ({"card": {"erased": True}}, "RUN-007"),
        ({"card": {"kind": "something else"}}, "RUN-002"),
        ({"card": {"fingerprint": "00"}}, "POPULATION-003"),
        ({"card": {"status": "proved"}}, "POPULATION-003"),
        ({"rows": _small}, "POPULATION-004"),
        ({"rows": _foreign}, "POPULATION-004"),
    ],
)
def test_what_is_no_finished_protected_run_is_refused(tmp_path: Path, more: dict[str, Any], code: str) -> None:
    assert code_of(lambda: read_protected(a_run(tmp_path / "run", **more))) == code


@pytest.mark.parametrize("name", ["areas.parquet", "areas.geojson", "receipts/06-protect.json"])
@pytest.mark.parametrize("is_gone", [True, False])
def test_a_file_that_is_gone_or_changed_is_noticed(tmp_path: Path, name: str, is_gone: bool) -> None:
    file = a_run(tmp_path / "run") / name
    if is_gone:
        file.unlink()
    else:
        file.write_bytes(file.read_bytes()[:-9])
    assert code_of(lambda: read_protected(tmp_path / "run")) == "POPULATION-003"


def test_only_the_operator_takes_in_and_whose_it_is_is_told(tmp_path: Path) -> None:
    found = read_protected(a_run(tmp_path / "run"))
    shelter = an_agency("Shelter")
    specialist = acting(a_person(shelter, "data-specialist"))
    assert code_of(lambda: actions.take_in(specialist, found)) == "POPULATION-002"
    assert code_of(lambda: actions.take_in(local(), found)) == "POPULATION-006"
    assert code_of(lambda: actions.take_in(local(), found, agency="nobody")) == "POPULATION-006"
    assert (Run.objects.count(), Figure.objects.count(), lines()) == (0, 0, [])
    taken, _is_new = actions.take_in(local(), found, agency="Shelter")
    assert taken.agency == shelter


def test_an_agency_of_another_country_or_province_is_refused(tmp_path: Path, centre: Agency) -> None:
    found = read_protected(a_run(tmp_path / "run"))
    kind = Agency.Kind.LOCAL_GOVERNMENT
    for n, (country, areas) in enumerate([("KH", ["TH50"]), ("TH", ["TH51"]), ("KH", [])]):
        accounts.make_agency(local(), name=f"Wrong {n}", kind=kind, country=country, areas=areas)
        assert code_of(lambda name=f"Wrong {n}": actions.take_in(local(), found, agency=name)) == "POPULATION-019"
    assert (Run.objects.count(), lines()) == (0, [])
    accounts.make_agency(local(), name="Nation", kind=kind, country="TH", areas=["TH"])
    assert actions.take_in(local(), found, agency="Nation")[1]


def test_the_command_says_what_it_took(tmp_path: Path, centre: Agency, capsys: pytest.CaptureFixture[str]) -> None:
    folder = a_run(tmp_path / "run")
    assert entry.run(["population", "take-in", str(folder)]) == 0
    assert "40 areas, of 22 of which a rate may be said" in capsys.readouterr().out
    assert entry.run(["population", "take-in", str(folder)]) == 0
    assert "here already" in capsys.readouterr().out
    assert entry.run(["population", "take-in", str(tmp_path)]) == 5
    assert "RUN-002" in capsys.readouterr().err
