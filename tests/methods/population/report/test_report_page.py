"""The page as a whole: what it holds, what it never holds, and that it stands on its own feet."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from methods.population.report import makers
from sarana.basics.errors import BadSetting, BadTable
from sarana.basics.progress import Silent
from sarana.methods.engine import Engine
from sarana.methods.population.report import report_bytes, write_report
from sarana.methods.population.report.words import read_words

VOID = {"meta", "link", "input", "br", "wbr", "path", "circle", "rect", "use"}
PERSON_TABLES = (
    "rows_health", "read_flags_health", "set_aside", "standardised", "people", "review", "links", "persons", "scores",
    "contributions", "refer_now", "areas_internal",
)  # fmt: skip


class Page(HTMLParser):
    """What a browser would find: elements in order, ids, links, headings; and whether every tag is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("style", "script"):
            self.texts.append(data)

    def all(self, *tags: str) -> list[dict[str, str | None]]:
        return [found for tag, found in self.elements if tag in tags]


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Engine]:
    with makers.engine(tmp_path) as engine:
        yield engine


def written(engine: Engine, *, areas: Any = None, outlines: bool = True, **settings: Any) -> str:
    lines, names = areas or makers.province()
    makers.load(engine, lines, names)
    makers.counts(engine)
    shapes = makers.hexagons(names) if outlines else ()
    return report_bytes(engine, makers.settings(**settings), Silent(), shapes=shapes).decode()


def test_the_page_needs_no_network_and_no_script(run: Engine) -> None:
    text = written(run)
    assert "<script" not in text
    assert not re.search(r"https?:|//[a-z]|@import|\bon[a-z]+=", text)
    assert set(re.findall(r"url\(([^)]*)\)", text)) == {"#hatch"}
    page = Page(text)
    assert all("src" not in found for _, found in page.elements)
    assert {found.get("href", "")[:1] for found in page.all("a", "use")} == {"#"}
    assert [found["href"] for found in page.all("link")] == ["data:,"]
    policies = [found["content"] for found in page.all("meta") if found.get("http-equiv") == "Content-Security-Policy"]
    assert policies == ["default-src 'none'; style-src 'unsafe-inline'; img-src data:"]


def test_every_tag_is_closed_every_id_is_single_and_every_link_leads_somewhere(run: Engine) -> None:
    page = Page(written(run))
    assert (page.open, page.wrong) == ([], [])
    ids = Counter(found["id"] for _, found in page.elements if "id" in found)
    assert [name for name, times in ids.items() if times > 1] == []
    targets = {str(found["href"])[1:] for found in page.all("a", "use")}
    named = " ".join(str(found.get("aria-labelledby") or "") for _, found in page.elements).split()
    named += [str(found["for"]) for found in page.all("label")]
    assert sorted((targets | set(named)) - set(ids)) == []


def test_headings_never_skip_a_level_and_every_table_can_be_read_aloud(run: Engine) -> None:
    page = Page(written(run))
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels.count(1) == 2
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert all(found.get("scope") in ("col", "row", "rowgroup") for found in page.all("th"))
    assert len(page.all("caption")) == len(page.all("table")) > 10
    pictures = [found for found in page.all("svg") if found.get("aria-hidden") != "true"]
    assert len(pictures) == 8
    assert all(found["role"] == "img" and found["aria-labelledby"] for found in pictures)


def test_both_languages_hold_the_same_parts(run: Engine) -> None:
    english, thai = parts(written(run))
    for tag in ("h1", "h2", "h3", "table", "tr", "td", "svg", "li", "dt"):
        assert english.count(f"<{tag}") == thai.count(f"<{tag}") > 0, tag
    assert 'lang="en"' in english
    assert "30&nbsp;June&nbsp;2026" in english
    assert "30&nbsp;มิถุนายน&nbsp;2569" in thai


@pytest.mark.parametrize(("language", "checked"), [("en", "in-en"), ("th", "in-th")])
def test_the_language_asked_for_is_seen_first(run: Engine, language: str, checked: str) -> None:
    page = Page(written(run, language=language))
    assert [found["id"] for found in page.all("input") if "checked" in found] == [checked]
    assert [found["lang"] for found in page.all("html")] == [language]


def test_the_notice_stands_at_the_top_with_every_map_with_every_table_of_figures_and_on_every_printed_page(
    run: Engine,
) -> None:
    text = written(run)
    for language, part in zip(("en", "th"), parts(text), strict=True):
        notice = read_words()["notice"][language]
        captions = re.findall(r"<caption.*?</caption>", part, re.DOTALL)
        with_figures = [c for c in captions if notice in c]
        tables = re.findall(r"<table>.*?</table>", part, re.DOTALL)
        counting_people = [t for t in tables if "chip-" in t or re.search(r"<td>\d+\.\d</td>", t)]
        assert len(counting_people) >= 6
        assert all(notice in t for t in counting_people)
        assert len(with_figures) >= len(counting_people)
        figures = re.findall(r"<figure.*?</figure>", part, re.DOTALL)
        assert len(figures) == 4
        assert all(notice in f and read_words()["notice-short"][language] in f for f in figures)
        assert re.search(rf"@page {language} {{ @top-left {{ content: \"{re.escape(notice)}\"", text)
    assert '<p class="notice"><strong>Unvalidated, for planning only.</strong>' in text


def test_nothing_of_a_person_and_nothing_of_a_village_reaches_the_page(run: Engine) -> None:
    plain = written(run)
    lines, names = makers.province()
    villages = [makers.figures("village", "90010101", "CANARY-VILLAGE", "all", n_red=987654)]
    names.append(
        {"level": "village", "code": "90010101", "parent": "900101", "name": "CANARY-V", "name_local": "CANARY-L"}
    )
    for table in PERSON_TABLES:
        columns = {"person_id": ["CANARY-1"], "source": ["CANARY-2"], "name": ["CANARY-3"], "code": ["CANARY-4"]}
        run.load(table, pa.table(columns))
    assert written(run, areas=([*lines, *villages], names)) == plain
    assert "CANARY" not in plain
    assert "987,654" not in plain


def test_only_tables_of_figures_are_asked_for(tmp_path: Path) -> None:
    asked: list[str] = []

    class Watched(Engine):
        def rows(self, sql: str, params: Sequence[Any] | Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
            asked.append(sql)
            return super().rows(sql, params)

    with Watched(threads=1, memory="512MB", temp=tmp_path / "temp") as run:
        lines, names = makers.province()
        makers.load(run, lines, names)
        makers.counts(run)
        write_report(run, makers.settings(), tmp_path / "report.html", Silent(), shapes=makers.hexagons(names))
    named = {name for sql in asked for name in re.findall(r"FROM (\w+)", sql)} - {"information_schema"}
    assert named == {"areas", "area_names", "quality", "link_counts"}


def test_people_to_be_referred_now_are_counted_nowhere(run: Engine) -> None:
    plain = written(run)
    run.load("refer_now", pa.table({"person_id": ["p"] * 313, "code": ["forced-labour"] * 313}))
    run.run("INSERT INTO link_counts VALUES ('refer_now', 313)")
    run.run("INSERT INTO quality VALUES ('health', 'refer-now', 'forced-labour', 313)")
    lines, names = makers.province()
    makers.load(run, lines, names)
    again = report_bytes(run, makers.settings(), Silent(), shapes=makers.hexagons(names)).decode()
    assert again == plain
    assert not re.search(r"\brefer\b", " ".join(Page(plain).texts), re.IGNORECASE)


def test_a_withheld_figure_is_a_sign_with_its_meaning_and_never_zero(run: Engine) -> None:
    lines, names = makers.province(1, 2)
    hidden = [makers.withheld(line) if line["code"] == "900101" else line for line in lines]
    english, thai = parts(written(run, areas=(hidden, names)))
    for part, name, sign, meaning in (
        (english, "Mae La", "[w]", "[w] withheld:"),
        (thai, "แม่ลา", "[ป]", "[ป] ปกปิด:"),
    ):
        row = re.search(rf'<tr><th scope="row">{name}</th><td><abbr(.*?)</tr>', part)
        assert row is not None
        assert re.findall(r">([^<]+)</abbr></td>", row[1]) == [sign] * 9
        assert not re.search(r"<td>[\d.,]+<", row[1])
        assert meaning in part


def test_a_name_that_is_markup_a_formula_or_turns_the_line_round_does_no_harm(run: Engine) -> None:
    lines, names = makers.province(1, 3)
    bad = {"900101": "<script>alert(1)</script>", "900102": '=HYPERLINK("x")', "900103": "a\u202eb\x00\x1b[31mc"}
    for place in names:
        if place["code"] in bad:
            place["name"] = place["name_local"] = bad[place["code"]]
    text = written(run, areas=(lines, names))
    assert "<script" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "&#x27;=HYPERLINK(&quot;x&quot;)" in text
    assert "ab[31mc" in text
    assert not re.search("[\x00-\x08\x0b-\x1f\u202a-\u202e]", text)


def test_the_same_run_gives_the_same_bytes_in_whatever_order_its_rows_and_shapes_come(
    run: Engine, tmp_path: Path
) -> None:
    first = written(run)
    lines, names = makers.province()
    makers.load(run, lines[::-1], names[::-1])
    shapes = makers.hexagons(names)[::-1]
    out = tmp_path / "somewhere" / "report.html"
    out.parent.mkdir()
    report = write_report(run, makers.settings(), out, Silent(), shapes=shapes)
    assert out.read_text() == first
    assert "somewhere" not in first
    assert (report.rows_in, report.rows_out) == (len(lines), 12)


@pytest.mark.parametrize("outlines", [True, False])
def test_a_run_without_any_area_says_so(run: Engine, *, outlines: bool) -> None:
    page = Page(written(run, areas=([], []), outlines=outlines))
    assert (page.open, page.wrong) == ([], [])
    said = " ".join(page.texts)
    assert "No area has a figure" in said
    assert "There is no map" in said


def test_the_second_map_shows_a_class_where_the_exact_figure_is_withheld_and_never_a_rate(run: Engine) -> None:
    lines, names = makers.province(2, 3)
    gone = dict.fromkeys(("n_red_without_status", "rate_without_status", "low_without_status", "high_without_status"))
    classes = {"class": "high", "class_without_status": "mid", "protected": True, "rate": 77.7}
    hidden = [line | gone | classes if (line["code"], line["group"]) == ("900101", "all") else line for line in lines]
    for part, said in zip(parts(written(run, areas=(hidden, names))), ("middle class", "กลุ่มกลาง"), strict=True):
        first, second = part.split("<figure")[1:3]
        place = re.search(r'<use href="#a0" class="(\w+)"><title>([^<]*)</title>', second)
        assert place is not None
        assert place[1] == "mid"
        assert place[2].endswith(said)
        assert "77.7" in first
        assert not re.search(r"<title>[^<]*1,000", second), "the second map names no rate of an area"


def test_what_changes_is_told_by_class(run: Engine) -> None:
    lines, names = makers.province(1, 2)
    moved = {"900101": ("high", "mid"), "900102": ("low", None)}
    lines = [
        line | dict(zip(("class", "class_without_status"), moved[line["code"]], strict=True))
        if line["code"] in moved and line["group"] == "all"
        else line
        for line in lines
    ]
    english, _ = parts(written(run, areas=(lines, names)))
    assert "Of 1 subdistricts with a class on both maps, 1 fall into a lower class" in english
    assert re.search(r"<td[^>]*>higher class</td><td[^>]*>middle class</td>", english)


def test_a_run_of_one_subdistrict_and_a_run_where_all_is_withheld_are_written_too(run: Engine) -> None:
    one = written(run, areas=makers.province(1, 1, seed=3))
    assert "The one subdistrict" in one
    assert "<small>1 subdistrict</small>" in one
    lines, names = makers.province()
    none = written(run, areas=([makers.withheld(line) for line in lines], names))
    assert "no subdistrict has a figure that may be shown" in none
    assert "a withheld number of people" in none
    assert 'class="high"' not in parts(none)[0].split("<figure")[1].split("legend")[0]


def test_people_of_whom_only_a_wider_area_is_known_have_a_line_of_their_own_and_no_place_on_the_map(
    run: Engine,
) -> None:
    lines, names = makers.province(1, 2)
    lost = makers.figures("subdistrict", "9001-unknown", "not known", "all", n_people=77) | {"parent": "9001"}
    empty = makers.figures("district", "90-unknown", "not known", "all", n_people=0) | {"parent": "90"}
    english, thai = parts(written(run, areas=([*lines, lost, empty], names)))
    assert re.search(r'<th scope="row">Subdistrict not known</th>(?:(?!</tr>).)*<td>77</td>', english)
    assert re.search(r'<th scope="row">ไม่ทราบตำบล</th>(?:(?!</tr>).)*<td>77</td>', thai)
    assert "District not known" not in english
    assert "All 2 subdistricts" in english


def test_a_province_of_204_subdistricts_stays_under_a_megabyte_and_a_half(run: Engine) -> None:
    text = written(run, areas=makers.province(25, 9))
    assert len(text.encode()) < 1_500_000


def test_quality_and_linkage_are_counted_by_source(run: Engine) -> None:
    english, _ = parts(written(run))
    assert (
        '<th scope="row">health</th><td>5,012</td><td>5,000</td><td>12</td><td>7</td><td>43</td><td>18&nbsp;%</td>'
        in english
    )
    assert "12 rows were set aside" in english
    assert "READ-030" in english
    assert "<dt>Pairs waiting for a person to decide</dt><dd>37</dd>" in english
    assert "424,242" not in english


def test_a_run_without_its_protected_table_is_refused(run: Engine) -> None:
    with pytest.raises(BadTable, match="REPORT-002"):
        report_bytes(run, makers.settings(), Silent())


def test_a_language_the_report_does_not_know_is_refused(run: Engine) -> None:
    with pytest.raises(BadSetting, match="REPORT-003"):
        written(run, language="xx")


def test_real_people_are_not_called_invented(run: Engine) -> None:
    assert "invented" in parts(written(run))[0].lower()
    facts = makers.settings().run
    real = replace(facts, is_invented=False, name="Some Province")
    assert "All people in this report are invented" not in written(run, run=real)


def parts(text: str) -> tuple[str, str]:
    """The English and the Thai half of the page."""
    english, _, thai = text.partition('<section lang="th" id="th"')
    _, opening, english = english.partition('<section lang="en" id="en"')
    return opening + english, thai
