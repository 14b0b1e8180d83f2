"""Khmer, Lao, Burmese, Thai and Vietnamese are drawn with the fonts that this house serves, and break their lines."""

import http.server
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from sarana.ground.pages import fetched

STATIC = Path(fetched.__file__).resolve().parent / "static"

WORDS = {
    "th": "สิทธิของผู้เสียหายตามกฎหมายว่าด้วยการป้องกันและปราบปรามการค้ามนุษย์",
    "km": "សិទ្ធិរបស់ជនរងគ្រោះតាមច្បាប់ស្តីពីការបង្ក្រាបអំពើជួញដូរមនុស្ស",
    "lo": "ສິດຂອງຜູ້ຖືກເຄາະຮ້າຍຕາມກົດໝາຍວ່າດ້ວຍການຕ້ານການຄ້າມະນຸດ",
    "my": "လူကုန်ကူးမှုတားဆီးကာကွယ်ရေးဥပဒေအရနစ်နာသူများ၏အခွင့်အရေး",
    "vi": "Quyền của nạn nhân theo Luật Phòng, chống mua bán người",
    "id": "Hak korban menurut undang-undang tentang perdagangan orang",
    "fil": "Mga karapatan ng biktima ayon sa batas laban sa pangangalakal ng tao",
}
FAMILIES = {
    "th": "Noto Sans Thai",
    "km": "Noto Sans Khmer",
    "lo": "Noto Sans Lao",
    "my": "Noto Sans Myanmar",
    "vi": "Noto Sans",
}
TALL = {"th", "km", "lo", "my"}
BREAK_INSIDE = {"th", "km", "lo", "my"}
NARROW_PX = 150


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves the files of pages, and says nothing."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing."""


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """A page in every language, with the style sheets of the house."""
    (folder,) = (path for path in (STATIC / "fetched").iterdir() if path.is_dir())
    lines = "".join(f'<p lang="{lang}" id="{lang}">{words}</p>' for lang, words in WORDS.items())
    sheets = "".join(
        f'<link rel="stylesheet" href="/{path}">'
        for path in (f"fetched/{folder.name}/fonts/fonts.css", "pages/sarana.css")
    )
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(STATIC))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        opened = browser.new_page()
        address = f"http://127.0.0.1:{server.server_port}/"
        opened.route(address, lambda route: route.fulfill(content_type="text/html; charset=utf-8", body=sheets + lines))
        opened.goto(address, wait_until="networkidle")
        opened.evaluate("() => document.fonts.ready.then(() => true)")
        yield opened
        opened.close()
        server.shutdown()


@pytest.mark.parametrize("language", FAMILIES)
def test_the_font_of_a_script_came_from_us(page: Page, language: str) -> None:
    loaded = page.evaluate(
        "() => [...document.fonts].filter(f => f.status == 'loaded').map(f => f.family.replaceAll('\"', ''))"
    )
    assert FAMILIES[language] in loaded
    line = page.context.new_cdp_session(page)
    line.send("DOM.enable")
    line.send("CSS.enable")
    root = line.send("DOM.getDocument")["root"]["nodeId"]
    node = line.send("DOM.querySelector", {"nodeId": root, "selector": f"#{language}"})["nodeId"]
    drawn = line.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
    assert all(font["isCustomFont"] for font in drawn), drawn


@pytest.mark.parametrize("language", WORDS)
def test_lines_are_as_high_as_the_script_needs(page: Page, language: str) -> None:
    ratio = page.evaluate(
        "id => { const s = getComputedStyle(document.getElementById(id));"
        " return parseFloat(s.lineHeight) / parseFloat(s.fontSize) }",
        language,
    )
    assert ratio == pytest.approx(1.7 if language in TALL else 1.5)


@pytest.mark.parametrize("language", sorted(BREAK_INSIDE))
def test_a_script_without_blanks_breaks_its_lines(page: Page, language: str) -> None:
    """In a narrow place every line stays inside, and no line begins with a mark that hangs on the letter before it."""
    told = page.evaluate(
        """([id, width]) => {
            const p = document.getElementById(id); p.style.width = width + 'px';
            const range = document.createRange(), text = p.firstChild, starts = []; let last = -1;
            for (let i = 0; i < text.length; i++) {
                range.setStart(text, i); range.setEnd(text, i + 1);
                const box = range.getClientRects()[0];
                if (box && box.width && box.top > last + 5) { starts.push(text.data[i]); last = box.top; }
            }
            return {starts, inside: p.scrollWidth <= p.clientWidth};
        }""",
        [language, NARROW_PX],
    )
    assert told["inside"]
    assert len(told["starts"]) > 1
    assert not [sign for sign in told["starts"] if sign in "ะาำิีึืุู็่้๊๋์ะາິີຶືຸູ់ាិីឹឺុូာိီုူေ"]
