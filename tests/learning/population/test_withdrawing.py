"""Withdrawing a run: no page has it any more, its rows stay, and its table still counts as one that was let out."""

import importlib
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations import RunPython
from django.db.migrations.exceptions import IrreversibleError
from django.db.migrations.executor import MigrationExecutor
from django.urls import reverse

from makers.agencies import a_person, acting, an_agency, local
from makers.protected import a_run
from makers.sittings import come_in
from sarana.basics.errors import NotYet, SaranaError
from sarana.basics.references import new_ref
from sarana.config.commands import entry
from sarana.ground.accounts.models import Agency
from sarana.ground.ledger.models import Entry
from sarana.learning.population import actions
from sarana.learning.population.models import Drawing, Figure, Run
from sarana.learning.population.policy import READERS
from sarana.methods.population.protected_tables import ProtectedRun, read_protected

pytestmark = pytest.mark.django_db

WRONG = "wrong-files"


@pytest.fixture
def centre() -> Agency:
    return an_agency("Centre", kind=Agency.Kind.PROVINCIAL_CENTRE)


@pytest.fixture
def found(tmp_path: Path) -> ProtectedRun:
    return read_protected(a_run(tmp_path / "run"))


@pytest.fixture
def run(centre: Agency, found: ProtectedRun) -> Run:
    taken, _is_new = actions.take_in(local(), found)
    return taken


def code_of(work: Any) -> str:
    with pytest.raises(SaranaError) as told:
        work()
    return told.value.code


@pytest.mark.parametrize("role", sorted(READERS))
def test_no_reader_finds_it_any_more(run: Run, centre: Agency, role: str) -> None:
    client = come_in(a_person(centre, role))
    area = Figure.objects.get(run=run, level="district", code="5001", group="all")
    paths = [reverse("population:map", args=[run.ref]), reverse("population:area", args=[area.ref])]
    assert [client.get(path).status_code for path in paths] == [200, 200]
    assert str(run.ref) in client.get(reverse("population:runs")).content.decode()
    actions.withdraw(local(), run.fingerprint, because=WRONG)
    assert [client.get(path).status_code for path in paths] == [404, 404]
    assert str(run.ref) not in client.get(reverse("population:runs")).content.decode()


def test_nothing_is_deleted_and_one_line_is_written(run: Run) -> None:
    counts = [model.objects.count() for model in (Run, Figure, Drawing)]
    actions.withdraw(local(), run.fingerprint[:8], because=WRONG)
    assert [model.objects.count() for model in (Run, Figure, Drawing)] == counts
    run.refresh_from_db()
    assert (run.withdrawn_at, run.withdrawn_because) == (local().now, WRONG)
    line = Entry.objects.get(action="population.withdrawn")
    assert (line.thing_ref, line.owner_agency_ref, line.n_things) == (run.ref, run.agency.ref, 1)


def test_only_the_operator_for_a_reason_of_the_list_and_once(run: Run, centre: Agency) -> None:
    custodian = acting(a_person(centre, "data-custodian"))
    assert code_of(lambda: actions.withdraw(custodian, run.fingerprint, because=WRONG)) == "POPULATION-002"
    assert code_of(lambda: actions.list_taken_in(custodian)) == "POPULATION-002"
    for because in ("", "somebody asked"):
        assert code_of(lambda said=because: actions.withdraw(local(), run.fingerprint, because=said)) == (
            "POPULATION-008"
        )
    for said in ("", run.fingerprint[:7], "0" * 64):
        assert code_of(lambda told=said: actions.withdraw(local(), told, because=WRONG)) == "POPULATION-007"
    actions.withdraw(local(), run.fingerprint, because=WRONG)
    assert code_of(lambda: actions.withdraw(local(), run.fingerprint, because=WRONG)) == "POPULATION-007"
    assert Entry.objects.filter(action="population.withdrawn").count() == 1


def test_what_cannot_be_written_down_is_not_withdrawn(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_words: Any, **_more: Any) -> None:
        raise NotYet("LEDGER-002", "What was asked for could not be written down, so it was not done.")

    monkeypatch.setattr(actions, "record", full)
    assert code_of(lambda: actions.withdraw(local(), run.fingerprint, because=WRONG)) == "LEDGER-002"
    run.refresh_from_db()
    assert (run.withdrawn_at, run.withdrawn_because) == (None, "")


def test_a_withdrawn_table_still_counts_against_subtraction(run: Run, tmp_path: Path) -> None:
    actions.withdraw(local(), run.fingerprint, because=WRONG)
    alone = read_protected(a_run(tmp_path / "two", rise=1))
    assert code_of(lambda: actions.take_in(local(), alone)) == "POPULATION-005"
    beside = read_protected(a_run(tmp_path / "three", rise=2, after=[run.table_hash], rounded_to=13))
    assert actions.take_in(local(), beside)[1]


def test_the_same_table_does_not_come_in_with_other_answers(run: Run, tmp_path: Path) -> None:
    """One code was mended and the run done again, not beside the other: its areas are alike, its answers are not."""
    actions.withdraw(local(), run.fingerprint, because=WRONG)

    def mended(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{**lines[0], "n_need": lines[0]["n_need"] + 1}, *lines[1:]]

    again = read_protected(a_run(tmp_path / "again", answers=mended))
    fewer = read_protected(a_run(tmp_path / "fewer", answers=lambda lines: lines[1:], sectors=lambda _lines: []))
    assert {again.table_hash, fewer.table_hash} == {run.table_hash}
    for found in (again, fewer):
        assert code_of(lambda found=found: actions.take_in(local(), found)) == "POPULATION-020"
    assert Run.objects.count() == 1
    silent = read_protected(a_run(tmp_path / "silent", answers=lambda lines: []))
    assert actions.take_in(local(), silent)[1], "it tells no answer, so there is nothing to subtract"
    actions.withdraw(local(), silent.fingerprint, because=WRONG)
    assert code_of(lambda: actions.take_in(local(), again)) == "POPULATION-020", "those of the first still count"


def test_an_older_map_comes_in_anew_after_a_later_one_was_made_beside_it(
    run: Run, found: ProtectedRun, tmp_path: Path
) -> None:
    beside = read_protected(a_run(tmp_path / "two", rise=2, after=[run.table_hash], rounded_to=13))
    actions.take_in(local(), beside)
    actions.withdraw(local(), run.fingerprint, because=WRONG)
    anew, is_new = actions.take_in(local(), found)
    assert (is_new, anew.table_hash) == (True, run.table_hash)
    alone = read_protected(a_run(tmp_path / "three", rise=1, after=[run.table_hash]))
    assert code_of(lambda: actions.take_in(local(), alone)) == "POPULATION-005"


def test_the_same_run_comes_in_anew_for_another_agency(run: Run, found: ProtectedRun) -> None:
    actions.withdraw(local(), run.fingerprint, because="wrong-agency")
    other = an_agency("Other")
    anew, is_new = actions.take_in(local(), found, agency="Other")
    assert (is_new, anew.agency, anew.pk != run.pk) == (True, other, True)
    assert actions.take_in(local(), found)[1] is False
    assert [each.pk for each in actions.list_taken_in(local())] == [anew.pk, run.pk]


def test_the_database_keeps_a_run_shown_once_and_no_withdrawal_without_a_reason(run: Run) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Run.objects.filter(pk=run.pk).update(withdrawn_at=local().now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Run.objects.filter(pk=run.pk).update(withdrawn_because=WRONG)
    run.pk, run.ref = None, new_ref()
    with pytest.raises(IntegrityError), transaction.atomic():
        run.save(force_insert=True)


def test_the_commands_withdraw_and_list_with_day_and_reason(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert entry.run(["population", "withdraw", run.fingerprint[:12], "--because", "bad"]) != 0
    told = capsys.readouterr().err
    assert [reason for reason in Run.Reason.values if reason not in told] == []
    assert entry.run(["population", "maps"]) == 0
    assert "shown" in capsys.readouterr().out
    assert entry.run(["population", "withdraw", run.fingerprint[:12], "--because", WRONG]) == 0
    assert "Withdrawn: Made up." in capsys.readouterr().out
    assert entry.run(["population", "maps"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert run.fingerprint[:8] in told
    assert "withdrawn" in told


def test_the_command_names_every_reason(capsys: pytest.CaptureFixture[str]) -> None:
    assert entry.run(["population", "withdraw", "--help"]) == 0
    told = capsys.readouterr().out
    assert [reason for reason in Run.Reason.values if reason not in told] == []


def test_a_withdrawn_run_is_not_shown_again_by_going_back_a_migration(run: Run) -> None:
    steps = importlib.import_module("sarana.learning.population.migrations.0002_withdrawn_runs").Migration.operations
    (last,) = [step for step in steps if isinstance(step, RunPython)]
    assert steps[-1] is last, "it is asked first on the way back"
    state = MigrationExecutor(connection).loader.project_state([("population", "0003_map_files")])
    editor = connection.schema_editor()
    last.database_backwards("population", editor, state, state)
    actions.withdraw(local(), run.fingerprint, because=WRONG)
    with pytest.raises(IrreversibleError, match="withdrawn"):
        last.database_backwards("population", editor, state, state)
