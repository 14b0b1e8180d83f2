"""The report in a real browser, on a telephone and on a desk: readable, silent, in order, and honest."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from journeys.conftest import Journey

WIDTHS = {"telephone": 360, "desk": 1280}

WIDER_THAN_THE_WINDOW = """() => [...document.querySelectorAll('main *')]
    .filter(e => e.checkVisibility() && e.getBoundingClientRect().right > innerWidth + 1)
    .filter(e => { for (let p = e.parentElement; p; p = p.parentElement)
        if (['auto', 'scroll', 'hidden'].includes(getComputedStyle(p).overflowX)) return false; return true; })
    .map(e => e.tagName + ' ' + e.className + ' ' + e.textContent.slice(0, 40))"""


NAMES_BY_GROUP = """() => [...document.querySelectorAll('main table')]
    .filter(table => table.checkVisibility() && /อำเภอทั้งหมด|ตำบลทั้งหมด/.test(table.caption?.innerText))
    .map(table => [...table.querySelectorAll('tbody tr')].reduce((groups, row) => {
        if (row.className == 'group') groups.push([]);
        else groups[groups.length - 1].push(row.cells[0].innerText.trim());
        return groups;
    }, [[]]))"""
"""The names of districts and subdistricts as the tables list them, a list for each district they lie in."""


@pytest.fixture(params=WIDTHS)
def report(request: pytest.FixtureRequest, browser: Browser, journey: Journey) -> Iterator[Page]:
    """The report, opened at one of two widths; every request and every complaint is kept."""
    page = browser.new_page(viewport={"width": WIDTHS[request.param], "height": 800}, offline=True)
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda r: asked.append(r.url))
    page.on("console", lambda m: complaints.append(m.text))
    page.on("pageerror", lambda e: complaints.append(str(e)))
    page.goto((journey.run / "report.html").as_uri(), wait_until="load")
    yield page
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert complaints == []
    page.close()


def test_the_report_says_that_it_is_unvalidated_and_shows_a_map(report: Page, tmp_path: Path) -> None:
    assert "unvalidated, for planning only" in report.inner_text("main").lower()
    assert report.locator("main svg:visible").count() >= 2, "a second map without the legal-status indicator"
    picture = report.screenshot(path=tmp_path / "report.png", full_page=True)
    assert len(picture) > 20_000


def test_the_report_is_no_wider_than_the_window_in_either_language(report: Page) -> None:
    for language in ("en", "th"):
        report.locator(f"label[for=in-{language}]:visible").first.click()
        assert report.evaluate("document.documentElement.scrollWidth <= innerWidth"), language
        assert report.evaluate(WIDER_THAN_THE_WINDOW) == [], language


def test_the_report_speaks_thai_when_asked(report: Page) -> None:
    before = report.inner_text("main")
    report.locator("label[for=in-th]:visible").first.click()
    after = report.inner_text("main")
    n_thai = sum("ก" <= sign <= "๛" for sign in after)
    assert after != before
    assert n_thai > 500


def test_thai_names_stand_in_dictionary_order(report: Page) -> None:
    """Against the browser's own collation, which we did not write; what is not known stands last and is left out."""
    report.locator("label[for=in-th]:visible").first.click()
    tables: list[list[list[str]]] = report.evaluate(NAMES_BY_GROUP)
    groups = [
        names
        for table in tables
        for group in table
        if len(names := [name for name in group if not name.startswith("ไม่ทราบ")]) > 2
        and all("ก" <= name[:1] <= "๛" for name in names)
    ]
    ordered = [report.evaluate("names => [...names].sort(new Intl.Collator('th').compare)", names) for names in groups]
    assert sum(len(names) for names in groups) >= 12, "too few Thai names to prove anything"
    assert [names for names, right in zip(groups, ordered, strict=True) if names != right] == []
