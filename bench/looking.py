"""One page looked at: a picture of it, and what a machine can see that is wrong with it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from journeys.conftest import BROWSERS, QUIET
from journeys.seeing import wrong_on
from journeys.stage import Visitor

WIDE = 1280
HIGHEST = 12_000
"""A page that is longer is cut off in its picture."""
SCHEMES = ("light", "dark")
BROKEN = 500
"""With this status and those above the page itself is at fault."""


@contextmanager
def a_browser() -> Iterator[Browser]:
    """Chromium of this machine.

    Raises:
        LookupError: there is none.
    """
    program = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if program is None:
        raise LookupError("there is no Chromium on this machine")
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=program, args=[*QUIET, *as_root])
        yield started
        started.close()


@dataclass(slots=True)
class Looker:
    """Somebody who goes through the pages with one device in one language, and writes down what is wrong."""

    visitor: Visitor
    language: str
    width: int
    folder: Path
    seen: dict[str, list[str]] = field(default_factory=dict)
    paths: set[str] = field(default_factory=set)
    told: int = 0
    expected: set[str] = field(default_factory=set)

    def open(self, path: str, name: str) -> None:
        """Go to a page and look at it."""
        self.visitor.open(path, until="load")
        self.look(name)

    def look(self, name: str) -> None:
        """Look at the page that is there, light and dark."""
        page = self.visitor.page
        page.wait_for_load_state("load")
        if page.locator("[data-map]").count():
            page.wait_for_selector("[data-drawn]")
        page.evaluate("() => document.fonts.ready.then(() => null)")
        self.paths.add(page.url.removeprefix(self.visitor.stage.address).partition("?")[0].partition("#")[0])
        wrong: list[str] = []
        if page.locator("html").get_attribute("lang") != self.language:
            wrong.append("is in another language")
        status = page.evaluate("() => performance.getEntriesByType('navigation')[0].responseStatus")
        if status >= BROKEN and str(status) not in self.expected:
            wrong.append(f"answers {status}")
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            if page.locator("[data-map]").count():
                page.wait_for_timeout(400)
            if scheme == SCHEMES[0]:
                wrong += [f"too wide: {each}" for each in self.visitor.too_wide()]
                wrong += wrong_on(page, width=self.width, language=self.language)
            wrong += [f"{scheme}: {each}" for each in self.visitor.findings(colours_only=scheme != SCHEMES[0])]
            self._picture(self.folder / f"{name}--{self.language}-{self.width}-{scheme}.jpg")
        complaints = [each for each in self.visitor.complaints[self.told :] if "does not conform" not in each]
        wrong += [f"the browser complains: {each}" for each in complaints]
        self.told = len(self.visitor.complaints)
        own = self.visitor.stage.address.partition("//")[2]
        wrong += [f"asks {each}" for each in self.visitor.strangers - {own} - self.expected]
        self.seen[name] = wrong

    def _picture(self, path: Path) -> None:
        """The whole page; a telephone's window is made as high as the page, or all looks as it does with a mouse."""
        page, size = self.visitor.page, self.visitor.page.viewport_size
        if self.width == WIDE or size is None:
            page.screenshot(path=path, full_page=True, type="jpeg", quality=70)
            return
        height: int = page.evaluate("() => document.documentElement.scrollHeight")
        page.set_viewport_size({"width": self.width, "height": min(height, HIGHEST)})
        page.screenshot(path=path, type="jpeg", quality=70)
        page.set_viewport_size(size)
