"""Words of the pages of questions: both languages, the same places in both, and every word that a page names."""

import re
import string
from pathlib import Path

import pytest

from sarana.methods import questions
from sarana.methods.population.report.words import read_words
from sarana.methods.reference import read_reference, reference_folder

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
    known = set(read_words(*FILES)) | set(read_reference("words/validate.toml"))
    for module in Path(questions.__file__).parent.glob("*_page.py"):
        named = set(re.findall(r'words\(\s*"([a-z-]+)"', module.read_text("utf-8")))
        named |= set(re.findall(r'"([a-z-]+-(?:head|heading))"', module.read_text("utf-8")))
        assert named - known == set(), module.name


def _places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}
