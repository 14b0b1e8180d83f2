"""Words of the report: every sentence in both languages, numbers and dates as people write them."""

import ast
import re
import string
import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sarana.basics.errors import BadSetting
from sarana.methods.population import report
from sarana.methods.population.report.markup import escaped, from_file, tag
from sarana.methods.population.report.words import LANGUAGES, Words, read_words
from sarana.methods.reference import reference_folder

EN, TH = (Words(language, read_words()) for language in LANGUAGES)


def test_every_row_has_both_languages_and_the_same_places_in_both() -> None:
    wrong = []
    for key, row in read_words().items():
        known = {"en", "en_one", "th"}
        places = {lang: _places(text) for lang, text in row.items()}
        if not {"en", "th"} <= set(row) <= known or places["en"] != places["th"]:
            wrong.append(key)
        if "en_one" in row and not places["en_one"] <= places["en"]:
            wrong.append(key)
    assert wrong == []


def test_every_word_the_code_names_is_there() -> None:
    named = set()
    for module in Path(report.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                if called == "words":
                    named.add(node.args[0].value)
    assert len(named) > 60
    assert sorted(named - set(read_words())) == []


def test_no_sentence_calls_a_person_or_a_village_by_a_colour() -> None:
    bad = re.compile(
        r"(red|yellow|green|grey|risky|high-risk) (person|people|village|family|area|child)|victim|rescued", re.I
    )
    assert [key for key, row in read_words().items() if bad.search(row["en"])] == []


def test_a_missing_word_or_value_is_named() -> None:
    with pytest.raises(BadSetting, match=r"REPORT-001.*no-such-word"):
        EN("no-such-word")
    with pytest.raises(BadSetting, match=r"REPORT-001.*rate"):
        EN("per-1000")


def test_one_thing_has_its_own_sentence_in_english() -> None:
    assert EN("legend-count-subdistrict", n=1) == "1 subdistrict"
    assert EN("legend-count-subdistrict", n=2) == "2 subdistricts"
    assert EN("legend-count-subdistrict", n=1204) == "1,204 subdistricts"
    assert TH("legend-count-subdistrict", n=1) == "1 ตำบล"


def test_a_value_in_a_sentence_is_escaped_and_markup_stays() -> None:
    assert EN("per-1000", rate="<b>") == "&lt;b&gt; per 1,000"
    assert EN("per-1000", rate=tag("b", "5")) == "<b>5</b> per 1,000"


@pytest.mark.parametrize(
    ("day", "english", "thai"),
    [
        (date(2026, 6, 30), "30 June 2026", "30 มิถุนายน 2569"),
        (date(2028, 2, 29), "29 February 2028", "29 กุมภาพันธ์ 2571"),
        (None, "an unknown date", "ไม่ทราบวันที่"),
    ],
)
def test_dates_are_in_the_era_of_the_language(day: date | None, english: str, thai: str) -> None:
    assert EN.date(day).replace("&nbsp;", " ") == english
    assert TH.date(day).replace("&nbsp;", " ") == thai


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [
        (1, 2, "50 %"),
        (0, 9, "0 %"),
        (9, 9, "100 %"),
        (1, 1000, "< 1 %"),
        (999, 1000, "> 99 %"),
        (1, 200, "1 %"),
        (0, 0, "[n]"),
    ],
)
def test_a_share_is_rounded_but_never_to_nothing_or_all(part: int, whole: int, said: str) -> None:
    shown = (
        EN.share(part, whole).replace("&nbsp;", " ").replace("&#8201;", " ").replace("&lt;", "<").replace("&gt;", ">")
    )
    assert shown == said


@pytest.mark.parametrize(
    ("thousandths", "said"), [(1000, "1.00"), (1435, "1.44"), (1434, "1.43"), (3000, "3.00"), (2005, "2.01")]
)
def test_an_index_has_two_decimals(thousandths: int, said: str) -> None:
    assert EN.index(thousandths) == said


@settings(deadline=None)
@given(st.text())
def test_no_text_breaks_out_of_its_place(text: str) -> None:
    shown = escaped(from_file(text))
    assert not set(shown) & set("<>\"'\x00\x1b\u202e")
    assert not from_file(text).startswith(("=", "+", "-", "@", "\t"))


def test_every_flag_and_reason_is_translated_as_it_reads_now() -> None:
    rows = read_words()
    codes = {}
    for file in (reference_folder() / "codes").glob("*.toml"):
        codes |= tomllib.loads(file.read_text(encoding="utf-8"))
    shown = {code: said["says"] for code, said in codes.items() if said["kind"] in ("flag", "set-aside")}
    assert [code for code, says in shown.items() if rows.get(f"code-{code}", {}).get("en") != says] == []


def test_every_indicator_of_chiang_mai_has_a_thai_name() -> None:
    chosen = tomllib.loads((reference_folder() / "indicators" / "chiang-mai-28.toml").read_text(encoding="utf-8"))
    rows = read_words()
    assert [i["name"] for i in chosen["indicators"] if f"indicator-{i['name']}" not in rows] == []


def _places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}
