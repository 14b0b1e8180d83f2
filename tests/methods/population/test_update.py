"""An update gives the tables of a full run with that model, whatever was changed, and takes over what it may."""

import os
import random
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from makers.counted import SCALE
from methods.population.little_province import (
    MEANS,
    SECTORS,
    SOURCES,
    TODAY,
    contract_files,
    make_province,
    read_csv,
    run_chain,
    write_csv,
)
from sarana.basics.errors import BadFile, BadSetting, BadTable, NotYet
from sarana.methods.population import later
from sarana.methods.population.chain import Outcome, plan_population, run_population
from sarana.methods.population.chain_steps import MODEL_FILE
from sarana.methods.population.chain_update import changes_told, compare_rows, plan_update, steps_told
from sarana.methods.runs.erase import erase_run
from sarana.methods.runs.folder import opened
from sarana.methods.runs.runner import Unwatched

N_KILLS = int(os.environ.get("SARANA_TEST_KILLS", "2"))
"""How many times one update is killed before it may end; the full count is SARANA_TEST_KILLS=40."""

N_CHANGES = 20 if SCALE >= 1 else 4
"""How many random changes are tried; all 20 by `./dev scale`."""

PEOPLE = 300

AREA_COLUMNS = {"VHID", "area_code", "fw_village", "msdhs_area"}
"""Where people live: those who move in live in villages that the province knows."""

Rows = list[list[str]]


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_province(tmp_path_factory.mktemp("before") / "data", people=PEOPLE)


@pytest.fixture(scope="module")
def run(province: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("update") / "run"
    run_chain(province, out)
    return out


def update(run: Path, data: Path, out: Path, *, sources: Path = SOURCES, resume: bool = False) -> Outcome:
    plan = plan_update(run, sources, data, today=TODAY)
    with opened(out, resume=resume) as folder:
        return run_population(plan, folder, MEANS, Unwatched())


def full_run(run: Path, data: Path, out: Path, *, sources: Path = SOURCES) -> None:
    plan = plan_population(sources, data, today=TODAY, model_of=run)
    with opened(out, resume=False) as folder:
        run_population(plan, folder, MEANS, Unwatched())


def tables_of(out: Path) -> dict[str, bytes]:
    """The bytes of every file of a run but its receipts, and the counts of changes that only an update has."""
    return {name: data for name, data in contract_files(out).items() if name != "work/changes.parquet"}


def insert(rows: Rows, other: Rows, chance: random.Random) -> None:
    """Rows of people who were not there."""
    for number in range(chance.randint(1, 4)):
        taken = list(chance.choice(other[1:]))
        taken[0] = f"N{chance.randrange(10**6)}-{number}"
        rows.insert(chance.randint(1, len(rows)), taken)


def delete(rows: Rows, _other: Rows, chance: random.Random) -> None:
    """Rows go, but not the last one: a file without a row is refused."""
    for _ in range(min(chance.randint(1, 4), len(rows) - 2)):
        del rows[chance.randrange(1, len(rows))]


def change(rows: Rows, other: Rows, chance: random.Random) -> None:
    """Some values of some rows become those of other people."""
    for _ in range(chance.randint(1, 6)):
        column = chance.randrange(1, len(rows[0]))
        rows[chance.randrange(1, len(rows))][column] = chance.choice(other[1:])[column]


def shuffle(rows: Rows, _other: Rows, chance: random.Random) -> None:
    body = rows[1:]
    chance.shuffle(body)
    rows[1:] = body


def double(rows: Rows, _other: Rows, chance: random.Random) -> None:
    """A row id stands twice: both rows are set aside."""
    rows.append(list(chance.choice(rows[1:])))


def empty(rows: Rows, _other: Rows, chance: random.Random) -> None:
    rows[chance.randrange(1, len(rows))][chance.randrange(1, len(rows[0]))] = ""


def replace_all(rows: Rows, other: Rows, _chance: random.Random) -> None:
    rows[:] = [list(row) for row in other]


CHANGES: tuple[Callable[[Rows, Rows, random.Random], None], ...] = (
    insert, delete, change, change, shuffle, double, empty, replace_all,
)  # fmt: skip


@pytest.fixture(scope="module")
def others(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another province of the same layout, whose people move in."""
    return make_province(tmp_path_factory.mktemp("others") / "data", people=PEOPLE, seed=8)


def changed(province: Path, others: Path, data: Path, seed: int) -> list[str]:
    """The province with a few random changes in some of its files; the names of these."""
    shutil.copytree(province, data)
    chance = random.Random(seed)
    names = sorted(chance.sample(SECTORS, chance.randint(0 if seed % 5 == 0 else 1, 2 + seed % 3)))
    for name in names:
        rows, other = read_csv(data / f"{name}.csv"), read_csv(others / f"{name}.csv")
        at = next(column for column, head in enumerate(rows[0]) if head in AREA_COLUMNS)
        for row in other[1:]:
            row[at] = chance.choice(rows[1:])[at]
        for _ in range(chance.randint(1, 3)):
            chance.choice(CHANGES)(rows, other, chance)
        write_csv(data / f"{name}.csv", rows)
    return names


@pytest.mark.parametrize("seed", range(N_CHANGES))
def test_an_update_equals_the_full_run_with_that_model(
    province: Path, others: Path, run: Path, tmp_path: Path, seed: int
) -> None:
    touched = changed(province, others, tmp_path / "data", seed)
    outcome = update(run, tmp_path / "data", tmp_path / "new")
    full_run(run, tmp_path / "data", tmp_path / "full")
    assert tables_of(tmp_path / "new") == tables_of(tmp_path / "full")
    told = {each.source: each for each in changes_told(outcome.receipts)}
    assert all(told[name].is_taken_over for name in set(SECTORS) - set(touched))
    assert all(told[n].new + told[n].changed + told[n].gone == 0 for n in set(SECTORS) - set(touched))


def test_an_update_of_an_update_equals_the_full_run(province: Path, others: Path, run: Path, tmp_path: Path) -> None:
    changed(province, others, tmp_path / "once", 101)
    update(run, tmp_path / "once", tmp_path / "new")
    changed(tmp_path / "once", others, tmp_path / "twice", 102)
    update(tmp_path / "new", tmp_path / "twice", tmp_path / "newer")
    full_run(tmp_path / "new", tmp_path / "twice", tmp_path / "full")
    assert tables_of(tmp_path / "newer") == tables_of(tmp_path / "full")


def test_with_the_same_files_every_step_is_taken_over(province: Path, run: Path, tmp_path: Path) -> None:
    outcome = update(run, province, tmp_path / "new")
    assert [step.step for step in steps_told(outcome.receipts) if not step.is_taken_over] == ["update"]
    assert tables_of(tmp_path / "new") == tables_of(run)
    assert all(change.same > 0 and change.is_taken_over for change in changes_told(outcome.receipts))


def test_rows_in_another_order_are_read_and_nothing_after_that(province: Path, run: Path, tmp_path: Path) -> None:
    data = shutil.copytree(province, tmp_path / "data")
    rows = read_csv(data / "education.csv")
    write_csv(data / "education.csv", [rows[0], *reversed(rows[1:])])
    outcome = update(run, data, tmp_path / "new")
    assert [step.step for step in steps_told(outcome.receipts) if not step.is_taken_over] == ["read", "update"]


def test_rows_are_counted_as_same_new_changed_and_gone() -> None:
    before = pa.table({"row_id": ["a", "b", "c", "d"], "x": ["1", None, "3", "4"], "y": ["p", "q", None, "s"]})
    now = pa.table({"row_id": ["b", "c", "d", "e"], "x": [None, "3", "5", "6"], "y": ["q", "r", "s", "t"]})
    assert compare_rows(before, now) == {"same": 1, "new": 1, "changed": 2, "gone": 1}
    assert compare_rows(before, before) == {"same": 4, "new": 0, "changed": 0, "gone": 0}
    counted = pa.table({"row_id": ["a", "b"], "x": pa.array([1, 7]), "y": ["p", "q"]})
    assert compare_rows(before, counted) == {"same": 1, "new": 0, "changed": 1, "gone": 2}
    wider = before.append_column("z", pa.array(["v"] * 4))
    assert compare_rows(before, wider)["changed"] == 4


def lie_of_words(path: Path) -> None:
    """Of each word is said what is true of another one."""
    told = pq.read_table(path)
    word, *says = told.column_names
    turned = {name: told[name].take(pa.array(range(len(told))[::-1])) for name in says}
    pq.write_table(pa.table({word: told[word], **turned}), path)


def test_a_file_of_the_run_that_was_touched_is_never_taken_over(
    province: Path, others: Path, run: Path, tmp_path: Path
) -> None:
    touched = shutil.copytree(run, tmp_path / "run")
    other = tmp_path / "other"
    run_chain(others, other)
    for name in ("work/rows-health.arrow", "standardised.parquet", "scores.parquet"):
        shutil.copyfile(other / name, touched / name)
    for words in ("keys", "parts", "wholes", "births"):
        lie_of_words(touched / f"work/word-{words}.parquet")
    outcome = update(touched, province, tmp_path / "new")
    assert tables_of(tmp_path / "new") == tables_of(run)
    done = [step.step for step in steps_told(outcome.receipts) if not step.is_taken_over]
    assert done == ["read", "standardise", "index", "update"]


def test_what_other_code_made_is_not_taken_over(province: Path, run: Path, tmp_path: Path) -> None:
    old = shutil.copytree(run, tmp_path / "run")
    for file in (old / "receipts").iterdir():
        text = file.read_text("utf-8")
        assert '"code": "' in text
        file.write_text(text.replace('"code": "', '"code": "0'), "utf-8")
    outcome = update(old, province, tmp_path / "new")
    assert not any(step.is_taken_over for step in steps_told(outcome.receipts))
    assert tables_of(tmp_path / "new") == tables_of(run)


def test_an_update_killed_again_and_again_ends_with_the_same_files(
    province: Path, others: Path, run: Path, tmp_path: Path
) -> None:
    data, out = tmp_path / "data", tmp_path / "new"
    changed(province, others, data, 3)
    chance = random.Random(12)
    command = "import sys; from sarana.config.commands import main; main()"
    arguments = ["population", "update", str(run), "--sources", str(SOURCES), "--data", str(data), "--out", str(out)]
    env = {**os.environ, "PYTHONPATH": ":".join(sys.path), "SARANA_STATE": str(tmp_path / "state")}
    for _ in range(N_KILLS):
        with subprocess.Popen(
            [sys.executable, "-c", command, *arguments, "--resume"], env=env, stderr=subprocess.DEVNULL
        ) as process:
            started = time.monotonic()
            while not (out / "receipts").exists() and time.monotonic() < started + 30:
                time.sleep(0.01)
            time.sleep(chance.uniform(0, 1.5))
            process.kill()
    update(run, data, out, resume=True)
    full_run(run, data, tmp_path / "full")
    assert tables_of(out) == tables_of(tmp_path / "full")
    assert not list(out.rglob("*.part"))


def test_a_run_that_was_erased_or_not_finished_cannot_be_updated(province: Path, run: Path, tmp_path: Path) -> None:
    erased = shutil.copytree(run, tmp_path / "erased")
    erase_run(erased)
    with pytest.raises(NotYet, match=r"UPDATE-001 .* erased .* Make a full run"):
        plan_update(erased, SOURCES, province, today=TODAY)
    unfinished = shutil.copytree(run, tmp_path / "unfinished")
    card = unfinished / "run.toml"
    card.write_text(card.read_text("utf-8").replace("complete = true", "complete = false"), "utf-8")
    with pytest.raises(NotYet, match=r"UPDATE-001 .* not complete .* --resume"):
        plan_update(unfinished, SOURCES, province, today=TODAY)
    with pytest.raises(BadFile, match="RUN-002"):
        plan_update(province, SOURCES, province, today=TODAY)


@pytest.mark.parametrize("name", ["work/link-model.parquet", "work/rows-health.arrow", "receipts/04-index.json"])
def test_a_run_that_lacks_a_part_cannot_be_updated(province: Path, run: Path, tmp_path: Path, name: str) -> None:
    less = shutil.copytree(run, tmp_path / "run")
    (less / name).unlink()
    with pytest.raises(NotYet, match=rf"UPDATE-001 .* it lacks {name}\. Make a full run"):
        plan_update(less, SOURCES, province, today=TODAY)


def written(tmp_path: Path, old: str, new: str) -> Path:
    sources = tmp_path / "sources.toml"
    text = SOURCES.read_text(encoding="utf-8")
    assert old in text
    sources.write_text(text.replace(old, new, 1), encoding="utf-8")
    return sources


def test_a_run_of_another_linkage_is_refused_before_a_file_is_read(province: Path, run: Path, tmp_path: Path) -> None:
    old = shutil.copytree(run, tmp_path / "run")
    model = pq.read_table(old / MODEL_FILE)
    pq.write_table(model.filter(pc.not_equal(model["part"], "made")), old / MODEL_FILE)
    with pytest.raises(BadSetting, match="LINK-004"):
        plan_update(old, SOURCES, province, today=TODAY)


def test_another_layout_is_refused(province: Path, run: Path, tmp_path: Path) -> None:
    sources = written(tmp_path, 'house = "HOUSE"\n', "")
    with pytest.raises(BadSetting, match=r"UPDATE-002 .* health\. Use the SOURCES.toml of the run"):
        plan_update(run, sources, province, today=TODAY)


def test_another_province_is_refused(province: Path, run: Path, tmp_path: Path) -> None:
    sources = written(tmp_path, 'province = "50"', 'province = "57"')
    with pytest.raises(BadSetting, match=r"UPDATE-002 .* of province 50, these sources of 57"):
        plan_update(run, sources, province, today=TODAY)


def test_another_indicator_set_is_refused(province: Path, run: Path, tmp_path: Path) -> None:
    sources = written(tmp_path, '"chiang-mai-28"', '"th-north-28"')
    with pytest.raises(BadSetting, match=r"UPDATE-003 .* chiang-mai-28, not th-north-28\. Name the same set"):
        plan_update(run, sources, province, today=TODAY)


def test_files_older_than_the_run_are_refused(province: Path, run: Path, tmp_path: Path) -> None:
    sources = written(tmp_path, 'row_id = "row_id"\nas_of = 2026-06-30', 'row_id = "row_id"\nas_of = 2025-06-30')
    with pytest.raises(BadSetting, match=r"UPDATE-004 \[sources.health\]: The files of health date from 2025-06-30"):
        plan_update(run, sources, province, today=TODAY)


def test_files_of_an_earlier_year_under_a_later_day_are_refused(
    province: Path, run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(later, "LEAST", 100)
    shutil.copytree(province, tmp_path / "data")
    head, *rows = read_csv(province / "health.csv")
    born = head.index("BIRTH")
    days = sorted(row[born] for row in rows if row[born])
    write_csv(tmp_path / "data" / "health.csv", [head, *(row for row in rows if row[born] < days[len(days) * 4 // 5])])
    with pytest.raises(BadTable, match=r"UPDATE-004 \[sources.health\]: The youngest people in health were born about"):
        update(run, tmp_path / "data", tmp_path / "new")
    assert not (tmp_path / "new" / "standardised.parquet").exists()
    update(run, province, tmp_path / "same")


def test_a_later_day_is_an_update_too(province: Path, run: Path, tmp_path: Path) -> None:
    sources = written(tmp_path, "as_of = 2026-06-30\nindicators", "as_of = 2026-09-30\nindicators")
    update(run, province, tmp_path / "new", sources=sources)
    full_run(run, province, tmp_path / "full", sources=sources)
    assert tables_of(tmp_path / "new") == tables_of(tmp_path / "full")


def test_an_update_is_protected_beside_tables_let_out_before(
    province: Path, others: Path, run: Path, tmp_path: Path
) -> None:
    changed(province, others, tmp_path / "data", 4)
    for out, plan in (
        ("new", plan_update(run, SOURCES, tmp_path / "data", today=TODAY, after=[run])),
        ("full", plan_population(SOURCES, tmp_path / "data", today=TODAY, model_of=run, after=[run])),
    ):
        with opened(tmp_path / out, resume=False) as folder:
            run_population(plan, folder, MEANS, Unwatched())
    assert tables_of(tmp_path / "new") == tables_of(tmp_path / "full")


def test_what_people_judged_of_pairs_counts_for_the_update_and_its_card_tells_it(
    run: Path, province: Path, tmp_path: Path
) -> None:
    pairs = [(row["left"], row["right"]) for row in pq.read_table(run / "review.parquet").to_pylist()]
    judged = tmp_path / "judged.csv"
    lines = [*((*pair, "not-same") for pair in pairs), ("health:gone", "education:gone", "same")]
    judged.write_text("left,right,verdict\n" + "".join(",".join(line) + "\n" for line in lines), "utf-8")
    plan = plan_update(run, SOURCES, province, today=TODAY, judged=judged)
    with opened(tmp_path / "out", resume=False) as folder:
        outcome = run_population(plan, folder, MEANS, Unwatched())
    taken = {step.step: step.is_taken_over for step in steps_told(outcome.receipts)}
    assert (taken["standardise"], taken["link"]) == (True, False)
    assert not pq.read_table(tmp_path / "out" / "review.parquet").num_rows
    card = tomllib.loads((tmp_path / "out" / "run.toml").read_text("utf-8"))["judged"]
    assert (card["not_same"], card["same"], card["rows_gone"], card["contradicted"]) == (len(pairs), 1, 1, 0)
    assert ("judgements of rows that are no longer there", 1) in outcome.counts
