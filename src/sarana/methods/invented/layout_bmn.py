"""The survey of basic minimum needs: a table of households and one of their members, in the 31-set and the 38-set."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sarana.methods.invented.dates import write_births
from sarana.methods.invented.files import Column, write_csv
from sarana.methods.invented.layout_rows import Layout, Rows, Texts, ranked
from sarana.methods.invented.numbers import id_texts, take_or_none, write_houses, write_ids, write_sexes, write_villages
from sarana.methods.invented.written import in_two_fields, write_names

NO_HOUSE = "HC99{:06}"
RECEIVING = ("มีสิทธิแต่ไม่ได้รับ", "ได้รับ", "ไม่มีสิทธิ")


@dataclass(frozen=True, slots=True)
class NeedsSet:
    """One of the two sets: which column holds which fact, and how it says met and not met.

    `homes` and `members` lead from a column to a fact, `members` with the first and last age that is asked; `amounts`
    are numbers; `supports` the three answers of support.
    """

    homes: dict[str, str]
    members: dict[str, tuple[str, int, int]]
    amounts: dict[str, str]
    supports: dict[str, str]
    met: tuple[str, str]


SET_31 = NeedsSet(
    homes={
        "IND04": "met_food", "IND08": "met_housing", "IND09": "met_drinking_water", "IND10": "met_use_water",
        "IND14": "met_safe", "IND23": "met_saves", "IND24": "met_no_alcohol", "IND31": "met_warm",
    },
    members={
        "IND16": ("in_school", 6, 14), "IND18": ("met_trained", 15, 59), "IND19": ("met_literate", 15, 59),
        "IND20": ("met_work", 15, 59),
    },
    amounts={"IND22_INCOME": "income_person_year", "DEBT": "hh_debt"},
    supports={},
    met=("1", "0"),
)  # fmt: skip
SET_38 = NeedsSet(
    homes={
        "ตัวชี้วัด 6": "met_food", "ตัวชี้วัด 13": "met_housing", "ตัวชี้วัด 17": "met_safe", "ตัวชี้วัด 18": "met_water",
        "ตัวชี้วัด 30": "met_saves", "ตัวชี้วัด 36": "met_warm",
    },
    members={
        "ตัวชี้วัด 23": ("in_school", 6, 15), "ตัวชี้วัด 25": ("met_literate", 15, 59), "ตัวชี้วัด 26": ("met_skills", 15, 59),
        "ตัวชี้วัด 27": ("met_work", 15, 59),
    },
    amounts={"ตัวชี้วัด 29 รายได้": "income_person_year", "หนี้สิน": "hh_debt"},
    supports={"ตัวชี้วัด 31": "child_grant", "ตัวชี้วัด 32": "welfare_card", "ตัวชี้วัด 33": "protection"},
    met=("ผ่าน", "ไม่ผ่าน"),
)  # fmt: skip


def write_bmn(layout: Layout, said: NeedsSet, name: str, out: Path) -> pa.Array:
    """Write `<name>_person.csv` and `<name>_household.csv` into a folder.

    Returns:
        The row ids: the code of the house and the member's number in it.
    """
    world, rng, person = layout.world, layout.rng, layout.person
    people = world.people
    layout.facts["met_water"] = layout.facts["met_drinking_water"] & layout.facts["met_use_water"]
    layout.facts["in_school"] = ~world.facts["dropout"]
    home = people.household[person]
    house = np.char.mod("HC%08d", 100_000 + home).astype(object)
    number = ranked(home)
    written = write_names(rng, world.nomen, people, person, layout.rates)
    in_two_fields(rng, written, layout.rates)
    members: dict[str, Column] = {
        "HOUSE_ID": layout.strayed(house, NO_HOUSE),
        "PERSON_NO": number,
        "PID13": id_texts(rng, write_ids(rng, people, world.ids, person, layout.rates), 0.0),
        "TITLE": written.title,
        "FIRST_NAME": written.given,
        "LAST_NAME": written.family,
        "SEX": write_sexes(rng, people.sex[person], ("ชาย", "หญิง"), layout.rates),
        "BIRTHDATE": write_births(rng, "family_welfare", people.birth[person], people.stateless[person], layout.rates),
        **{column: _of_age(layout, said, *asked) for column, asked in said.members.items()},
    }
    write_csv(out / f"{name}_person.csv", members)
    _, rows = np.unique(home, return_index=True)
    write_csv(out / f"{name}_household.csv", _households(layout, said, rows, house[rows]))
    stood = members["HOUSE_ID"]
    return pa.array([f"{one}-{two}" for one, two in zip(stood, number.tolist(), strict=True)])


def _of_age(layout: Layout, said: NeedsSet, fact: str, first: int, last: int) -> Texts:
    """An answer about members of some ages; the others were not asked."""
    answer = layout.yes_no(fact, *said.met)
    age = layout.world.people.age[layout.person]
    answer[(age < first) | (age > last)] = None
    return answer


def _households(layout: Layout, said: NeedsSet, rows: Rows, house: Texts) -> dict[str, Column]:
    """One row a house."""
    people, places, rng = layout.world.people, layout.world.places, layout.rng
    person = layout.person[rows]
    village = write_villages(rng, places, people.village[person], layout.rates)
    amounts: dict[str, NDArray[np.int64]] = {}
    for column, fact in said.amounts.items():
        amounts[column] = layout.of(fact)[rows].astype(np.int64)
    return {
        "HOUSE_ID": house,
        "VILLAGE": take_or_none(np.char.mod("BM%06d", places.welfare_code), village),
        "HOUSE_NO": write_houses(rng, people.house[person], layout.rates),
        "MEMBERS": people.members[person],
        **{column: layout.yes_no(fact, *said.met)[rows] for column, fact in said.homes.items()},
        **amounts,
        **{
            column: layout.with_blanks(np.array(RECEIVING)[layout.of(fact)])[rows]
            for column, fact in said.supports.items()
        },
    }
