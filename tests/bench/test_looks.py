"""The look at every page: what counts as English on a Thai page, and what is kept of a run."""

import datetime as dt
import tomllib

import pytest
from bench.looks import written

from journeys.seeing import english_in


@pytest.mark.parametrize(
    "text",
    [
        "ศูนย์จังหวัดตัวอย่าง",
        "Sarana · SQLite",
        "Demo: Data-protection officer",
        "รหัส ACCOUNTS-006",
        "running-costs.toml",
        "/srv/sarana/home/backups",
        "0f8fad5b-d9cb-469f-a165-70867728950e",
    ],
)
def test_names_codes_and_what_people_typed_are_no_english(text: str) -> None:
    assert list(english_in([text])) == []


@pytest.mark.parametrize("text", ["Search names", "บทบาท: Analyst", "worker-count"])
def test_a_sentence_or_a_word_of_ours_is(text: str) -> None:
    assert len(list(english_in([text]))) == 1


def test_what_is_kept_of_a_run_reads_as_it_was_found() -> None:
    found = {"today": [], "me": ['th 360: cut off: a "x"', 'th 360: cut off: a "x"']}
    kept = tomllib.loads(written(found, ["a:b"], on=dt.date(2026, 11, 29), commit="abc"))
    assert kept == {
        "on": dt.date(2026, 11, 29),
        "commit": "abc",
        "unseen": ["a:b"],
        "pages": {"me": ['th 360: cut off: a "x"'], "today": []},
    }
