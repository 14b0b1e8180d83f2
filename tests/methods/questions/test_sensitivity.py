"""Sensitivity: each change equals a whole index reckoned with that change, and few people are never counted."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from methods.population.little_province import MEANS
from methods.questions.asked_province import copied_run, finished_run, opened_run
from sarana.basics.errors import BadFile, BadTable, NotYet, Refused
from sarana.basics.progress import Silent
from sarana.methods.areas.placed import Places
from sarana.methods.disclosure.rule import DisclosureSettings
from sarana.methods.questions import sensitivity
from sarana.methods.questions.asked_run import AskedRun, asked
from sarana.methods.questions.doubtful_links import relink
from sarana.methods.questions.ranks import Published, Tally, moved, rank
from sarana.methods.questions.sensitivity import Change, Sensitivity, ask_sensitivity
from sarana.methods.questions.sensitivity_bounds import ends_of
from sarana.methods.questions.told import moves_told
from sarana.methods.risk.rows import number_rows
from sarana.methods.risk.scoring import compile_set, score_people
from sarana.methods.risk.settings import RiskSettings
from sarana.methods.runs.erase import erase_run

OPEN = DisclosureSettings(threshold=1)
"""Hides nothing, so that the tests can see all."""


@pytest.fixture(scope="module")
def answer() -> Sensitivity:
    return asked_openly()


def asked_openly(threads: int = 2) -> Sensitivity:
    """The answer when every area is published; so few people have no area of their own otherwise."""
    with asked(finished_run(), replace(MEANS, threads=threads)) as (engine, run):
        engine.view("areas", finished_run() / "areas-internal.parquet")
        return ask_sensitivity(engine, run, Silent(), OPEN)


def of(answer: Sensitivity, kind: str, name: str) -> Change:
    (found,) = (c for c in answer.changes if (c.kind, c.of) == (kind, name))
    return found


def bands_when(settings: RiskSettings, standardised: pa.Table | None = None) -> list[str]:
    """The band of everyone, in order of person_id, when the whole index is reckoned so."""
    with opened_run() as (engine, _):
        if standardised is not None:
            engine.lend("standardised", standardised)
        score_people(engine, settings, Silent())
        bands: list[str] = engine.table("scores")["band"].to_pylist()
        return bands


def n_changed(before: list[str], after: list[str]) -> int:
    return sum(a != b for a, b in zip(before, after, strict=True))


@pytest.fixture(scope="module")
def settings() -> RiskSettings:
    with opened_run() as (_, run):
        return run.settings


@pytest.fixture(scope="module")
def bands() -> list[str]:
    found: list[str] = pq.read_table(finished_run() / "scores.parquet")["band"].to_pylist()
    return found


@pytest.mark.parametrize(("kind", "factor"), [("weight-up", 3), ("weight-down", 1)])
def test_moving_a_weight_equals_an_index_with_that_weight(
    answer: Sensitivity, settings: RiskSettings, bands: list[str], kind: str, factor: int
) -> None:
    heavier = tuple(
        msgspec.structs.replace(i, weight=(factor if i.id == "h01" else 2) * i.weight) for i in settings.set.indicators
    )
    after = bands_when(replace(settings, set=msgspec.structs.replace(settings.set, indicators=heavier)))
    moves = of(answer, kind, "h01").moves
    assert moves.n_changed == n_changed(bands, after) > 10
    assert moves.n_into_high in {None, sum(b == "red" != a for a, b in zip(bands, after, strict=True))}


def test_leaving_out_the_legal_status_equals_the_second_map(answer: Sensitivity, bands: list[str]) -> None:
    after = pq.read_table(finished_run() / "scores.parquet")["band_without_status"].to_pylist()
    assert of(answer, "left-out", "h02").moves.n_changed == n_changed(bands, after) > 0


def test_an_older_source_equals_an_index_of_rows_that_date_from_a_year_before(settings: RiskSettings) -> None:
    """Asked a year and a half later, when a year more is too old for most indicators."""
    later = replace(settings, as_of=date(2027, 12, 30))
    now = bands_when(later)
    with opened_run() as (engine, run):
        counts = {f"band_{band}": now.count(band) for band in ("red", "yellow", "green", "grey")}
        answer = ask_sensitivity(engine, replace(run, settings=later, counts=counts), Silent(), OPEN)
    rows = pq.read_table(finished_run() / "standardised.parquet")
    place, found = rows.column_names.index("as_of"), {}
    earlier = pa.array([day.replace(year=day.year - 1) if day else None for day in rows["as_of"].to_pylist()])
    for source in settings.sources:
        is_older = pc.equal(rows["source"], source)
        aged = rows.set_column(place, "as_of", pc.if_else(is_older, earlier, rows["as_of"]))
        found[source] = n_changed(now, bands_when(later, aged))
        assert of(answer, "older", source).moves.n_changed == found[source]
    assert sorted(found.values())[1] > 100


def test_an_indicator_that_is_off_is_not_changed(answer: Sensitivity) -> None:
    assert not any(change.of in {"h06", "h07"} for change in answer.changes)
    assert len(answer.changes) == 3 * 26 + 4


def test_the_ends_of_a_rate_hold_the_rate(answer: Sensitivity) -> None:
    assert answer.areas
    for area in answer.areas:
        assert area.missing[0] <= area.rate <= area.missing[1]
        assert area.links[0] <= area.rate <= area.links[1]
        assert area.best_rank <= area.rank <= area.worst_rank


def test_the_answer_is_the_same_at_another_number_of_threads(answer: Sensitivity) -> None:
    assert asked_openly(threads=1) == answer


def test_areas_are_counted_as_the_areas_step_counts_them() -> None:
    with opened_run() as (engine, run):
        base = sensitivity._base(engine, run, compile_set(run.settings))
        engine.view("counted", finished_run() / "areas-internal.parquet")
        for level in ("district", "subdistrict"):
            lines = engine.rows(
                "SELECT code, n_red, n_scored FROM counted WHERE level = ? AND \"group\" = 'all'", [level]
            )
            counts = {code: (red, scored) for code, red, scored in lines if not code.endswith("unknown")}
            mine = zip(base.now.red[level].tolist(), base.now.scored[level].tolist(), strict=True)
            assert dict(zip(base.places.codes[level], mine, strict=True)) == counts
            assert sum(red for red, _ in counts.values()) > 0


def test_the_areas_stand_in_the_order_of_their_rates(answer: Sensitivity) -> None:
    areas = [area for area in answer.areas if area.level == "subdistrict"]
    rates = [area.rate for area in areas]
    assert len(rates) > 4
    assert rates == sorted(rates, reverse=True)
    assert any(area.worst_rank > area.rank for area in areas)


def test_an_area_that_is_withheld_stands_nowhere() -> None:
    with opened_run() as (engine, run):
        hidden = pq.read_table(finished_run() / "areas-internal.parquet")
        place = hidden.column_names.index("rate")
        is_hidden = pc.equal(hidden["code"], "500101")
        engine.lend("areas", hidden.set_column(place, "rate", pc.if_else(is_hidden, None, hidden["rate"])))
        answer = ask_sensitivity(engine, run, Silent(), OPEN)
    codes = {area.code for area in answer.areas} | {a.code for c in answer.changes for a in c.moves.areas}
    assert "500101" not in codes
    assert "500102" in codes


def published(codes: str) -> Published:
    n = np.zeros(len(codes), np.int64)
    return Published("district", np.arange(len(codes)), tuple(codes), tuple(codes), n, n, n, (0.0,) * len(codes))


def test_ranks_begin_with_the_highest_rate_and_equal_rates_share_one() -> None:
    assert rank(np.array([1, 30, 2, 10]), np.array([10, 100, 10, 50])).tolist() == [4, 1, 2, 2]


def test_an_area_that_overtakes_another_moves_up_and_the_other_down() -> None:
    n = {"district": np.array([100, 100, 100])}
    before = Tally({"district": np.array([30, 20, 10])}, n)
    after = Tally({"district": np.array([30, 20, 40])}, n)
    assert moved(published("ABC"), before, after).tolist() == [-1, -1, 2]


def people(**cells: int) -> np.ndarray:
    """People by band now and then, such as `red_green=3`."""
    names = ["red", "yellow", "green", "grey"]
    found = np.zeros((4, 4), np.int64)
    for cell, n in cells.items():
        found[names.index(cell.split("_")[0]), names.index(cell.split("_")[1])] = n
    return found


def test_few_people_are_not_counted_nor_given_away_by_subtraction() -> None:
    rule = DisclosureSettings()
    few = moves_told(people(green_green=500, green_red=10), {}, {}, rule)
    assert (few.n_changed, few.share_changed, few.n_into_high) == (None, None, None)
    enough = moves_told(people(green_green=500, green_red=11), {}, {}, rule)
    assert (enough.n_changed, enough.n_into_high, enough.n_out_of_high) == (11, 11, 0)
    rest = moves_told(people(green_green=500, green_red=20, green_yellow=3), {}, {}, rule)
    assert (rest.n_changed, rest.n_into_high) == (23, None)
    nearly_all = moves_told(people(green_green=5, green_red=500), {}, {}, rule)
    assert nearly_all.n_changed is None


def test_ends_are_rounded_outward_and_those_of_a_district_are_the_sums_of_its_parts() -> None:
    places = Places({"subdistrict": ["a", "b"], "district": ["A"]}, {}, np.array([0, 0]))
    now = Tally(
        {"subdistrict": np.array([50, 20]), "district": np.array([75])},
        {"subdistrict": np.array([1000, 1000]), "district": np.array([2100])},
    )
    other = Tally(
        {"subdistrict": np.array([49, 32]), "district": np.array([86])},
        {"subdistrict": np.array([1000, 1000]), "district": np.array([2100])},
    )
    ends = ends_of(places, now, [other], DisclosureSettings(threshold=11), now.scored)
    # a: 1 fewer counts as 12, none more as 12; b: none fewer as 12, 12 more as 24; the rest of the district: 12, 12
    assert ends.low["subdistrict"].tolist() == [38.0, 8.0]
    assert ends.high["subdistrict"].tolist() == [62.0, 44.0]
    assert ends.low["district"].tolist() == [pytest.approx(np.floor(10000 * 39 / 2100) / 10)]
    assert ends.high["district"].tolist() == [pytest.approx(np.ceil(10000 * 123 / 2100) / 10)]


def test_doubtful_pairs_fall_apart_or_come_together(tmp_path: Path) -> None:
    with opened_run() as (engine, _):
        rows = [f"r{n}" for n in range(6)]
        ids = [None, None, None, "1101700203450", "1101700203450", "3101700203450"]
        table = {"source": ["s"] * 6, "row_id": rows, "national_id": ids, "as_of": [date(2026, 1, 1)] * 6}
        state = [None if i is None else "valid" for i in ids]
        engine.lend("standardised", pa.table({**table, "id_state": state}))
        one = [f"{n:016x}" for n in (0, 0, 0, 3, 4, 5)]
        engine.lend("people", pa.table({"source": ["s"] * 6, "row_id": rows, "person_id": one}))
        links = [("s:r0", "s:r1"), ("s:r1", "s:r2")]
        engine.lend("links", pa.table({"left": [a for a, _ in links], "right": [b for _, b in links]}))
        review = [
            ("s:r1", "s:r2", 0.7, "joined"),
            ("s:r3", "s:r4", 0.4, "left-apart"),
            ("s:r4", "s:r5", 0.45, "left-apart"),
        ]
        engine.lend(
            "review",
            pa.table(
                {
                    "left": [r[0] for r in review],
                    "right": [r[1] for r in review],
                    "probability": [r[2] for r in review],
                    "evidence": [[r[3]] for r in review],
                }
            ),
        )
        before = number_rows(engine, ["s"])
        assert relink(engine, before, "apart") == 1
        apart = engine.table("people")["person_id"].to_pylist()
        assert [apart.index(p) for p in apart] == [0, 0, 2, 3, 4, 5]
        assert relink(engine, before, "joined") == 1, "unlike valid IDs stay apart"
        joined = engine.table("people")["person_id"].to_pylist()
        assert [joined.index(p) for p in joined] == [0, 0, 0, 3, 3, 5]


def test_a_run_that_cannot_be_asked_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="RUN-002"), asked(tmp_path, MEANS):
        pass
    run = copied_run(tmp_path)
    card = (run / "run.toml").read_text("utf-8")
    (run / "run.toml").write_text(card.replace("complete = true", "complete = false"), "utf-8")
    with pytest.raises(NotYet, match="ASKED-001"), asked(run, MEANS):
        pass
    (run / "run.toml").write_text(card, "utf-8")
    (run / "review.parquet").rename(run / "elsewhere.parquet")
    with pytest.raises(BadFile, match=r"ASKED-002.*review"), asked(run, MEANS):
        pass
    (run / "elsewhere.parquet").rename(run / "review.parquet")
    receipt = run / "receipts" / "04-index.json"
    said = receipt.read_text("utf-8")
    receipt.write_text(said.replace('chiang-mai-28.toml": "', 'chiang-mai-28.toml": "0'), "utf-8")
    with pytest.raises(BadFile, match="ASKED-003"), asked(run, MEANS):
        pass
    receipt.write_text(said, "utf-8")
    erase_run(run)
    with pytest.raises(Refused, match="RUN-007"), asked(run, MEANS):
        pass


def test_bands_that_are_not_those_of_the_run_are_refused() -> None:
    with opened_run() as (engine, run):
        other: AskedRun = replace(run, counts={**run.counts, "band_red": -1})
        with pytest.raises(BadTable, match="ASKED-004"):
            ask_sensitivity(engine, other, Silent())
