"""The four sector files of an invented province: each register's rows in its own columns, codes and manners."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sarana.methods.invented.dates import write_births
from sarana.methods.invented.draws import chosen, stream
from sarana.methods.invented.facts import Facts
from sarana.methods.invented.files import Column, with_gaps
from sarana.methods.invented.numbers import id_texts, take_or_none, write_houses, write_ids, write_sexes, write_villages
from sarana.methods.invented.people import People
from sarana.methods.invented.places import Places
from sarana.methods.invented.registers import Register
from sarana.methods.invented.settings import ProvinceSettings
from sarana.methods.invented.written import (
    Nomen,
    Written,
    in_case_field,
    in_school_field,
    in_two_fields,
    write_names,
)
from sarana.methods.reference import read_reference

FIRST_CASE_YEAR = 2015
LETTERS = {"health": "H", "education": "E", "human_security": "S", "family_welfare": "F"}
AS_MANNERS = frozenset(
    {"latin", "latin_stateless", "hyphens", "comma", "dash", "upper", "nickname_bracket", "title_blank", "titled"}
)
"""Manners of writing, not faults: `defects` does not multiply them."""

MOST = 0.97
"""No rate grows beyond this."""

HEALTH_FACTS = (
    ("DISABILITY", "disability"), ("CHRONIC", "chronic"), ("MENTAL", "mental"), ("SUBSTANCE", "substance"),
    ("TEENPREG", "teen_preg"), ("NOINS", "no_insurance"), ("VACC_MISSED", "vacc_missed"),
    ("INJ_VIOLENCE", "injury_violence"), ("NUTRITION", "malnutrition"), ("ALCOHOL", "alcohol"),
)  # fmt: skip
SCHOOL_FACTS = (
    ("grade_delay", "grade_delay"), ("attendance_pct", "attendance"), ("gpa", "gpa"), ("dropout_flag", "dropout"),
    ("lives_with", "lives_with"), ("distance_km", "distance_km"), ("migrant_parent", "migrant_parent"),
    ("poverty_grant", "poverty_grant"),
)  # fmt: skip
CASE_FACTS = (
    ("stateless", "stateless"), ("homeless", "homeless"), ("exploited_before", "exploited_before"),
    ("debt_bond", "debt_bond"), ("seasonal_migration", "seasonal_migration"), ("dv_case", "dv_case"),
    ("disability_card", "disability_card"),
)  # fmt: skip
WELFARE_FACTS = (
    ("income_month", "hh_income"), ("debt", "hh_debt"), ("land", "hh_land"), ("gambling", "gambling"),
    ("parent_absent", "parent_absent"), ("orphan", "orphan"), ("worker_away", "worker_away"),
    ("single_parent", "single_parent"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class World:
    """Everything that is true of the province, on the as-of day or `years_ago` before."""

    settings: ProvinceSettings
    places: Places
    people: People
    ids: NDArray[np.int64]
    facts: Facts
    nomen: Nomen
    years_ago: int = 0


def read_rates(sector: str, defects: float) -> dict[str, float]:
    """A sector's rates of faults, multiplied; manners of writing stay as they are."""
    rates: dict[str, float] = read_reference("invented/defects.toml")[sector]
    return {name: rate if name in AS_MANNERS else min(rate * defects, MOST) for name, rate in rates.items()}


def write_sector(world: World, register: Register) -> dict[str, Column]:
    """The columns of a sector's file."""
    rng = stream(world.settings.seed, f"rows {register.sector}")
    rates = read_rates(register.sector, world.settings.defects)
    written = write_names(rng, world.nomen, world.people, register.person, rates)
    make = {"health": _health, "education": _education, "human_security": _security, "family_welfare": _welfare}
    return {"row_id": make_row_ids(register), **make[register.sector](rng, world, register.person, written, rates)}


def make_row_ids(register: Register) -> pa.Array:
    """The opaque row ids of a sector's file: its letter and the place in the file."""
    return pa.array(np.char.mod(LETTERS[register.sector] + "%08d", np.arange(len(register.person))))


def _health(
    rng: np.random.Generator, world: World, person: NDArray[np.int64], written: Written, rates: dict[str, float]
) -> dict[str, Column]:
    """Health, after the columns of the 43 files."""
    people, places = world.people, world.places
    in_two_fields(rng, written, rates)
    village = write_villages(rng, places, people.village[person], rates)
    station = 10_000 + 2 * places.subdistrict[people.village[person]] + chosen(rng, 0.35, len(person))
    return {
        "HOSPCODE": station,
        "CID": id_texts(rng, write_ids(rng, people, world.ids, person, rates), 0.0),
        "PRENAME": written.title,
        "NAME": written.given,
        "LNAME": written.family,
        "SEX": write_sexes(rng, people.sex[person], ("1", "2"), rates),
        "BIRTH": write_births(rng, "health", people.birth[person], people.stateless[person], rates),
        "VHID": take_or_none(places.health_code, village),
        "HOUSE": write_houses(rng, people.house[person], rates),
        "NATION": np.where(people.stateless[person], "000", "099").astype(object),
        "RACE_GROUP": 1 + people.highland[person],
        **_facts(rng, world, person, HEALTH_FACTS, rates),
    }


def _education(
    rng: np.random.Generator, world: World, person: NDArray[np.int64], written: Written, rates: dict[str, float]
) -> dict[str, Column]:
    """Education, after school records."""
    people, places = world.people, world.places
    n = len(person)
    nicknames = world.nomen.given.thai[people.nickname[person]]
    village = write_villages(rng, places, people.village[person], rates)
    subdistrict = np.where(village < 0, -1, places.subdistrict[village])
    home = people.village[person]
    moo = np.where(chosen(rng, rates["moo_wrong"], n), rng.integers(1, 13, n), places.village_code[home] % 100)
    moo_text = moo.astype("U2").astype(object)
    moo_text[chosen(rng, rates["moo_missing"], n)] = None
    school = int(world.settings.province) * 1_000_000 + 10_000 + 20 * places.subdistrict[home] + rng.integers(0, 8, n)
    delay = world.facts["grade_delay"][person]
    return {
        "school_code": school,
        "citizen_id": id_texts(rng, write_ids(rng, people, world.ids, person, rates), 0.0),
        "full_name": in_school_field(rng, written, nicknames, rates),
        "gender": write_sexes(rng, people.sex[person], ("ช", "ญ"), rates),
        "birth_date": write_births(rng, "education", people.birth[person], people.stateless[person], rates),
        "area_code": take_or_none(places.school_area, subdistrict),
        "moo": moo_text,
        "grade": np.clip(people.age[person] - world.years_ago - 5 - delay, 0, 12),
        **_facts(rng, world, person, SCHOOL_FACTS, rates),
    }


def _security(
    rng: np.random.Generator, world: World, person: NDArray[np.int64], written: Written, rates: dict[str, float]
) -> dict[str, Column]:
    """Human security, after case lists."""
    people, places = world.people, world.places
    village = write_villages(rng, places, people.village[person], rates)
    subdistrict = np.where(village < 0, -1, places.subdistrict[village])
    return {
        "national_id": id_texts(rng, write_ids(rng, people, world.ids, person, rates), rates["hyphens"]),
        "name": in_case_field(rng, written, rates),
        "sex": write_sexes(rng, people.sex[person], ("M", "F"), rates),
        "birth": write_births(rng, "human_security", people.birth[person], people.stateless[person], rates),
        "msdhs_area": take_or_none(places.security_area, subdistrict),
        "case_year": rng.integers(FIRST_CASE_YEAR, world.settings.as_of.year + 1, len(person)),
        **_facts(rng, world, person, CASE_FACTS, rates),
    }


def _welfare(
    rng: np.random.Generator, world: World, person: NDArray[np.int64], written: Written, rates: dict[str, float]
) -> dict[str, Column]:
    """Family welfare, after household surveys."""
    people, places = world.people, world.places
    in_two_fields(rng, written, rates)
    village = write_villages(rng, places, people.village[person], rates)
    n_households = int(people.household[-1]) + 1
    number = 100_000 + stream(world.settings.seed, "household numbers").permutation(n_households)
    return {
        "household_no": number[people.household[person]],
        "pid13": id_texts(rng, write_ids(rng, people, world.ids, person, rates), 0.0),
        "title": written.title,
        "first_name": written.given,
        "last_name": written.family,
        "sex": write_sexes(rng, people.sex[person], ("ชาย", "หญิง"), rates),
        "dob_be": write_births(rng, "family_welfare", people.birth[person], people.stateless[person], rates),
        "fw_village": take_or_none(np.char.mod("FW%06d", places.welfare_code), village),
        "house_no": write_houses(rng, people.house[person], rates),
        **_facts(rng, world, person, WELFARE_FACTS, rates),
        "members": people.members[person],
    }


def _facts(
    rng: np.random.Generator,
    world: World,
    person: NDArray[np.int64],
    columns: tuple[tuple[str, str], ...],
    rates: dict[str, float],
) -> dict[str, Column]:
    """The sector's fact columns, yes/no as 1 and 0, a share of them empty."""
    made: dict[str, Column] = {}
    for column, fact in columns:
        values = world.facts[fact][person]
        made[column] = with_gaps(
            rng, values.astype(np.int64) if values.dtype == np.bool_ else values, rates["fact_missing"]
        )
    return made
