"""Names of a run read in sets: the engine's quick way and the careful one must agree."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from sarana.methods.engine import Engine
from sarana.methods.names.parts import read_full_name, read_part
from sarana.methods.names.standard import NameColumns, make_name_tables

TITLES = ["", "นาย", "นาย ", "นาง", "นางสาว", "น.ส.", "ด.ช. ", "เด็กหญิง", "พล.อ.", "ร.ต.อ.", "พระครู", "นายนาย", "ดร."]
GIVEN = [
    "สมชาย",
    "สาวิตรี",
    "ิตรี",
    "ดี",
    "ก",
    "ยิกา",
    "นายก",
    "แดะ",
    "ไพร",
    "สาว",
    "เเดง",
    "พระ",
    "ครู",
    "ว่าง",
    "เด็กชาย",
    "แพทย์",
]
FAMILY = ["ใจดี", "แซ่ลี", "แซ่ ลี", "-", "นายกอง", "ไม่มี", "กา", "น้ำใส", "น้\u0e4d\u0e32ใส", ""]
LATIN = {
    "Somchai",
    "Na",
    "Null",
    "Boy",
    "Mr",
    "A",
    "Ab",
    "SOMCHAI",
    "somchai",
    "McDonald",
    "Som Chai",
    "Nil",
    "Dr",
    "É",
    "Đức",
}
ENDS = ["", " (เอก)", "(บี)", " (-)", " เอก"]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with Engine(threads=1, memory="400MB", temp=tmp_path) as engine:
        yield engine


@pytest.mark.parametrize("order", ["given-first", "family-first", "either"])
def test_whole_names_are_read_alike_in_the_engine_and_in_python(engine: Engine, order: str) -> None:
    raws = sorted({f"{t}{g} {f}{e}" for t, g, f, e in itertools.product(TITLES, GIVEN, FAMILY, ENDS)})
    engine.load("people", pa.table({"raw": raws, "n": [1] * len(raws)}))
    make_name_tables(engine, [NameColumns(full="people", order=order)])  # type: ignore[arg-type]
    n_quick = engine.row("SELECT count(*) FROM _apart WHERE is_plain")[0]
    assert n_quick == 0 if order == "family-first" else n_quick > 500
    found = engine.rows("SELECT raw, given, family, title, nickname, script FROM name_wholes ORDER BY raw")
    expected = []
    for raw in raws:
        name = read_full_name(raw, order)  # type: ignore[arg-type]
        expected.append((raw, name.given, name.family, name.title, name.nickname, name.script))
    unlike = [(one, other) for one, other in zip(found, expected, strict=True) if one != other]
    assert unlike[:5] == []


def test_name_parts_are_read_alike_in_the_engine_and_in_python(engine: Engine) -> None:
    raws = sorted({f"{t}{g}{f}" for t, g, f in itertools.product(TITLES, GIVEN, FAMILY)} | LATIN)
    engine.load("people", pa.table({"raw": raws, "n": [1] * len(raws)}))
    make_name_tables(engine, [NameColumns(given="people")])
    found = engine.rows("SELECT raw, text, title, rest, nickname, script FROM name_parts ORDER BY raw")
    read = [(raw, read_part(raw)) for raw in raws]
    assert found == [(raw, p.text, p.title, p.rest, p.nickname, p.script) for raw, p in read]


def test_names_in_other_scripts_have_their_script_and_the_key_of_their_romanised_form(engine: Engine) -> None:
    forms = {
        "ບຸນມີ": ("lao", "PNM"),
        "សុផល": ("khmer", "SPN"),
        "မင်းထွန်း": ("burmese", "MNTN"),
        "ၿဖိဳးေအာင္": ("burmese", "PN"),  # Zawgyi
        "Đặng": ("latin", "TN"),
        "Bounmy": ("latin", "PNM"),
    }
    engine.load("words", pa.table({"raw": list(forms), "n": [1] * len(forms)}))
    make_name_tables(engine, [NameColumns(given="words")])
    found = {raw: (script, key) for raw, script, key in engine.rows("SELECT raw, script, key FROM name_parts")}
    assert found == forms
