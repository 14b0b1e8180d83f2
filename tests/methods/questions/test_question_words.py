"""Words of the pages of questions: both languages, the same places in both, and every word that a page names."""

import re
import string
from pathlib import Path
from typing import Literal

import pytest

from sarana.methods import questions
from sarana.methods.population.report.words import read_words
from sarana.methods.questions.explain_words import read_plain_words, said_of_set
from sarana.methods.reference import read_reference, reference_folder
from sarana.methods.risk.sets import list_sets, load_set

FILES = sorted(path.stem for path in (reference_folder() / "words").glob("question.*.toml"))
COLOURED = re.compile(
    r"(red|yellow|green|grey|risky) (person|people|village|family|area)|victim|rescued", re.IGNORECASE
)


@pytest.mark.parametrize("file", FILES)
def test_every_row_has_both_languages_and_the_same_places_in_both(file: str) -> None:
    rows = read_reference(f"words/{file}.toml")
    assert not set(rows) & set(read_words()), "a word of the report is given again"
    for key, row in rows.items():
        assert {"en", "th"} <= set(row) <= {"en", "en_one", "th"}, key
        assert _places(row["en"]) == _places(row["th"]), key
        assert not COLOURED.search(row["en"]), key


def test_every_word_that_a_page_names_is_there() -> None:
    known = {
        key for path in (reference_folder() / "words").glob("*.toml") for key in read_reference(f"words/{path.name}")
    }
    for module in Path(questions.__file__).parent.glob("*_page.py"):
        named = set(re.findall(r'words\(\s*"([a-z-]+)"', module.read_text("utf-8")))
        named |= set(re.findall(r'"([a-z-]+-(?:head|heading))"', module.read_text("utf-8")))
        assert named - known == set(), module.name


def _places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_all_that_our_sets_say_of_themselves_has_thai_and_no_row_is_left_over() -> None:
    said = set()
    for of in map(load_set, list_sets()):
        numbers = {text for each in of.parameters.values() for text in (each.unit, each.source)}
        notes = {each.note for each in of.indicators if each.note}
        said |= {of.title, *of.registers.values(), *(each.says for each in of.bandings.values()), *numbers, *notes}
        words = read_plain_words("th")
        said |= {name for key, name in of.sectors.items() if words.register(key) == key}
    rows = read_reference("words/sets.toml")
    assert {row["en"] for row in rows.values()} == said
    assert all(said_of_set(row["en"], "th") == row["th"] != row["en"] for row in rows.values())
    assert said_of_set("What somebody wrote in a copy", "th") == "What somebody wrote in a copy"


@pytest.mark.parametrize("language", ["en", "th"])
def test_every_code_that_means_refer_now_is_told_in_words(language: Literal["en", "th"]) -> None:
    words = read_plain_words(language)
    fields = read_reference("fields.toml")
    named = {field for name in list_sets() if (field := load_set(name).refer_now)}
    codes = {code for field in named for code in fields[field]["values"]}
    assert codes
    assert all("_" not in words.refer_now(code) for code in codes)
    assert words.refer_now("its_own_code") == "its_own_code"
