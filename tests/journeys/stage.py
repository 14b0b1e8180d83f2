"""The stage of web journeys: a demonstration on a real server of its own, and a browser that forgives nothing."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page

from makers.serving import children_of

HOUSE = Path(__file__).resolve().parents[2]
SARANA = Path(sys.executable).with_name("sarana")
AXE = HOUSE / "frontend/fetched/axe.min.js"
PICTURES = HOUSE / "docs/pictures"
SERIOUS = ("serious", "critical")
WIDTHS = {"telephone": 360, "desk": 1280}

WIDER_THAN_THE_WINDOW = """() => [...document.querySelectorAll('body *')]
    .filter(e => e.checkVisibility() && e.getBoundingClientRect().right > innerWidth + 1)
    .filter(e => { for (let p = e.parentElement; p; p = p.parentElement)
        if (['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(p).overflowX)) return false; return true; })
    .map(e => e.tagName + ' ' + e.className + ' ' + e.textContent.slice(0, 40))"""


@dataclass(frozen=True, slots=True)
class Stage:
    """A running demonstration: its address, its folder of data, and the process that serves it."""

    address: str
    home: Path
    server: int = 0

    def at(self, path: str) -> str:
        """The whole address of a page."""
        return f"{self.address}{path}"

    def begin_anew(self) -> None:
        """Kill the processes that answer, as a machine that is short of memory does, and wait for the next ones."""
        for child in children_of(self.server):
            os.kill(child, signal.SIGKILL)
        wait_for(self.address.replace("localhost", "127.0.0.1"))


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def wait_for(address: str) -> None:
    """Until the server answers."""
    subprocess.run([sys.executable, "-m", "sarana.config.web.waiting", f"{address}/health/"], check=True)


def environment_of(folder: Path) -> dict[str, str]:
    """What every process of a demonstration in this folder sees."""
    own = {"SARANA_MODE": "demo", "SARANA_HOME": str(folder / "home"), "SARANA_KEYS": str(folder / "keys")}
    nothing = dict.fromkeys(("DATABASE_URL", "SARANA_HTTPS", "SARANA_DEBUG", "SARANA_ADDRESS"), "")
    environment = {**os.environ, **own, **nothing, "SARANA_SCHEDULE": "0"}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    return environment


def set_up(folder: Path, made: Path | None = None) -> None:
    """Set a demonstration up in a folder: from nothing, or from what was set up already for those who make Sarana."""
    if made is not None:
        shutil.copytree(made, folder, dirs_exist_ok=True)
    for command in ("setup", "demo"):
        subprocess.run([SARANA, command], env=environment_of(folder), check=True, capture_output=True)


@contextmanager
def serving(folder: Path, demonstration: Path | None = None) -> Iterator[Stage]:
    """Serve a demonstration from a folder for as long as it is wanted: a copy of one, or one that is set up there."""
    environment, port = environment_of(folder), free_port()
    if demonstration is None:
        set_up(folder)
    else:
        shutil.copytree(demonstration, folder, dirs_exist_ok=True)
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [SARANA, "serve", "--port", str(port)], env=environment, stdout=log, stderr=log, start_new_session=True
        )
    try:
        wait_for(f"http://127.0.0.1:{port}")
        yield Stage(f"http://localhost:{port}", folder / "home", server.pid)
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=90)  # it gives work back, and lets those go who ask


@dataclass(slots=True)
class Visitor:
    """Somebody at a browser: her page, and all that went wrong or elsewhere while she used it."""

    stage: Stage
    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)
    strangers: set[str] = field(default_factory=set)
    n_bytes: int = 0

    def open(self, path: str, until: Literal["load", "networkidle"] = "networkidle") -> Page:
        """Go to a page and wait until it is quiet, or only until it is there."""
        self.page.goto(self.stage.at(path), wait_until=until)
        return self.page

    def enter_as(self, role: str) -> None:
        """Choose a role of the demonstration, by its English name."""
        self.open("/demonstration/")
        self.read_in("en")
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=role, exact=True).first.click()
        # The account keeps the language that it last read in.
        self.read_in("en")

    def read_in(self, language: str) -> None:
        """Change the language of the pages."""
        button = self.page.locator(f"button[name=language][value={language}]").first
        if button.get_attribute("aria-pressed") != "true":
            with self.page.expect_navigation():
                button.click()

    def findings(self, *, colours_only: bool = False) -> list[str]:
        """What axe finds that is serious: the rule, what it says, and where."""
        if not self.page.evaluate("() => Boolean(window.axe)"):
            # Through the debugger, not as a script of the page: the page's own policy stays as it is.
            self.page.evaluate(AXE.read_text("utf-8") + "\n;undefined")
        rules = ", runOnly: ['color-contrast']" if colours_only else ""
        found = self.page.evaluate(f"() => axe.run(document, {{resultTypes: ['violations']{rules}}})")
        return [
            f"{rule['id']}: {rule['help']} at {node['target']}: {re.sub(chr(10), ' ', node['html'])[:160]}"
            for rule in found["violations"]
            if rule["impact"] in SERIOUS
            for node in rule["nodes"]
        ]

    def too_wide(self) -> list[str]:
        """What reaches over the right edge of the window."""
        wide: list[str] = self.page.evaluate(WIDER_THAN_THE_WINDOW)
        return wide

    def weight(self) -> int:
        """The bytes that came over the line since the last time this was asked, heads and packing included."""
        total, self.n_bytes = self.n_bytes, 0
        return total

    def take(self, name: str) -> None:
        """Take a picture for the manual (`./dev pictures`); otherwise see that the manual has it."""
        path = PICTURES / f"{name}.png"
        if os.environ.get("SARANA_PICTURES") == "write":
            path.parent.mkdir(exist_ok=True)
            self.page.screenshot(path=path)
        assert path.is_file(), f"the manual lacks {path.name}: run ./dev pictures"


@contextmanager
def visiting(
    browser: Browser, stage: Stage, *, width: int = 1280, scheme: str = "light", is_touched: bool = False
) -> Iterator[Visitor]:
    """A browser of somebody's own; gives no way to pass over a complaint or a request that went elsewhere."""
    size: Any = {"width": width, "height": 900}
    context = browser.new_context(viewport=size, color_scheme=scheme, has_touch=is_touched)  # type: ignore[arg-type]
    page = context.new_page()
    visitor = Visitor(stage, context, page)
    page.on("console", lambda m: m.type in ("error", "warning") and _complain(visitor, m.text))
    page.on("pageerror", lambda e: _complain(visitor, str(e)))
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    line.on("Network.loadingFinished", lambda told: _weigh(visitor, told["encodedDataLength"]))
    context.on("request", lambda r: visitor.strangers.add(urlsplit(r.url).netloc))
    yield visitor
    context.close()


def _complain(visitor: Visitor, text: str) -> None:
    """What the browser says, without what its drawing of maps in software says of itself."""
    if "GL Driver Message" not in text and "the server responded with a status of" not in text:
        visitor.complaints.append(text)


def _weigh(visitor: Visitor, n_bytes: float) -> None:
    visitor.n_bytes += int(n_bytes)
