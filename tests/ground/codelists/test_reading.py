"""Tables of areas and words: read whole, or refused whole with the line that is wrong."""

import datetime as dt
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makers.lists import CHANGES, pcodes, table
from sarana.basics.errors import BadFile, BadTable
from sarana.ground.codelists import reading, sources

ONE = "1,LA01,LA01,,ວຽງຈັນ,Vientiane,,"


def test_a_code_that_was_used_again_is_two_stretches() -> None:
    rows, changes = reading.read_areas(
        table("1,VN01,,,Old,Old,,2025-06-30", "1,VN01,,,New,New,2025-07-01,"),
        f"{CHANGES}VN01,2025-06-30,VN01,2025-07-01,2025-07-01,reform\n".encode(),
        "VN",
    )
    assert [(row.local, row.valid_until) for row in rows] == [("Old", dt.date(2025, 6, 30)), ("New", None)]
    assert changes[0].on == dt.date(2025, 7, 1)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("2,LA0101,,LA09,A,A,,", "not in the table"),
        ("1,TH10,,,A,A,,", "letters of the country"),
        ("9,LA02,,,A,A,,", "no level"),
        ("1,LA02,,, ,A,,", "name is empty"),
        ("1,LA02,,,A,A,2025-13-01,", "no day"),
        ("1,LA02,,,A,A,2025-02-01,2025-01-01", "before the first"),
        ("1,LA01,,,A,A,,", "two areas on one day"),
        ("2,LA0101,,,A,A,,", "Nothing lies above"),
        ("1,LA02,,,A\u202eB,A,,", "cannot be shown"),
        ("1,LA02,,,A", "columns"),
        ("1,LA02,,,A,A,,,,", "columns"),
    ],
)
def test_a_row_that_cannot_be_right_refuses_the_table(line: str, says: str) -> None:
    with pytest.raises(BadTable, match=f"CODELISTS-003.*{says}"):
        reading.read_areas(table(ONE, line), b"", "LA")


def test_a_change_of_an_area_that_nobody_knows_is_refused() -> None:
    with pytest.raises(BadTable, match="'LA77' is named in a change"):
        reading.read_areas(table(ONE), f"{CHANGES}LA77,,LA01,,,x\n".encode(), "LA")


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(noise: bytes) -> None:
    for content in (noise, table(ONE) + noise, pcodes() + noise):
        with suppress(BadTable):
            assert reading.read_areas(content, b"", "LA")
        with suppress(BadTable):
            assert reading.read_pcodes(content, "LA", {})


def test_a_table_of_p_codes_keeps_the_local_names_that_are_known() -> None:
    rows = reading.read_pcodes(pcodes(), "LA", {"LA01": "ນະຄອນຫຼວງວຽງຈັນ"})
    assert (len(rows), rows[0].local, rows[0].latin) == (54, "ນະຄອນຫຼວງວຽງຈັນ", "Province 1")
    with pytest.raises(BadTable, match="CODELISTS-004"):
        reading.read_pcodes(pcodes(provinces=0), "LA", {})


def test_a_search_forgets_capitals_and_marks_of_latin_letters_only() -> None:
    assert reading.folded("Phường Đống Đa") == "phuong dong da"
    assert reading.folded("เชียงใหม่") == "เชียงใหม่"
    assert reading.folded("ບໍ່ແກ້ວ") == "ບໍ່ແກ້ວ"


@pytest.mark.check("F-18")
def test_an_installation_without_the_fetched_tables_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "_fetched", lambda: None)
    with pytest.raises(BadFile, match=r"CODELISTS-002 Thailand"):
        sources.rows_of_areas(sources.country_of("TH"))
    assert sources.rows_of_areas(sources.country_of("LA"))[0]


@pytest.mark.parametrize("country", sources.countries())
def test_what_the_build_fetched_or_we_set_down_can_be_right(country: str) -> None:
    rows, changes = reading.read_areas(*sources.rows_of_areas(sources.country_of(country)), country)
    assert {row.level for row in rows} == set(range(1, len(sources.country_of(country).levels) + 1))
    assert bool(changes) is (country in ("TH", "KH", "VN"))


def test_thailand_and_cambodia_are_whole() -> None:
    """The numbers are those that the sources themselves state: DOPA by GeoThai, and the list of 2025."""
    counted = {}
    for country in ("TH", "KH"):
        rows, changes = reading.read_areas(*sources.rows_of_areas(sources.country_of(country)), country)
        held = [sum(1 for row in rows if row.level == level and row.valid_until is None) for level in (1, 2, 3, 4)]
        counted[country] = (held, sum(1 for row in rows if row.valid_until), len({change.before for change in changes}))
    assert counted["TH"] == ([77, 928, 7436, 0], 1583, 1182)
    assert counted["KH"] == ([25, 210, 1661, 14481], 7, 7)
    assert 14481 + 95 == 14576, "the villages left out are those that the page says"


@pytest.mark.parametrize("name", sources.word_lists())
def test_every_word_has_its_label_in_english_and_thai(name: str) -> None:
    rows = reading.read_words(sources.rows_of_words(sources.word_lists()[name]), name, ("en", "th"))
    assert rows
    assert [row.code for row in rows if set(row.labels) != {"en", "th"}] == []
