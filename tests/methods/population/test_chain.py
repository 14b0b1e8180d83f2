import json
import os
import random
import shutil
import subprocess
import sys
import time
import tomllib
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from methods.population.little_province import (
    SECTORS,
    SOURCES,
    TODAY,
    contract_files,
    make_province,
    read_csv,
    run_chain,
    shuffled,
    table,
)
from sarana.basics.errors import BadFile, NoRoom, NotYet
from sarana.methods.population.chain import plan_population
from sarana.methods.population.chain_card import fingerprint
from sarana.methods.population.chain_rows import count_roughly
from sarana.methods.runs.folder import find_card
from sarana.methods.runs.means import Means, needed_mib, read_means
from sarana.methods.runs.receipts import find_receipt

N_KILLS = int(os.environ.get("SARANA_TEST_KILLS", "2"))
"""How many times one run is killed before it may end; the full count is SARANA_TEST_KILLS=40."""

CONTRACT = {
    "people.parquet",
    "review.parquet",
    "scores.parquet",
    "contributions.parquet",
    "areas.parquet",
    "areas-internal.parquet",
    "areas.geojson",
    "area-answers.parquet",
    "area-sectors.parquet",
    "area-better.parquet",
    "refer-now.parquet",
    "standardised.parquet",
    "set-aside.parquet",
    "report.html",
    "run.toml",
}


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_province(tmp_path_factory.mktemp("province") / "data")


@pytest.fixture(scope="module")
def run(province: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("chain") / "run"
    run_chain(province, out)
    return out


def test_a_run_folder_holds_every_file_of_the_contract(run: Path) -> None:
    assert {file.name for file in run.iterdir()} == CONTRACT | {"receipts", "work"}
    names = [file.name for file in sorted((run / "receipts").iterdir())]
    assert names == [
        f"{n:02d}-{step}.json"
        for n, step in enumerate(("read", "standardise", "link", "index", "areas", "protect", "report"), start=1)
    ]


def test_every_row_is_in_people_once_or_set_aside(province: Path, run: Path) -> None:
    written = {name: len(read_csv(province / f"{name}.csv")) - 1 for name in SECTORS}
    people = Counter((row["source"], row["row_id"]) for row in table(run, "people.parquet"))
    aside = Counter(row["source"] for row in table(run, "set-aside.parquet"))
    assert set(people.values()) == {1}
    assert Counter(source for source, _ in people) + aside == written
    assert [row["code"] for row in table(run, "set-aside.parquet")] == ["READ-031", "READ-031", "READ-030"]


def test_tables_of_people_fit_together(run: Path) -> None:
    people = {row["person_id"] for row in table(run, "people.parquet")}
    scores = {row["person_id"] for row in table(run, "scores.parquet")}
    parts = {row["person_id"] for row in table(run, "contributions.parquet")}
    assert scores == parts <= people
    assert {row["person_id"] for row in table(run, "refer-now.parquet")} <= people


def test_files_are_the_same_at_any_thread_count_memory_and_row_order(province: Path, run: Path, tmp_path: Path) -> None:
    other = shuffled(province, tmp_path / "data", seed=5)
    run_chain(other, tmp_path / "one", means=Means(threads=1, memory_mib=needed_mib(1) + 40))
    assert contract_files(tmp_path / "one") == contract_files(run)
    run_chain(province, tmp_path / "four", means=Means(threads=4, memory_mib=2000))
    assert contract_files(tmp_path / "four") == contract_files(run)


def test_files_carry_no_path_and_receipts_no_name_of_a_folder(province: Path, run: Path) -> None:
    for name, content in contract_files(run).items():
        assert str(province).encode() not in content, name
        assert str(run).encode() not in content, name
    for receipt in (run / "receipts").iterdir():
        assert str(province) not in receipt.read_text(encoding="utf-8"), receipt.name


def test_receipts_follow_the_rows(run: Path) -> None:
    receipts = [json.loads(file.read_text(encoding="utf-8")) for file in sorted((run / "receipts").iterdir())]
    read, standardise, link = receipts[:3]
    assert read["rows_in"] == read["rows_out"] + sum(read["set_aside"].values())
    assert read["rows_out"] == standardise["rows_in"] == standardise["rows_out"] == link["rows_in"]
    assert {f"{name}.csv" for name in SECTORS} < set(read["inputs"])
    for receipt in receipts:
        assert receipt["outputs"], receipt["step"]
        assert receipt["peak_memory_mib"] > 50, receipt["step"]


def test_the_card_says_what_the_run_is(run: Path) -> None:
    card = tomllib.loads((run / "run.toml").read_text(encoding="utf-8"))
    assert card["status"] == "unvalidated, for planning only"
    assert (card["complete"], card["erased"], card["invented"]) == (True, False, True)
    assert card["indicators"]["set"] == "chiang-mai-28"
    assert [source["name"] for source in card["sources"]] == list(SECTORS)
    assert card["sources"][0]["set_aside"] == 3
    receipts = [find_receipt(file) for file in sorted((run / "receipts").iterdir())]
    assert card["fingerprint"] == fingerprint([receipt for receipt in receipts if receipt])


def test_another_name_of_the_run_reads_nothing_again(province: Path, run: Path, tmp_path: Path) -> None:
    sources = tmp_path / "sources.toml"
    text = SOURCES.read_text(encoding="utf-8")
    sources.write_text(text.replace('name = "Chiang Mai, invented"', 'name = "Another name"'), encoding="utf-8")
    out = tmp_path / "run"
    shutil.copytree(run, out)
    before = {file.name: file.read_bytes() for file in (out / "receipts").iterdir()}
    run_chain(province, out, sources=sources, resume=True)
    after = {file.name: file.read_bytes() for file in (out / "receipts").iterdir()}
    assert [name for name in sorted(after) if after[name] != before[name]] == ["07-report.json"]
    assert contract_files(out)["scores.parquet"] == contract_files(run)["scores.parquet"]


def test_a_chain_killed_again_and_again_ends_with_the_same_files(province: Path, run: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    chance = random.Random(11)
    command = "import sys; from sarana.config.commands import main; main()"
    arguments = [
        "population",
        "run",
        str(SOURCES),
        "--data",
        str(province),
        "--out",
        str(out),
        "--resume",
        "--unsealed",
    ]
    env = {**os.environ, "PYTHONPATH": ":".join(sys.path), "SARANA_STATE": str(tmp_path / "state")}
    for _ in range(N_KILLS):
        with subprocess.Popen(
            [sys.executable, "-c", command, *arguments], env=env, stderr=subprocess.DEVNULL
        ) as process:
            started = time.monotonic()
            while not (out / "receipts").exists() and time.monotonic() < started + 30:
                time.sleep(0.01)
            time.sleep(chance.uniform(0, 1.5))
            process.kill()
    run_chain(province, out, resume=True)
    assert contract_files(out) == contract_files(run)
    assert pq.read_table(out / "people.parquet").num_rows > 0


def test_a_missing_file_is_named_before_anything_begins(province: Path, tmp_path: Path) -> None:
    data = shuffled(province, tmp_path / "data", seed=1)
    (data / "education.csv").unlink()
    with pytest.raises(BadFile, match=r"RUN-006 education\.csv: The file is not there"):
        plan_population(SOURCES, data, today=TODAY)


def test_data_not_marked_invented_needs_its_papers(province: Path, tmp_path: Path) -> None:
    sources = tmp_path / "sources.toml"
    text = SOURCES.read_text(encoding="utf-8")
    assert "invented = true" in text
    sources.write_text(text.replace("invented = true", "invented = false"), encoding="utf-8")
    with pytest.raises(NotYet, match="SOURCES-011"):
        plan_population(sources, province, today=TODAY)


def test_rows_are_counted_roughly_before_they_are_read(province: Path) -> None:
    plan = plan_population(SOURCES, province, today=TODAY)
    true = sum(len(read_csv(province / f"{name}.csv")) - 1 for name in SECTORS)
    assert abs(count_roughly(plan.sources) - true) <= len(SECTORS)


def test_too_little_memory_stops_before_the_folder_is_made() -> None:
    with pytest.raises(NoRoom, match="RUN-004"):
        read_means(2, "100MiB")


def test_a_run_that_is_not_complete_says_so(province: Path, tmp_path: Path) -> None:
    data = shuffled(province, tmp_path / "data", seed=2)
    rows = read_csv(data / "health.csv")
    (data / "health.csv").write_text(",".join(rows[0]) + "\n", encoding="utf-8")
    with pytest.raises(BadFile, match="READ-005"):
        run_chain(data, tmp_path / "run")
    card = find_card(tmp_path / "run")
    assert card is not None
    assert card["complete"] is False
    assert "fingerprint" not in card
