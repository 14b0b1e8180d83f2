import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from methods.population.little_province import SOURCES, make_province, shuffled
from sarana.config.commands import entry
from sarana.config.commands.entry import run


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_province(tmp_path_factory.mktemp("commands") / "data")


@pytest.fixture(scope="module")
def done(province: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("commands-run") / "run"
    assert run(arguments(province, out)) == 0
    return out


@pytest.fixture(autouse=True, scope="module")
def own_state(tmp_path_factory: pytest.TempPathFactory) -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SARANA_STATE", str(tmp_path_factory.mktemp("state")))
        for name in ("SARANA_THREADS", "SARANA_MEMORY", "SARANA_DEBUG"):
            patch.delenv(name, raising=False)
        yield


def arguments(data: Path, out: Path, *more: str) -> list[str]:
    return [
        "population",
        "run",
        str(SOURCES),
        "--data",
        str(data),
        "--out",
        str(out),
        "--memory",
        "2GB",
        "--unsealed",
        *more,
    ]


def test_a_run_says_its_forecast_its_steps_and_its_counts(
    province: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments(province, tmp_path / "run", "--threads", "1")) == 0
    told = capsys.readouterr()
    assert told.err.startswith("About ")
    assert "With 1 thread and 1,907 MiB of memory this will take about" in told.err
    for step in ("read", "standardise", "link", "index", "areas", "protect", "report"):
        assert f", {step}: " in told.err
    assert "rows in the files" in told.out
    assert "READ-031" in told.out
    assert "people" in told.out
    assert f"Report: {tmp_path / 'run' / 'report.html'}" in told.out
    assert "unvalidated, for planning only" in told.out
    assert "\x1b" not in told.out + told.err


def test_a_second_run_into_the_same_folder_is_refused_and_with_resume_it_goes_on(
    province: Path, done: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments(province, done)) == 7
    assert "RUN-001" in capsys.readouterr().err
    assert run(arguments(province, done, "--resume")) == 0
    assert capsys.readouterr().err.count("was done before") == 7


@pytest.mark.parametrize(
    ("change", "code_and_exit"),
    [
        (("--memory", "50MB"), ("RUN-004", 8)),
        (("--memory", "plenty"), ("ENGINE-002", 7)),
        (("--threads", "0"), ("ENGINE-001", 7)),
    ],
)
def test_an_impossible_wish_is_one_clear_sentence(
    province: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    change: tuple[str, str],
    code_and_exit: tuple[str, int],
) -> None:
    code, exit_code = code_and_exit
    assert run([*arguments(province, tmp_path / "run"), *change]) == exit_code
    told = capsys.readouterr().err
    assert told.startswith(code)
    assert told.count("\n") == 1
    assert "Traceback" not in told
    assert not (tmp_path / "run").exists()


def test_a_missing_file_ends_with_its_code(province: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = shuffled(province, tmp_path / "data", seed=3)
    (data / "villages.csv").unlink()
    assert run(arguments(data, tmp_path / "run")) == 5
    assert capsys.readouterr().err.startswith("RUN-006 villages.csv:")


def test_a_bad_setting_of_the_environment_names_itself(
    province: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SARANA_THREADS", "many")
    assert run(arguments(province, tmp_path / "run")) == 7
    assert "SETTING-001 'many' is no value for SARANA_THREADS." in capsys.readouterr().err


def test_a_command_that_is_not_known_exits_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["population", "fly"]) == 2
    assert run(["population", "run"]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_help_is_given_without_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["population", "run", "--help"]) == 0
    assert "--resume" in capsys.readouterr().out


def test_a_mistake_of_ours_is_said_without_its_trace_unless_asked_for(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a secret of a person")

    monkeypatch.setattr(entry, "every", lambda: broken)
    assert run([]) == 70
    told = capsys.readouterr().err
    assert "COMMAND-001" in told
    assert "secret" not in told
    monkeypatch.setenv("SARANA_DEBUG", "1")
    assert run([]) == 70
    assert "Traceback" in capsys.readouterr().err


def test_erasing_asks_and_does_nothing_without_a_yes(
    done: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("typer.confirm", lambda *_, **__: False)
    assert run(["population", "erase", str(done)]) == 4
    assert "COMMAND-002" in capsys.readouterr().err
    assert (done / "people.parquet").exists()


def test_erasing_a_folder_that_is_no_run_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["population", "erase", str(tmp_path), "--yes"]) == 5
    assert "RUN-002" in capsys.readouterr().err


def test_an_erased_run_keeps_what_is_not_about_people(
    province: Path, done: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["population", "erase", str(done), "--yes"]) == 0
    assert "person-level files" in capsys.readouterr().out
    kept = {file.name for file in done.iterdir()}
    assert kept == {
        *("areas.parquet", "area-answers.parquet", "area-sectors.parquet", "area-better.parquet", "areas.geojson"),
        "report.html",
        *("run.toml", "receipts"),
    }
    assert run(arguments(province, done, "--resume")) == 3
    assert "RUN-007" in capsys.readouterr().err


@pytest.mark.usefixtures("listening_to_ctrl_c")
@pytest.mark.parametrize(
    ("sign", "exit_code", "said"), [(signal.SIGINT, 130, "Stopped."), (signal.SIGTERM, 143, "Ended")]
)
def test_a_stopped_run_says_that_it_can_go_on(
    province: Path, tmp_path: Path, sign: signal.Signals, exit_code: int, said: str
) -> None:
    out = tmp_path / "run"
    command = [sys.executable, "-c", "from sarana.config.commands import main; main()", *arguments(province, out)]
    env = {**os.environ, "PYTHONPATH": ":".join(sys.path)}
    with subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True) as process:
        started = time.monotonic()
        while not (out / "receipts" / "01-read.json").exists() and time.monotonic() < started + 60:
            time.sleep(0.01)
        process.send_signal(sign)
        _, told = process.communicate(timeout=60)
    assert process.returncode == exit_code
    assert said in told
    assert "--resume" in told
    assert "Traceback" not in told
    assert (out / "receipts" / "01-read.json").exists()
    assert not (out / "run.lock").exists()


WITHIN_A_LIBRARY = """
import os, signal, threading
import duckdb
from sarana.config.commands import entry

# One thread: while another of them works, DuckDB waits for it and hears nothing.
def command(*_, **__):
    threading.Timer(0.3, lambda: os.kill(os.getpid(), signal.{sign})).start()
    duckdb.connect(config={"threads": 1}).execute("SELECT sum(a.range) FROM range(10_000_000) a, range(10_000_000) b")

entry.every = lambda: command
entry.main()
"""


@pytest.mark.usefixtures("listening_to_ctrl_c")
@pytest.mark.parametrize(("sign", "exit_code", "said"), [("SIGINT", 130, "Stopped."), ("SIGTERM", 143, "Ended")])
def test_a_stop_that_a_library_tells_as_its_own_fault_is_a_stop(sign: str, exit_code: int, said: str) -> None:
    env = {**os.environ, "PYTHONPATH": ":".join(sys.path)}
    script = WITHIN_A_LIBRARY.replace("{sign}", sign)
    told = subprocess.run(
        [sys.executable, "-c", script], env=env, capture_output=True, text=True, timeout=60, check=False
    )
    assert told.returncode == exit_code, told.stderr
    assert said in told.stderr
    assert "COMMAND-001" not in told.stderr


def test_a_request_to_end_that_a_library_tells_as_ctrl_c_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    stops = entry.Stops()

    def command(*_: object, **__: object) -> int:
        stops.asked = entry.Terminated()
        return entry.INTERRUPTED  # what Typer makes of a KeyboardInterrupt

    monkeypatch.setattr(entry, "every", lambda: command)
    assert entry.run([], stops) == 143
    assert entry.run([]) == 130, "nobody asked for it but somebody at the terminal"


def test_a_province_is_invented_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = tmp_path / "made"
    assert run(["invent", "province", "--people", "200", "--seed", "4", "--out", str(made)]) == 0
    assert (made / "health.csv").exists()
    assert run(["invent", "province", "--people", "1", "--seed", "4", "--out", str(tmp_path / "none")]) == 7
    assert "INVENT-001" in capsys.readouterr().err


def test_a_run_by_the_model_of_an_earlier_one_ends_with_the_same_people(
    province: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    assert run(arguments(province, first)) == 0
    assert run(arguments(province, second, "--model", str(first))) == 0
    for name in ("people.parquet", "review.parquet", "work/link-model.parquet", "scores.parquet"):
        assert (second / name).read_bytes() == (first / name).read_bytes()
    capsys.readouterr()
    assert run(arguments(province, tmp_path / "other", "--model", str(tmp_path))) == 5
    assert "RUN-009" in capsys.readouterr().err
    assert not (tmp_path / "other").exists()


def test_a_folder_without_a_protected_table_is_no_earlier_release(
    province: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments(province, tmp_path / "out", "--after", str(tmp_path))) == 5
    told = capsys.readouterr()
    assert told.err.startswith("RUN-010")
    assert told.err.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_registers_are_invented_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = tmp_path / "made"
    assert run(["invent", "registers", "--people", "200", "--seed", "4", "--out", str(made)]) == 0
    assert {path.name for path in made.iterdir()} >= {"moph43", "dmc.xlsx", "bmn31_person.csv", "msdhs_cases.csv"}
    assert "200 people" in capsys.readouterr().out
    assert run(["invent", "registers", "--people", "200", "--defects", "9", "--out", str(tmp_path / "none")]) == 7
    assert "INVENT-002" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()
