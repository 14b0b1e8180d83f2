"""An invented province: honest, the same from the same seed, and never written over somebody's files."""

import csv
import hashlib
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv
import pyarrow.parquet as pq
import pytest

from methods.invented.exact_id import measure_exact_id, read_sector
from sarana.basics.errors import BadFile, BadSetting
from sarana.basics.progress import Silent
from sarana.methods.invented import ProvinceSettings, invent_province
from sarana.methods.invented.events import places_of_events
from sarana.methods.invented.papers import check_digits
from sarana.methods.invented.province import make_world
from sarana.methods.invented.registers import SECTORS
from sarana.methods.invented.year_before import make_year_before

SMALL = 3_000
FILES = (
    *(f"{sector}.csv" for sector in SECTORS),
    *(f"crosswalk_{sector}.csv" for sector in SECTORS),
    "villages.csv",
    "truth/rows.parquet",
    "truth/persons.parquet",
)
SAMPLE_FIGURES = {"all": (0.993, 0.661), "human_security": (0.987, 0.35), "stateless": (0.0, 0.0)}
"""Precision and recall of exact-ID linking on ../shared/data/population-sample, as design/performance.md gives them."""


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A province of the sample's size."""
    out = tmp_path_factory.mktemp("invented") / "province"
    invent_province(ProvinceSettings(people=87_500, seed=7), out, Silent())
    return out


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small province."""
    out = tmp_path_factory.mktemp("invented") / "small"
    invent_province(ProvinceSettings(people=SMALL, seed=3), out, Silent())
    return out


def _hashes(folder: Path) -> dict[str, str]:
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in FILES}


def test_exact_id_linking_scores_as_it_does_on_the_sample(province: Path) -> None:
    measured = measure_exact_id(province)
    for stratum in ("all", "human_security"):
        precision, recall = SAMPLE_FIGURES[stratum]
        assert measured[stratum].precision == pytest.approx(precision, abs=0.03)
        assert measured[stratum].recall == pytest.approx(recall, abs=0.03)
    assert measured["all"].f1 == pytest.approx(0.794, abs=0.03)
    assert measured["stateless"].recall < 0.001


@pytest.mark.shared
def test_the_figures_held_up_as_the_samples_are_the_samples(shared: Path) -> None:
    measured = measure_exact_id(shared / "data" / "population-sample")
    for stratum, (_, recall) in SAMPLE_FIGURES.items():
        assert measured[stratum].recall == pytest.approx(recall, abs=0.002)
    assert measured["all"].precision == pytest.approx(SAMPLE_FIGURES["all"][0], abs=0.001)


@pytest.mark.shared
def test_files_have_the_columns_of_the_sample(shared: Path, small: Path) -> None:
    sample = shared / "data" / "population-sample"
    for name in FILES:
        if name.endswith(".csv"):
            ours, theirs = ((folder / name).read_text(encoding="utf-8").split("\n")[0] for folder in (small, sample))
            assert ours == theirs
        else:
            assert pq.read_schema(small / name).names == pq.read_schema(sample / name).names


def test_rows_stand_in_the_proportions_of_the_sample(province: Path) -> None:
    counts = {sector: len(read_sector(province, sector)) for sector in SECTORS}
    assert counts == {"health": 90_000, "education": 10_750, "human_security": 1_100, "family_welfare": 12_100}
    rows = pq.read_table(province / "truth" / "rows.parquet")
    twice = pc.sum(rows.filter(pc.equal(rows["sector"], "health"))["is_duplicate"]).as_py()
    assert twice == 7_200


def test_the_same_seed_gives_the_same_bytes(small: Path, tmp_path: Path) -> None:
    invent_province(ProvinceSettings(people=SMALL, seed=3), tmp_path / "again", Silent())
    assert _hashes(tmp_path / "again") == _hashes(small)


def test_another_seed_gives_other_people(small: Path, tmp_path: Path) -> None:
    invent_province(ProvinceSettings(people=SMALL, seed=4), tmp_path / "other", Silent())
    same = [name for name in FILES if _hashes(tmp_path / "other")[name] == _hashes(small)[name]]
    assert same == ["crosswalk_human_security.csv"]


def test_ids_are_unique_and_their_check_digit_is_right(small: Path) -> None:
    people = pq.read_table(small / "truth" / "persons.parquet")
    ids = people["national_id"].to_numpy()
    held = ids[ids > 0]
    assert len(np.unique(held)) == len(held)
    assert (check_digits(held // 10) == held % 10).all()
    assert (people["stateless"].to_numpy() == (ids == 0)).all()


def test_a_known_id_has_its_known_check_digit() -> None:
    assert check_digits(np.array([110170020345])).tolist() == [
        (11 - sum(d * w for d, w in zip([1, 1, 0, 1, 7, 0, 0, 2, 0, 3, 4, 5], range(13, 1, -1), strict=True)) % 11) % 10
    ]


def test_every_area_code_is_in_its_crosswalk(small: Path) -> None:
    villages = pcsv.read_csv(
        small / "villages.csv", convert_options=pcsv.ConvertOptions(column_types={"village_code": pa.string()})
    )
    for sector, column in {
        "health": "VHID",
        "education": "area_code",
        "human_security": "msdhs_area",
        "family_welfare": "fw_village",
    }.items():
        walk = pcsv.read_csv(
            small / f"crosswalk_{sector}.csv",
            convert_options=pcsv.ConvertOptions(column_types={"sector_code": pa.string()}),
        )
        used = set(read_sector(small, sector)[column].drop_null().to_pylist())
        assert used <= set(walk["sector_code"].to_pylist())
        assert len(set(walk["sector_code"].to_pylist())) == len(walk)
    codes = villages["village_code"].to_pylist()
    assert len(set(codes)) == len(codes)
    assert {len(code) for code in codes} == {8}


def test_twins_share_household_birthday_and_surname(province: Path) -> None:
    people = pq.read_table(province / "truth" / "persons.parquet")
    second = np.flatnonzero(people["twin"].to_numpy())
    assert len(second) > 200
    for column, share in (("household", 1.0), ("dob", 1.0), ("surname", 0.98)):
        values = people[column].to_numpy()
        assert (values[second] == values[second - 1]).mean() >= share
    given = people["given"].to_numpy()
    assert (given[second] != given[second - 1]).mean() > 0.99


def test_some_cousins_of_one_village_bear_one_name(province: Path) -> None:
    people = pq.read_table(province / "truth" / "persons.parquet")
    names = np.column_stack([people[c].to_numpy() for c in ("village_code", "given", "surname")])
    assert (np.unique(names, axis=0, return_counts=True)[1] > 1).sum() > 200


def test_need_differs_between_villages_and_shows_in_the_facts(province: Path) -> None:
    people = pq.read_table(province / "truth" / "persons.parquet")
    means = people.group_by("village_code").aggregate([("latent", "mean"), ("latent", "count")])
    crowded = means.filter(pc.greater(means["latent_count"], 30))
    assert np.std(crowded["latent_mean"].to_numpy()) > 0.4
    need = people["latent"].to_numpy()
    for fact in ("hh_land", "debt_bond", "no_insurance", "dv_case", "grade_delay"):
        values = people[fact].to_numpy().astype(float)
        assert values[need > 1.5].mean() > 1.5 * values[need < 0].mean()
    assert people["hh_income"].to_numpy()[need > 1.5].mean() < 0.7 * people["hh_income"].to_numpy()[need < 0].mean()


def test_facts_of_a_household_are_one_for_all_its_members(small: Path) -> None:
    people = pq.read_table(small / "truth" / "persons.parquet")
    for fact in ("hh_income", "hh_debt", "hh_land", "gambling", "worker_away", "single_parent"):
        found = people.group_by("household").aggregate([(fact, "count_distinct")])
        assert pc.max(found[f"{fact}_count_distinct"]).as_py() == 1


def test_no_defects_leave_names_ids_and_dates_whole(tmp_path: Path) -> None:
    invent_province(ProvinceSettings(people=SMALL, seed=3, defects=0.0), tmp_path / "clean", Silent())
    health = read_sector(tmp_path / "clean", "health")
    people = pq.read_table(tmp_path / "clean" / "truth" / "persons.parquet")
    rows = pq.read_table(tmp_path / "clean" / "truth" / "rows.parquet")
    mine = rows.filter(pc.equal(rows["sector"], "health"))["person_id"].to_numpy()
    ids = pc.fill_null(health["CID"].cast(pa.int64()), 0).to_numpy()
    assert (ids == people["national_id"].to_numpy()[mine]).all()
    born = pc.strftime(people["dob"].cast(pa.timestamp("s")), format="%Y%m%d").to_numpy()[mine]
    assert (health["BIRTH"].to_numpy() == born).all()
    assert health["LNAME"].null_count == 0


def test_twice_the_defects_double_what_goes_wrong(tmp_path: Path) -> None:
    shares = []
    for defects in (1.0, 2.0):
        out = tmp_path / f"d{defects:g}"
        invent_province(ProvinceSettings(people=10_000, seed=5, defects=defects), out, Silent())
        health = read_sector(out, "health")
        shares.append((health["LNAME"].null_count / len(health), health["HOUSE"].null_count / len(health)))
    for once, twice in zip(*shares, strict=True):
        assert twice == pytest.approx(2 * once, rel=0.2)


def test_values_date_from_the_day_that_was_asked_for(tmp_path: Path) -> None:
    invent_province(ProvinceSettings(people=SMALL, seed=3, as_of=date(2020, 1, 31)), tmp_path / "then", Silent())
    people = pq.read_table(tmp_path / "then" / "truth" / "persons.parquet")
    assert pc.max(people["dob"]).as_py() <= date(2020, 1, 31)


def test_another_province_code_begins_every_area_code(tmp_path: Path) -> None:
    invent_province(ProvinceSettings(people=SMALL, seed=3, province="57"), tmp_path / "other", Silent())
    lines = (tmp_path / "other" / "villages.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert lines
    assert all(line.startswith("57") and ",57," in line for line in lines)


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        (ProvinceSettings(people=10), "INVENT-001"),
        (ProvinceSettings(people=10**9), "INVENT-001"),
        (ProvinceSettings(people=SMALL, defects=-1.0), "INVENT-002"),
        (ProvinceSettings(people=SMALL, defects=float("nan")), "INVENT-002"),
        (ProvinceSettings(people=SMALL, province="5"), "INVENT-003"),
        (ProvinceSettings(people=SMALL, seed=-1), "INVENT-004"),
        (ProvinceSettings(people=SMALL, centre=(99.0, 18.8)), "INVENT-005"),
    ],
)
def test_settings_that_make_no_province_are_refused(settings: ProvinceSettings, code: str, tmp_path: Path) -> None:
    with pytest.raises(BadSetting) as refused:
        invent_province(settings, tmp_path / "none", Silent())
    assert refused.value.code == code
    assert not (tmp_path / "none").exists()


def test_a_folder_with_other_files_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "health.csv").write_text("real people", encoding="utf-8")
    with pytest.raises(BadFile) as refused:
        invent_province(ProvinceSettings(people=SMALL), tmp_path, Silent())
    assert refused.value.code == "INVENT-006"
    assert [path.name for path in tmp_path.iterdir()] == ["health.csv"]
    assert (tmp_path / "health.csv").read_text(encoding="utf-8") == "real people"


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("", encoding="utf-8")
    with pytest.raises(BadFile) as refused:
        invent_province(ProvinceSettings(people=SMALL), tmp_path / "out", Silent())
    assert refused.value.code == "INVENT-006"


def test_a_folder_of_ours_is_written_anew(tmp_path: Path) -> None:
    for seed in (1, 3):
        invent_province(ProvinceSettings(people=300, seed=seed), tmp_path / "out", Silent())
    invent_province(ProvinceSettings(people=300, seed=3), tmp_path / "fresh", Silent())
    assert _hashes(tmp_path / "out") == _hashes(tmp_path / "fresh")


def test_the_smallest_province_has_rows_in_every_sector(tmp_path: Path) -> None:
    invent_province(ProvinceSettings(people=200, seed=1), tmp_path / "least", Silent())
    assert all(len(read_sector(tmp_path / "least", sector)) >= 2 for sector in SECTORS)


def test_a_messy_province_holds_the_same_values(small: Path, tmp_path: Path) -> None:
    invent_province(ProvinceSettings(people=SMALL, seed=3, messy=True), tmp_path / "messy", Silent())
    case = (tmp_path / "messy" / "human_security.csv").read_bytes()
    assert b"\n" not in case
    assert case.decode("cp874").replace("\r", "\n") == (small / "human_security.csv").read_text(encoding="utf-8")
    health = (tmp_path / "messy" / "health.csv").read_text(encoding="utf-8")
    assert health.startswith("row_id,hospcode,")
    assert ",099," not in health
    assert health.count("\n") == (small / "health.csv").read_text(encoding="utf-8").count("\n")
    assert (tmp_path / "messy" / "family_welfare.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(BadFile) as refused:
        invent_province(ProvinceSettings(people=SMALL), tmp_path / "file" / "out", Silent())
    assert refused.value.code == "INVENT-007"


def _cells(folder: Path, sector: str) -> dict[str, dict[str, str]]:
    """The rows of a sector by their number."""
    with (folder / f"{sector}.csv").open(encoding="utf-8", newline="") as file:
        return {row["row_id"]: row for row in csv.DictReader(file)}


def _persons(folder: Path) -> dict[str, int]:
    """Whose each row is."""
    rows = pq.read_table(folder / "truth" / "rows.parquet")
    return dict(zip(rows["row_id"].to_pylist(), rows["person_id"].to_pylist(), strict=True))


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small province a year before."""
    out = tmp_path_factory.mktemp("invented") / "before"
    invent_province(ProvinceSettings(people=SMALL, seed=3, year_before=True), out, Silent())
    return out


def test_the_year_before_knows_the_same_people_by_the_same_rows(small: Path, before: Path) -> None:
    now, then = _persons(small), _persons(before)
    both = now.keys() & then.keys()
    assert all(now[row] == then[row] for row in both)
    assert len(both) > 0.9 * len(now)
    assert {then[row] for row in then.keys() - both}.isdisjoint(now.values())
    for sector, named in (
        ("health", ("CID", "NAME", "LNAME", "BIRTH", "SEX")),
        ("family_welfare", ("pid13", "house_no")),
    ):
        old, new = _cells(before, sector), _cells(small, sector)
        told = old.keys() & new.keys()
        assert all(old[row][name] == new[row][name] for row in told for name in named)
        assert 0.02 * len(told) < sum(old[row] != new[row] for row in told) < 0.6 * len(told)


def test_nobody_of_the_year_before_is_born_later_or_bears_the_id_of_another(small: Path, before: Path) -> None:
    people, rows = pq.read_table(before / "truth" / "persons.parquet"), _persons(before)
    assert pc.max(people["dob"]).as_py() <= date(2025, 6, 30)
    assert set(rows.values()) <= set(people["person_id"].to_pylist())
    held = people["national_id"].to_numpy()
    assert len(np.unique(held[held > 0])) == (held > 0).sum()
    left = people.filter(pc.greater_equal(people["person_id"], SMALL))
    later = set(pq.read_table(small / "truth" / "persons.parquet")["national_id"].to_pylist()) - {0}
    assert left.num_rows > 0
    assert later.isdisjoint(left["national_id"].to_pylist())
    homes = [set(table["household"].to_pylist()) for table in (left, people.slice(0, people.num_rows - left.num_rows))]
    assert homes[0].isdisjoint(homes[1])
    grades = [_cells(folder, "education") for folder in (before, small)]
    both = [(int(grades[0][row]["grade"]), int(grades[1][row]["grade"])) for row in grades[0].keys() & grades[1].keys()]
    assert np.mean([later_grade - grade for grade, later_grade in both]) > 0.7


def test_what_happened_in_the_year_is_told_from_chance_where_it_happened_and_nowhere_else(tmp_path: Path) -> None:
    settings = ProvinceSettings(people=20_000, seed=1, year_before=True)
    world, _sizes = make_world(settings, Silent(), 1)
    was = make_year_before(world).was
    events = places_of_events(was.places, was.people)
    assert list(events) == ["programme", "drought", "school"]
    subdistrict = was.places.subdistrict_code[was.places.subdistrict[was.people.village]]

    def rise(fact: str, who: Any) -> float:
        return float(np.mean(world.facts[fact][who]) / np.mean(was.facts[fact][who]))

    helped, hit = (subdistrict // 100 == events[name][1] for name in ("programme", "drought"))
    closed = subdistrict == events["school"][1]
    for fact in ("dropout", "gambling", "injury_violence", "alcohol"):
        assert rise(fact, helped) < 0.8, fact
    for fact in ("dropout", "worker_away", "seasonal_migration", "malnutrition"):
        assert rise(fact, hit) > 1.25, fact
    assert rise("distance_km", closed) > 2
    elsewhere = ~(helped | hit | closed)
    assert all(0.93 < rise(fact, elsewhere) < 1.07 for fact in ("dropout", "gambling", "worker_away", "alcohol"))
    # What a household shares, all its members share as before.
    for fact in ("hh_income", "worker_away"):
        assert (
            len(np.unique(np.column_stack([was.people.household, was.facts[fact]]), axis=0))
            == np.max(was.people.household) + 1
        )
    again = make_year_before(world).was.facts
    assert all(np.array_equal(values, again[name]) for name, values in was.facts.items())


def test_the_folder_of_the_year_before_says_what_was_invented_of_the_year(small: Path, tmp_path: Path) -> None:
    # In so small a province nothing happens: it would have happened everywhere.
    assert "a year before" not in (small / "INVENTED.md").read_text("utf-8")
    out = tmp_path / "before"
    invent_province(ProvinceSettings(people=15_000, seed=3, year_before=True), out, Silent())
    told = (out / "INVENTED.md").read_text("utf-8")
    assert "Nobody in these files exists." in told
    assert "What happened since is invented too" in told
    assert told.count("\n* 50") == 3
