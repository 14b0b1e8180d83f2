"""The school export DMC: one sheet, a row a pupil, headings in Thai, answers in words."""

from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sarana.methods.invented.dates import write_births
from sarana.methods.invented.draws import chosen
from sarana.methods.invented.layout_rows import Layout, Rows, Texts, ranked
from sarana.methods.invented.numbers import id_texts, write_houses, write_ids, write_sexes, write_villages
from sarana.methods.invented.written import in_two_fields, write_names
from sarana.methods.workbook import write_workbook

SHEET = "นักเรียน"
CUT = "1.23E+12"
"""What a spreadsheet makes of an ID of thirteen digits."""

CLASSES = ("อ.3", *(f"ป.{n}" for n in range(1, 7)), *(f"ม.{n}" for n in range(1, 7)))
CATEGORIES = {
    "none": "ไม่ด้อยโอกาส", "labour": "เด็กถูกบังคับให้ขายแรงงาน", "sex": "เด็กที่อยู่ในธุรกิจทางเพศ", "abandoned": "เด็กถูกทอดทิ้ง",
    "street": "เด็กเร่ร่อน", "aids": "เด็กที่ได้รับผลกระทบจากเอดส์", "minority": "เด็กชนกลุ่มน้อย", "abused": "เด็กที่ถูกทำร้ายทารุณ",
    "poor": "เด็กยากจน", "drugs": "เด็กที่มีปัญหาเกี่ยวกับยาเสพติด", "orphan": "เด็กกำพร้า",
    "working": "เด็กทำงานรับผิดชอบตนเองและครอบครัว",
}  # fmt: skip
UNIONS = {
    "together": "อยู่ด้วยกัน", "apart": "แยกกันอยู่", "divorced": "หย่าร้าง", "father_dead": "บิดาถึงแก่กรรม",
    "mother_dead": "มารดาถึงแก่กรรม", "both_dead": "บิดาและมารดาถึงแก่กรรม",
}  # fmt: skip
KEEPERS = {
    "parent": ("บิดา", "มารดา"), "relative": ("ลุง", "ป้า", "น้า", "อา", "พี่"), "grandparent": ("ปู่", "ย่า", "ตา", "ยาย"),
    "other": ("ไม่ใช่ญาติ",), "none": ("ไม่มีผู้ปกครอง",),
}  # fmt: skip
BROTHERS_AND_SISTERS = ("จำนวนพี่ชาย", "จำนวนน้องชาย", "จำนวนพี่สาว", "จำนวนน้องสาว")
LACKING = {
    "ขาดแคลนเครื่องแบบ": "lack_uniform", "ขาดแคลนเครื่องเขียน": "lack_stationery", "ขาดแคลนแบบเรียน": "lack_textbooks",
    "ขาดแคลนอาหารกลางวัน": "lack_lunch",
}  # fmt: skip


def write_dmc(layout: Layout, out: Path) -> pa.Array:
    """Write the workbook.

    Returns:
        The row ids: the code of the school and the pupil's own code.
    """
    world, rng, person = layout.world, layout.rng, layout.person
    people, places, n = world.people, world.places, layout.n_rows
    home = people.village[person]
    school = int(world.settings.province) * 1_000_000 + 10_000 + 20 * places.subdistrict[home] + rng.integers(0, 8, n)
    code = 10_000 + ranked(school)
    village = write_villages(rng, places, home, layout.rates)
    written = write_names(rng, world.nomen, people, person, layout.rates)
    in_two_fields(rng, written, {"title_inside": 0.0, "title_missing": 0.0})
    columns: dict[str, Texts | Rows] = {
        "รหัสโรงเรียน": school.astype("U8").astype(object),
        "เลขประจำตัวประชาชน": _ids(layout),
        "ชั้น": _classes(layout),
        "รหัสนักเรียน": code.astype("U6").astype(object),
        "สถานะนักเรียน": np.where(
            layout.of("left"), "ออกกลางคัน", np.where(layout.of("moved_school"), "ย้ายสถานศึกษา", "กำลังศึกษา")
        ).astype(object),
        "เพศ": write_sexes(rng, people.sex[person], ("ช", "ญ"), layout.rates),
        "คำนำหน้าชื่อ": written.title,
        "ชื่อ": written.given,
        "นามสกุล": written.family,
        "วันเกิด": write_births(rng, "education", people.birth[person], people.stateless[person], layout.rates),
        **_siblings(layout),
        "เป็นบุตรคนที่": layout.with_blanks(layout.of("child_order")),
        "สถานภาพสมรสของบิดามารดา": layout.with_blanks(_worded(layout.of("union"), UNIONS)),
        "รายได้บิดา (บาท/เดือน)": _incomes(layout, "father_income"),
        "รายได้มารดา (บาท/เดือน)": _incomes(layout, "mother_income"),
        "รายได้ผู้ปกครอง (บาท/เดือน)": _incomes(layout, "guardian_income"),
        "ความเกี่ยวข้องของผู้ปกครองกับนักเรียน": _keepers(layout),
        **_addresses(layout, village),
        "ความด้อยโอกาส": layout.with_blanks(_worded(layout.of("category"), CATEGORIES)),
        **{name: layout.yes_no(fact, "ขาดแคลน", "ไม่ขาดแคลน") for name, fact in LACKING.items()},
        "ร้อยละการมาเรียน": layout.with_blanks(layout.of("attendance")),
    }
    write_workbook(out, SHEET, {name: column.tolist() for name, column in columns.items()})
    return pa.array([f"{one}-{two}" for one, two in zip(school.tolist(), code.tolist(), strict=True)])


def _ids(layout: Layout) -> Texts:
    """IDs, a few of which a spreadsheet has cut short."""
    world = layout.world
    ids = id_texts(layout.rng, write_ids(layout.rng, world.people, world.ids, layout.person, layout.rates), 0.0)
    is_cut = chosen(layout.rng, layout.faults["cut_short"], layout.n_rows)
    ids[is_cut & (ids != np.array(None))] = CUT
    return ids


def _classes(layout: Layout) -> Texts:
    """The class after age and years behind."""
    at = np.clip(layout.world.people.age[layout.person] - 5 - layout.of("delay"), 0, len(CLASSES) - 1)
    return layout.with_blanks(np.array(CLASSES)[at])


def _worded(values: NDArray[np.str_], words: dict[str, str]) -> NDArray[np.str_]:
    """Each value in the sheet's own words."""
    distinct, at = np.unique(values, return_inverse=True)
    return np.array([words[value] for value in distinct.tolist()])[at]


def _keepers(layout: Layout) -> Texts:
    """Who the guardian is, in the word of kinship."""
    kinds, turn = layout.of("keeper").tolist(), layout.rng.integers(0, 60, layout.n_rows).tolist()
    words = [KEEPERS[kind][n % len(KEEPERS[kind])] for kind, n in zip(kinds, turn, strict=True)]
    return layout.with_blanks(np.array(words))


def _siblings(layout: Layout) -> dict[str, Rows]:
    """Older and younger brothers and sisters apart."""
    older = layout.of("child_order") - 1
    younger = layout.of("siblings") - older
    brothers = [layout.rng.binomial(n, 0.5) for n in (older, younger)]
    counts = (brothers[0], brothers[1], older - brothers[0], younger - brothers[1])
    return dict(zip(BROTHERS_AND_SISTERS, counts, strict=True))


def _incomes(layout: Layout, fact: str) -> Texts:
    """An income a month, at times with a comma; now and then in words, which is no number."""
    amount = np.round(layout.of(fact), -2)
    text = amount.astype("U9").astype(object)
    with_comma = chosen(layout.rng, 0.1, layout.n_rows)
    text[with_comma] = [f"{value:,}" for value in amount[with_comma].tolist()]
    text[chosen(layout.rng, layout.faults["income_words"], layout.n_rows)] = "ไม่แน่นอน"
    text[amount < 0] = None
    return text


def _addresses(layout: Layout, village: Rows) -> dict[str, Texts]:
    """The present address: house, village number, and names of subdistrict, district and province."""
    people, places, rng = layout.world.people, layout.world.places, layout.rng
    subdistrict = places.subdistrict[village]
    tambon = np.array([names[0] for names in places.subdistrict_names], dtype=object)[subdistrict]
    amphoe = np.array([names[0] for names in places.district_names], dtype=object)
    amphoe = amphoe[places.subdistrict_district[subdistrict]]
    moo = (places.village_code[people.village[layout.person]] % 100).astype("U2").astype(object)
    moo[chosen(rng, layout.rates["moo_missing"], layout.n_rows)] = None
    tambon[village < 0] = None
    return {
        "บ้านเลขที่ (ปัจจุบัน)": write_houses(
            rng,
            people.house[layout.person],
            {"house_wrong": layout.faults["blank"], "house_missing": layout.faults["blank"]},
        ),
        "หมู่ (ปัจจุบัน)": moo,
        "ตำบล (ปัจจุบัน)": tambon,
        "อำเภอ (ปัจจุบัน)": amphoe,
    }
