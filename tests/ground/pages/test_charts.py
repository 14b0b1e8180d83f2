"""Charts are drawn outside the serving process, in all scripts, and carry nothing that a page may not hold."""

import subprocess
import sys
from typing import Any

import pytest

from sarana.basics.errors import NotYet
from sarana.ground.pages import charts

SPEC: dict[str, Any] = {
    "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
    "data": {"values": [{"a": word, "n": n} for n, word in enumerate(["ไทย", "ខ្មែរ", "ລາວ", "မြန်မာ", "Việt"], 1)]},
    "mark": "bar",
    "encoding": {"x": {"field": "a", "type": "nominal"}, "y": {"field": "n", "type": "quantitative"}},
}
HEAD = '<svg xmlns="http://www.w3.org/2000/svg">'


def test_a_chart_holds_its_words_in_every_script_and_its_sentence() -> None:
    svg = charts.draw(SPEC, says="Five languages & their number")
    assert all(word in svg for word in ("ไทย", "ខ្មែរ", "ລາວ", "မြန်မာ", "Việt"))
    assert 'role="img" ' in svg
    assert 'aria-label="Five languages &amp; their number"' in svg
    assert "style=" not in svg


def test_the_serving_process_never_loads_the_drawing_library() -> None:
    seen = "import sarana.ground.pages.charts, sys; print('vl_convert' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", seen], capture_output=True, text=True, check=True).stdout == "False\n"


def test_the_same_chart_is_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    monkeypatch.setattr(charts, "_drawn_outside", lambda asked: drawn.append(asked) or f"{HEAD}</svg>")
    spec = {**SPEC, "height": 17}
    assert charts.draw(spec, says="a") == charts.draw(spec, says="a")
    charts.draw(spec, says="b")
    assert len(drawn) == 2


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        '<g onload="alert(1)"/>',
        '<g style="fill:red"/>',
        '<a href="https://example.org"/>',
        '<text xmlns:x="http://www.w3.org/1999/xlink" x:href="#a"/>',
        "<foreignObject/>",
        "<unclosed>",
    ],
)
def test_a_drawing_with_more_than_a_drawing_is_refused(inside: str) -> None:
    with pytest.raises(NotYet, match="PAGES-002"):
        charts.tidy(f"{HEAD}{inside}</svg>", says="a")


def test_a_chart_that_cannot_be_drawn_says_what_to_do() -> None:
    with pytest.raises(NotYet, match=r"PAGES-002 .* table"):
        charts.draw({"mark": "no such mark"}, says="a")
