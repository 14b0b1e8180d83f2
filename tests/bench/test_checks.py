"""What is written of the checks is what the tests said."""

import datetime as dt
import tomllib

from bench import checks

ON = dt.date(2026, 11, 29)


def a_result(
    outcome: str, *names: str, database: str = "SQLite", counted: tuple[tuple[str, int], ...] = ()
) -> checks.Run:
    return {"checks": [*names], "outcome": outcome, "database": database, "counted": [*counted], "test": "t"}


def gathered(*results: checks.Run) -> checks.Runs:
    return checks.gathered(results, ["F-01", "F-02"], scale=1.0, on=ON, commit="abc1234")


def test_one_failed_test_fails_the_check_whatever_the_others_say() -> None:
    for outcomes in (("failed", "passed"), ("passed", "failed"), ("skipped", "failed")):
        assert gathered(*(a_result(each, "F-01") for each in outcomes))["F-01"]["SQLite"]["result"] == "failed"


def test_a_check_of_which_every_test_was_skipped_was_not_run() -> None:
    run = gathered(a_result("skipped", "F-01"))["F-01"]["SQLite"]
    assert (run["result"], run["tests"], run["skipped"]) == ("not run", 0, 1)


def test_counts_add_up_and_databases_are_kept_apart() -> None:
    runs = gathered(
        a_result("passed", "F-01", counted=(("kills", 300),)),
        a_result("passed", "F-01", "F-02", counted=(("kills", 200),)),
        a_result("passed", "F-01", database="PostgreSQL"),
    )
    assert runs["F-01"]["SQLite"]["counted"] == {"kills": 500}
    assert runs["F-01"]["PostgreSQL"]["counted"] == {}
    assert runs["F-02"]["SQLite"]["tests"] == 1


def test_a_run_of_one_check_keeps_what_is_known_of_the_others() -> None:
    before = gathered(a_result("passed", "F-01"), a_result("passed", "F-02"))
    now = gathered(a_result("failed", "F-02"))
    after = checks.merged(before, {"F-02": now["F-02"]})
    assert (after["F-01"]["SQLite"]["result"], after["F-02"]["SQLite"]["result"]) == ("passed", "failed")


def test_what_is_written_is_read_back_the_same() -> None:
    runs = gathered(a_result("passed", "F-01", counted=(("kills", 500), ("acknowledged saves", 9))))
    assert tomllib.loads(checks.written(runs, ["F-01", "F-02"])) == {"F-01": runs["F-01"]}
