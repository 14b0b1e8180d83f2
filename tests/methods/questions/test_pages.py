"""The pages of questions: words in both languages, groups by their names, and no colour that names a person."""

import re
import string
from datetime import date

import pytest

from sarana.methods.population.report.words import Words
from sarana.methods.questions.compare import Comparison, IndicatorChange, Part
from sarana.methods.questions.compare_areas import AreaChange
from sarana.methods.questions.compare_page import compare_page
from sarana.methods.questions.validate import NOT_PASSED, Counted, Reason, Validation
from sarana.methods.questions.validate_lines import CaseLine, ErrorLine
from sarana.methods.questions.validate_page import reason_said, validate_page, validate_words
from sarana.methods.reference import read_reference

DAY = date(2026, 6, 30)
EVIL = "<b>=Chiang</b>"


def backtest() -> Validation:
    """A back-test in which a district is missed more often, with figures that are withheld and one that is none."""
    return Validation(
        run=EVIL,
        fingerprint="",
        set="s",
        version="1",
        as_of=DAY,
        is_invented=True,
        verdict=NOT_PASSED,
        reasons=(Reason("reason-lift"), Reason("reason-beyond", {"kind": "district", "group": "5001"})),
        dropped=(),
        kept=("h01",),
        counted=Counted(60, 0, None, 0),
        tenths=(CaseLine("1", 10, 20, 2.0, 1.1, 3.0, 4.0, 3.0, 5.0), CaseLine("2", 0, 0), CaseLine("3", None, None)),
        bands=(CaseLine("red", 10, 20), CaseLine("grey", None, None)),
        errors=(
            ErrorLine("sex", "female", "", "", "within", 100, 20, 10, 0.5, 0.3, 0.7, 1.0, 0.1, 0.05, 0.2),
            ErrorLine("status", "3", "", "", "withheld"),
            ErrorLine("district", "5001", EVIL, "เมือง", "beyond"),
            ErrorLine("district", "unknown", "", "", "too few"),
        ),
        most_ratio=1.25,
        least_cases=50,
        threshold=11,
    )


def comparison() -> Comparison:
    part = Part("whole", 10, 20, 11, 12, 1, -0.5)
    return Comparison(
        EVIL, "later", DAY, DAY, "s", "1", False, 0.5, 1000.0, 999.5, part,
        (Part("data", 5, 6, None, None, None, 0.1), Part("linkage", None, None, None, None, None, None)),
        (IndicatorChange("h01", "Age", 1.0, 2.0, 1.0, None, None, None),),
        (AreaChange("district", "5001", EVIL, "เมือง", 1.0, 2.0, 1.0, 3, True),
         AreaChange("subdistrict", "500101", "Town", "", None, 2.0, None, None, None)),
        11,
    )  # fmt: skip


@pytest.mark.parametrize("page", [validate_page(backtest()), compare_page(comparison())])
def test_a_page_is_one_file_in_both_languages_without_script_and_with_safe_names(page: bytes) -> None:
    text = page.decode()
    assert text.count('class="notice"') == 2
    assert 'lang="th"' in text
    assert "<script" not in text
    assert "http" not in text.replace("http-equiv", "")
    assert "<b>=Chiang" not in text
    assert "&lt;b&gt;=Chiang" in text
    assert "เมือง" in text
    assert 'class="sign withheld"' in text


def test_a_group_that_is_missed_more_often_is_called_by_its_name() -> None:
    of = backtest()
    said = [str(reason_said(Words(lang, validate_words()), of, of.reasons[1])) for lang in ("en", "th")]
    assert "By district, &lt;b&gt;=Chiang" in said[0]
    assert "แยกตามอำเภอ เมือง" in said[1]


@pytest.mark.parametrize("name", ["validate", "compare"])
def test_every_row_of_words_has_both_languages_the_same_places_and_no_coloured_people(name: str) -> None:
    coloured = re.compile(r"(red|yellow|green|grey) (person|people|village|family|area|child)", re.IGNORECASE)
    for key, row in read_reference(f"words/{name}.toml").items():
        places = [{field for _, field, _, _ in string.Formatter().parse(row[lang]) if field} for lang in ("en", "th")]
        assert places[0] == places[1], key
        assert not coloured.search(row["en"]), key
