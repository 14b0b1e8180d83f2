"""The Ministry of Social Development and Human Security: the family logbook, and the cases it opened."""

from pathlib import Path

import numpy as np
import pyarrow as pa

from sarana.methods.invented.dates import write_births
from sarana.methods.invented.files import Column, write_csv
from sarana.methods.invented.layout_rows import Layout, Texts, ranked
from sarana.methods.invented.numbers import id_texts, take_or_none, write_ids, write_sexes, write_villages
from sarana.methods.invented.written import in_case_field, in_two_fields, write_names

DIMENSIONS = ("income", "housing", "health", "education", "access")
ABROAD = {
    "none": "ไม่มี", "regular": "ไปโดยแจ้งและติดต่อได้", "irregular": "ไปโดยไม่แจ้งหรือผ่านนายหน้าเถื่อน", "lost": "ไม่ทราบที่อยู่",
}  # fmt: skip
SERIOUS = ("ความรุนแรงในครอบครัว", "ถูกทอดทิ้ง", "ถูกล่วงละเมิด", "ไร้ที่พึ่ง", "ขอทาน", "หนีออกจากบ้าน")
OTHER = ("ขาดรายได้", "ขาดที่อยู่อาศัย", "ขาดผู้ดูแล")
LAST_DAYS = 500
FIRST_DAYS = 2_500
"""Cases reach so many days back."""


def write_logbook(layout: Layout, out: Path) -> pa.Array:
    """Write the family logbook: a row a member, with the findings about the family on each.

    Returns:
        The row ids: the family's number and the member's number in it.
    """
    world, rng, person = layout.world, layout.rng, layout.person
    people, places = world.people, world.places
    home = people.household[person]
    n_homes = int(people.household[-1]) + 1
    family = np.char.mod("FB%07d", home).astype(object)
    number = ranked(home)
    written = write_names(rng, world.nomen, people, person, layout.rates)
    in_two_fields(rng, written, layout.rates)
    village = write_villages(rng, places, people.village[person], layout.rates)
    visited = layout.days_before(rng.integers(0, LAST_DAYS, n_homes)[home], "thai")
    findings: dict[str, Column] = {
        f"DIM_{name.upper()}": layout.yes_no(f"failed_{name}", "ตกเกณฑ์", "ผ่านเกณฑ์") for name in DIMENSIONS
    }
    card = np.where(layout.of("welfare_card") == 1, "มี", "ไม่มี")
    write_csv(
        out,
        {
            "FAMILY_ID": family,
            "MEMBER_NO": number,
            "CID": id_texts(rng, write_ids(rng, people, world.ids, person, layout.rates), 0.0),
            "TITLE": written.title,
            "FNAME": written.given,
            "LNAME": written.family,
            "SEX": write_sexes(rng, people.sex[person], ("ชาย", "หญิง"), layout.rates),
            "BIRTHDATE": write_births(
                rng, "family_welfare", people.birth[person], people.stateless[person], layout.rates
            ),
            "AREA": take_or_none(places.security_area, np.where(village < 0, -1, places.subdistrict[village])),
            "VISITED_ON": visited,
            **findings,
            "WELFARE_CARD": layout.with_blanks(card),
            "MEMBER_ABROAD": layout.with_blanks(_worded(layout)),
        },
    )
    return pa.array([f"{one}-{two}" for one, two in zip(family, number.tolist(), strict=True)])


def _worded(layout: Layout) -> Texts:
    """How a member of the family went away, in the form's own words."""
    distinct, at = np.unique(layout.of("abroad"), return_inverse=True)
    found: Texts = np.array([ABROAD[value] for value in distinct.tolist()])[at]
    return found


def write_cases(layout: Layout, out: Path) -> pa.Array:
    """Write the list of cases: a row a case, names as a case worker writes them.

    Returns:
        The row ids: the numbers of the cases.
    """
    world, rng, person, n = layout.world, layout.rng, layout.person, layout.n_rows
    people, places = world.people, world.places
    number = np.char.mod("C%07d", 1 + np.arange(n)).astype(object)
    village = write_villages(rng, places, people.village[person], layout.rates)
    written = write_names(rng, world.nomen, people, person, layout.rates)
    serious = np.array(SERIOUS)[rng.integers(0, len(SERIOUS), n)]
    other = np.array(OTHER)[rng.integers(0, len(OTHER), n)]
    write_csv(
        out,
        {
            "CASE_NO": number,
            "CID": id_texts(rng, write_ids(rng, people, world.ids, person, layout.rates), layout.rates["hyphens"]),
            "NAME": in_case_field(rng, written, layout.rates),
            "SEX": write_sexes(rng, people.sex[person], ("M", "F"), layout.rates),
            "BIRTH": write_births(rng, "human_security", people.birth[person], people.stateless[person], layout.rates),
            "AREA": take_or_none(places.security_area, np.where(village < 0, -1, places.subdistrict[village])),
            "OPENED_ON": layout.days_before(rng.integers(0, FIRST_DAYS, n), "iso"),
            "CASE_TYPE": layout.with_blanks(np.where(layout.of("is_serious"), serious, other)),
            "EXPLOITED_BEFORE": layout.yes_no("exploited_before", "1", "0"),
            "DEPORTED": layout.yes_no("deported", "1", "0"),
        },
    )
    return pa.array(number.tolist())
