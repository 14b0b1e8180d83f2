"""From rows to scores: what counts, what is unknown, what is left out, and who is referred now."""

import random
from datetime import date

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.methods.risk.making import TODAY, results, row, scored, tables

from makers.counted import SCALE
from sarana.basics.errors import BadSetting, BadTable
from sarana.basics.progress import Silent
from sarana.methods.engine import Engine
from sarana.methods.risk.changing import with_indicator
from sarana.methods.risk.scoring import score_people
from sarana.methods.risk.sets import load_set
from sarana.methods.risk.settings import RiskSettings

CHIANG_MAI = load_set("chiang-mai-28")
NORTH = load_set("th-north-28")
ADULT, CHILD = date(1980, 1, 1), date(2013, 1, 1)


def test_a_fact_is_scored_and_a_missing_one_is_unknown(tmp_path):
    found = results([row("a", birth=ADULT, disability=3, uninsured=None, nutrition=1)], CHIANG_MAI, tmp_path)["a"]
    assert (found["h03"], found["h04"], found["h10"]) == (3, 0, 2)
    assert found["low"] <= found["index"] <= found["high"]


def test_what_does_not_apply_is_null_and_does_not_count(tmp_path):
    found = results([row("a", birth=ADULT, disability=0)], CHIANG_MAI, tmp_path)["a"]
    assert found["e01"] is None
    assert found["h08"] is None
    applicable = [v for k, v in found.items() if k[1:].isdigit() and v is not None]
    assert found["coverage"] == round(1000 * sum(v > 0 for v in applicable) / len(applicable))


def test_whom_a_question_may_concern_is_unknown_without_an_age(tmp_path):
    assert results([row("a", disability=0)], CHIANG_MAI, tmp_path)["a"]["e01"] == 0


def test_absence_from_the_register_of_cases_means_none_where_the_set_says_so(tmp_path):
    found = results([row("a", birth=ADULT, disability=0)], CHIANG_MAI, tmp_path)["a"]
    assert (found["s02"], found["s04"]) == (1, 0)


def test_absence_says_nothing_when_no_source_of_the_run_plays_that_register(tmp_path):
    found = results([row("a", birth=ADULT, disability=0)], CHIANG_MAI, tmp_path, sources=("health",))["a"]
    assert found["s02"] == 0


def test_a_blank_inside_the_register_stays_unknown(tmp_path):
    rows = [row("a", birth=ADULT), row("a", "human_security", exploited_before=None, homeless=1)]
    found = results(rows, CHIANG_MAI, tmp_path)["a"]
    assert (found["s02"], found["s01"]) == (0, 3)


def test_a_source_of_another_name_may_play_a_register(tmp_path):
    rows = [row("a", "hospitals", birth=ADULT, disability=2)]
    found = results(rows, CHIANG_MAI, tmp_path, sources=("hospitals",), registers={"hospitals": "health"})["a"]
    assert found["h03"] == 3


def test_the_newest_value_counts(tmp_path):
    rows = [row("a", disability=3, as_of=date(2024, 1, 1)), row("a", disability=0)]
    assert results(rows, CHIANG_MAI, tmp_path)["a"]["h03"] == 1


def test_of_two_values_of_one_day_the_more_worrying_counts(tmp_path):
    rows = [row("a", birth=CHILD, disability=1), row("a", disability=0)]
    rows += [row("a", "education", attendance_pct=95.0), row("a", "education", attendance_pct=50.0)]
    found = results(rows, CHIANG_MAI, tmp_path)["a"]
    assert (found["h03"], found["e03"]) == (2, 3)


@pytest.mark.parametrize(("day", "score"), [(date(2024, 6, 30), 1), (date(2024, 6, 29), 0)])
def test_a_value_older_than_24_months_is_unknown(tmp_path, day, score):
    assert results([row("a", nutrition=0, as_of=day)], CHIANG_MAI, tmp_path)["a"]["h10"] == score


def test_a_value_without_a_date_is_unknown(tmp_path):
    undated = {"as_of": None, "disability": 3, "nationality": "none"}
    money = {"household_income_month": 900.0, "household_members": 1, "household": "1"}
    rows = [row("a", **undated), row("b", **undated), row("b", disability=0, as_of=date(2025, 1, 1))]
    rows += [row("a", "family_welfare", as_of=None, **money), *(row(f"p{n}") for n in range(20))]
    for some in (rows, rows[:4]):
        found = results(some, CHIANG_MAI, tmp_path)
        assert [(found[p]["h02"], found[p]["h03"], found[p]["f01"]) for p in "ab"] == [(0, 0, 0), (0, 1, 0)]


def test_what_stays_true_for_life_never_becomes_too_old(tmp_path):
    rows = [row("a", "human_security", exploited_before=1, as_of=date(2015, 1, 1))]
    assert results(rows, CHIANG_MAI, tmp_path)["a"]["s02"] == 3


def test_members_of_a_household_share_its_facts(tmp_path):
    rows = [row("a", "family_welfare", household="7", land=2, house="12"), row("b", house="12"), row("c", house="13")]
    found = results(rows, CHIANG_MAI, tmp_path)
    assert [found[p]["f03"] for p in "abc"] == [3, 3, 0]


def test_a_number_of_too_many_people_is_no_household(tmp_path):
    rows = [row(f"p{n}", "family_welfare", household="7", land=2 if n == 0 else None) for n in range(4)]
    shared = results(rows, CHIANG_MAI, tmp_path, most_members=4)
    apart = results(rows, CHIANG_MAI, tmp_path, most_members=3)
    assert [line["f03"] for line in shared.values()] == [3, 3, 3, 3]
    assert sorted(line["f03"] for line in apart.values()) == [0, 0, 0, 3]


def test_early_pregnancy_and_mental_disorder_are_off_until_an_ethics_decision(tmp_path):
    rows = [row("a", birth=date(2010, 1, 1), teen_pregnancy=1, mental_disorder=1)]
    assert {results(rows, CHIANG_MAI, tmp_path)["a"][h] for h in ("h06", "h07")} == {None}
    decided = results(rows, CHIANG_MAI, tmp_path, ethics_decisions={"h06": "Board 3/2569", "h07": "Board 4/2569"})["a"]
    assert (decided["h06"], decided["h07"]) == (3, 3)


@pytest.mark.parametrize("decision", [{"h03": "Board 3/2569"}, {"h06": " "}, {"nobody": "x"}])
def test_an_ethics_decision_must_fit_an_indicator_and_have_a_reference(tmp_path, decision):
    with pytest.raises(BadSetting) as err, scored([row("a")], CHIANG_MAI, tmp_path, ethics_decisions=decision):
        pass
    assert err.value.code == "RISK-010"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"parameters": {"poverty": 1.0}}, "RISK-011"),
        ({"parameters": {"poverty_line": float("nan")}}, "RISK-011"),
        ({"banding": "rainbow"}, "RISK-012"),
        ({"sources": ("health", "health")}, "RISK-014"),
        ({"registers": {"health": "hospital"}}, "RISK-014"),
    ],
)
def test_settings_that_do_not_fit_the_set_stop_the_step(tmp_path, more, code):
    with pytest.raises(BadSetting) as err, scored([row("a")], CHIANG_MAI, tmp_path, **more):
        pass
    assert err.value.code == code


def test_a_row_of_a_source_that_the_settings_do_not_name_stops_the_step(tmp_path):
    with pytest.raises(BadTable) as err, scored([row("a"), row("a", "tax")], CHIANG_MAI, tmp_path):
        pass
    assert err.value.code == "RISK-013"
    assert "r0001" not in str(err.value)


def test_a_province_sets_its_own_poverty_line(tmp_path):
    rows = [row("a", "family_welfare", household="1", household_income_month=2000.0, household_members=1)]
    assert results(rows, CHIANG_MAI, tmp_path)["a"]["f01"] == 2
    assert results(rows, CHIANG_MAI, tmp_path, parameters={"poverty_line": 1500.0})["a"]["f01"] == 1


def test_the_band_without_legal_status_leaves_only_that_out(tmp_path):
    rows = [row("a", birth=ADULT, nationality="none", disability=0, uninsured=0, nutrition=0, substance_use=0)]
    with scored(rows, CHIANG_MAI, tmp_path, banding="reference") as (engine, report):
        (line,) = engine.arrow("SELECT * FROM scores").to_pylist()
        assert line["h02"] == 3
        assert line["band"] == line["band_without_status"] == "green"
        assert report.counts["indicators_off"] == "h06, h07"
    rows[0] |= {"disability": 2, "nutrition": 2}
    found = results(rows, CHIANG_MAI, tmp_path)["a"]
    assert (found["band"], found["band_without_status"]) == ("red", "yellow")


def test_contributions_of_a_person_add_up_to_the_index(tmp_path):
    rows = [row("a", birth=CHILD, disability=1, uninsured=1, nutrition=0, nationality="thai")]
    with scored(rows, CHIANG_MAI, tmp_path) as (engine, _):
        (line,) = engine.arrow("SELECT * FROM contributions").to_pylist()
        (index,) = engine.row("SELECT index FROM scores")
    parts = {name: part for name, part in line.items() if name != "person_id"}
    assert set(parts) == {i.id for i in CHIANG_MAI.indicators}
    assert sum(part for part in parts.values() if part is not None) == index
    assert parts["h08"] is None


def test_someone_of_whom_nothing_is_known_has_no_index_and_is_grey(tmp_path):
    found = results([row("a", "family_welfare")], CHIANG_MAI, tmp_path, sources=("family_welfare",))["a"]
    assert (found["index"], found["low"], found["high"], found["band"], found["coverage"]) == (
        None,
        None,
        None,
        "grey",
        0,
    )


def test_a_school_code_of_exploitation_is_referred_and_not_scored(tmp_path):
    rows = [row("a", "dmc", birth=CHILD, school_exploitation="forced_labour", disadvantage=None)]
    rows += [row("a", "dmc", school_exploitation="forced_labour"), row("b", "dmc", birth=CHILD, disadvantage="none")]
    with scored(rows, NORTH, tmp_path) as (engine, report):
        assert engine.rows("SELECT * FROM refer_now") == [("a", "forced_labour")]
        lines = {line["person_id"]: line for line in engine.arrow("SELECT * FROM scores").to_pylist()}
        assert (lines["a"]["e03"], lines["b"]["e03"]) == (0, 1)
        assert not [name for name in report.counts if "refer" in name]


def test_outsiders_and_the_dead_are_left_out_and_counted(tmp_path):
    rows = [row("a", "moph43", typearea=4), row("b", "moph43", discharge=1), row("c", "moph43", typearea=1)]
    rows += [row("d", "moph43", typearea=4), row("d", "moph43", typearea=3, as_of=date(2026, 1, 1))]
    with scored(rows, NORTH, tmp_path) as (engine, report):
        assert engine.rows("SELECT person_id FROM scores ORDER BY 1") == [("c",), ("d",)]
        assert engine.rows("SELECT person_id FROM persons ORDER BY 1") == [("c",), ("d",)]
        assert report.counts["left_out"] == 2


def test_a_disappearance_raises_the_question_for_the_others_of_the_household(tmp_path):
    rows = [row("a", "moph43", household="1", discharge=3), row("b", "moph43", household="1", discharge=9)]
    rows += [row("c", "moph43", household="2", discharge=9), row("d", "moph43", household="2", discharge=9)]
    rows += [row("e", "moph43", household="3", discharge=None), row("f", "moph43", household="3", discharge=9)]
    found = results(rows, NORTH, tmp_path)
    assert [found[p]["h04"] for p in "abcdef"] == [1, 3, 1, 1, 1, 0]


def test_parents_are_looked_up_by_their_id(tmp_path):
    rows = [
        row("child", "moph43", household="1", birth=CHILD, father_id="F", mother_id="M"),
        row("father", "moph43", household="1", national_id="F", id_state="valid", discharge=9, birth=ADULT),
        row("mother", "moph43", household="1", national_id="M", id_state="valid", discharge=1, birth=ADULT),
        row("alone", "moph43", household="2", birth=CHILD),
        row("lost", "moph43", household="2", birth=CHILD, father_id="F", mother_id="nobody"),
    ]
    found = results(rows, NORTH, tmp_path)
    assert [found[p]["h05"] for p in ("child", "alone", "lost")] == [2, 3, 2]


def test_days_of_birth_and_of_registers_are_asked_by_age_and_held_against_each_other(tmp_path):
    rule = "months_since(birth_date) >= 24 and not (birth_date == mother(birth_date)) and age_on(discharged_on) >= 4"
    of = with_indicator(
        NORTH, "h03", score={"3": rule, "1": "otherwise"}, absence={"moph43": "unknown"}, none={},
        fields={"moph43": ["mother_id", "discharged_on"], "persons": ["birth"]},
    )  # fmt: skip
    mother = row("mother", "moph43", household="1", national_id="M", id_state="valid", birth=ADULT)
    for day, score in (("2024-01-01", 3), ("20240101", 3), ("no day", 0)):
        child = row("child", "moph43", household="1", birth=CHILD, mother_id="M", discharged_on=day)
        assert results([child, mother], of, tmp_path)["child"]["h03"] == score


@pytest.mark.parametrize(
    ("said", "score"),
    [
        ({"nationality": "thai", "national_id": "1", "id_state": "valid"}, 1),
        ({"nationality": "thai"}, 0),
        ({"nationality": "other", "passport_held": 1}, 2),
        ({"nationality": "none", "passport_held": 0}, 3),
        ({"nationality": None}, 3),
        ({"nationality": None, "national_id": "1", "id_state": "valid"}, 0),
    ],
)
def test_legal_status_follows_the_reference(tmp_path, said, score):
    assert results([row("a", "moph43", **said)], NORTH, tmp_path)["a"]["h02"] == score


values = st.fixed_dictionaries(
    {
        "disability": st.sampled_from([None, 0, 1, 2, 3]),
        "nutrition": st.sampled_from([None, 0, 1, 2]),
        "birth": st.sampled_from([None, ADULT, CHILD]),
        "sex": st.sampled_from([None, "female", "male"]),
        "village": st.sampled_from([None, "50010101", "50010102"]),
        "house": st.sampled_from([None, "1", "2"]),
        "household": st.sampled_from([None, "9", "8"]),
        "land": st.sampled_from([None, 0, 1, 2]),
        "as_of": st.sampled_from([TODAY, date(2025, 1, 1), date(2020, 1, 1)]),
    }
)
registers = st.sampled_from(["health", "family_welfare"])


@settings(
    max_examples=8 if SCALE >= 1 else 3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.sampled_from("abcd"), registers, values), min_size=1, max_size=10), st.randoms())
def test_the_order_of_rows_changes_nothing(tmp_path, said, chance):
    rows = [row(person, source, row_id=f"r{n}", **value) for n, (person, source, value) in enumerate(said)]
    shuffled = list(rows)
    chance.shuffle(shuffled)
    got = []
    for some in (rows, shuffled):
        with scored(some, CHIANG_MAI, tmp_path) as (engine, _):
            relations = ("persons", "scores", "contributions")
            got.append([engine.rows(f"SELECT * FROM {relation} ORDER BY person_id") for relation in relations])
    assert got[0] == got[1]


def saved(standardised, people, folder, *, threads, memory):
    """The bytes of the four files of the step."""
    with Engine(threads=threads, memory=memory, temp=folder, folders=[folder]) as engine:
        engine.load("standardised", standardised)
        engine.load("people", people)
        score_people(engine, RiskSettings(set=CHIANG_MAI, as_of=TODAY, sources=tuple(CHIANG_MAI.registers)), Silent())
        for relation in ("persons", "scores", "contributions", "refer_now"):
            engine.save(f"SELECT * FROM {relation} ORDER BY ALL", folder / relation)
    return [(folder / relation).read_bytes() for relation in ("persons", "scores", "contributions", "refer_now")]


def many_rows(n):
    """Rows of a few thousand people who disagree about themselves, by a seed."""
    chance = random.Random(7)
    rows = []
    for _ in range(n):
        source = chance.choice(["health", "family_welfare", "education"])
        said = {
            "sex": chance.choice([None, "female", "male"]),
            "birth": chance.choice([None, ADULT, CHILD, date(1999, 1, 1)]),
            "village": chance.choice([None, "50010101", "50010102"]),
            "house": str(chance.randrange(400)),
            "household": str(chance.randrange(500)) if source == "family_welfare" else None,
            "as_of": chance.choice([TODAY, date(2025, 1, 1), date(2020, 1, 1), None]),
            "disability": chance.choice([None, 0, 1, 3, 9]),
            "land": chance.choice([None, 0, 1, 2]),
            "household_income_month": chance.choice([None, 900.5, 4000.0]),
            "household_members": chance.choice([None, 0, 2]),
        }
        rows.append(row(f"{chance.randrange(n // 2):016x}", source, **said))
    return rows


def test_threads_memory_and_the_order_of_rows_change_no_byte(tmp_path):
    standardised, people = tables(many_rows(6000))
    turned = list(range(len(people)))[::-1]
    ways = [
        (standardised, people, {"threads": 1, "memory": "500MB"}),
        (standardised, people, {"threads": 3, "memory": "60MB"}),
        (standardised.take(turned), people, {"threads": 2, "memory": "500MB"}),
    ]
    got = []
    for at, (one, other, means) in enumerate(ways):
        folder = tmp_path / str(at)
        folder.mkdir()
        got.append(saved(one, other, folder, **means))
    assert got[0] == got[1] == got[2]


def test_ids_of_any_kind_name_people_in_their_order(tmp_path):
    for ids in (["00000000000000ff", "8000000000000000", "0000000000000100"], ["b", "a10", "a9"], ["F" * 16, "f" * 16]):
        with scored([row(person) for person in ids], CHIANG_MAI, tmp_path) as (engine, _):
            assert engine.rows("SELECT person_id FROM persons") == [(person,) for person in sorted(ids)]


def test_rows_that_people_and_standardised_do_not_share_stop_the_step(tmp_path):
    standardised, people = tables([row("a"), row("b")])
    given = RiskSettings(set=CHIANG_MAI, as_of=TODAY, sources=tuple(CHIANG_MAI.registers))
    for some in (people.slice(0, 1), pa.concat_tables([people.slice(0, 1), people.slice(0, 1)])):
        with Engine(threads=1, memory="500MB", temp=tmp_path) as engine:
            engine.load("standardised", standardised)
            engine.load("people", some)
            with pytest.raises(BadTable) as err:
                score_people(engine, given, Silent())
            assert err.value.code == "RISK-013"


def test_what_most_rows_give_and_what_few_give_are_gathered_alike(tmp_path):
    said = [row(f"p{n}", disability=n % 4, nationality=["thai", "none", None][n % 3]) for n in range(6)]
    few = [row(f"q{n}", "family_welfare") for n in range(20)]
    many, sparse = (results(rows, CHIANG_MAI, tmp_path) for rows in (said, said + few))
    for person, line in many.items():
        assert {k: sparse[person][k] for k in ("h02", "h03")} == {k: line[k] for k in ("h02", "h03")}
    assert [many[f"p{n}"]["h03"] for n in range(4)] == [1, 2, 3, 3]


def test_a_code_that_the_field_does_not_have_is_unknown(tmp_path):
    rows = [row("a", birth=ADULT, disability=7), row("b", birth=ADULT, disability=-1), row("c", disability=1)]
    found = results(rows, CHIANG_MAI, tmp_path)
    assert [found[person]["h03"] for person in "abc"] == [0, 0, 2]


def test_without_any_row_the_tables_are_empty_and_whole(tmp_path):
    with scored([], CHIANG_MAI, tmp_path) as (engine, report):
        assert (report.rows_in, report.rows_out, report.counts["patterns"]) == (0, 0, 0)
        for relation in ("persons", "scores", "contributions", "refer_now"):
            assert engine.row(f"SELECT count(*) FROM {relation}") == (0,)
        assert engine.row("SELECT count(*) FROM (DESCRIBE scores)") == (7 + len(CHIANG_MAI.indicators),)


def test_the_tables_stand_in_order_of_person_id(tmp_path):
    rows = [row(f"{n * 7919 % 997:016x}", source) for n in range(200) for source in ("health", "education")]
    with scored(rows, CHIANG_MAI, tmp_path) as (engine, _):
        for relation in ("persons", "scores", "contributions"):
            ids = [person for (person,) in engine.rows(f"SELECT person_id FROM {relation}")]
            assert ids == sorted(set(ids))
            assert len(ids) == 200
