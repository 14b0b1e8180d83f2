"""What serving costs: seconds to the first page, memory at rest, answers under a small load.

    ./dev bench serve

Today (as the first role of a demonstration), the sign-in page, and beside them a plain page of Django that says hello,
all in one run, on the same machine, by the same kind of server. The numbers are of this machine and this hour.
Then what a browser has to fetch, over a line as slow as those of the field (400 kbit/s, 400 ms there and back): a
first visit, and pages after it.
"""

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.looking import a_browser
from journeys.stage import Stage, visiting
from makers.installed import Installed, free_port, kill
from makers.serving import Browser, served, wait_until_healthy

CLIENTS = 4
SLOW = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
"""A line of 400 kbit/s, with 400 ms there and back."""
QUIET_SECONDS = 0.5
"""For so long a page has to be quiet before it counts as there."""
PAGES = {
    "/demonstration/": 200_000,
    "/": 40_000,
    "/settings/": 40_000,
    "/looked/mine/": 40_000,
    "/system/": 40_000,
}
"""What may be fetched: a first visit, and pages after it, with nothing of a map."""
SETTLED_SECONDS = 5.0
HELLO = """
from django.conf import settings
settings.configure(SECRET_KEY="x" * 50, ALLOWED_HOSTS=["localhost"], ROOT_URLCONF=__name__)
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path
urlpatterns = [path("", lambda request: HttpResponse("ok")), path("health/", lambda request: HttpResponse("ok"))]
application = get_wsgi_application()
"""
SERVE_HELLO = """
import sys
from granian import Granian
from granian.constants import Interfaces
Granian("hello:application", address="127.0.0.1", port=int(sys.argv[1]), interface=Interfaces.WSGI, workers=1,
        blocking_threads=4, websockets=False, log_access=False, log_enabled=False).serve()
"""


def main(arguments: Sequence[str]) -> int:
    """Measure, and print."""
    asked = argparse.ArgumentParser(prog="./dev bench serve", description=__doc__)
    asked.add_argument("--requests", type=int, default=400, help="for each page")
    given = asked.parse_args(arguments)
    load = os.getloadavg()[0]
    print(f"{os.cpu_count()} cores, load {load:.1f}; {CLIENTS} clients at once, {given.requests} requests a page.")
    print(f"{'what':<28}{'first page s':>14}{'CPU s':>8}{'idle MiB':>10}{'p50 ms':>9}{'p95 ms':>9}")
    with tempfile.TemporaryDirectory() as folder:
        with hello(Path(folder)) as (browser, process, seconds):
            start = Start(seconds, cpu_seconds(process), _idle(process))
            _row("plain Django hello", start, answers(browser, "/", given.requests))
        installed = demonstration(Path(folder))
        began = time.monotonic()
        with served(installed) as (browser, process):
            start = Start(time.monotonic() - began, cpu_seconds(process), _idle(process))
            _row("sign-in page", start, answers(browser, "/sign-in/", given.requests))
            enter(browser)
            _row("Today", start, answers(browser, "/", given.requests))
            return weigh(Stage(f"http://localhost:{browser.port}", installed.home))
    return 0


def weigh(stage: Stage) -> int:
    """Say what a browser fetches, and fail where it is more than the house allows itself."""
    print(f"\n{'over the line':<42}{'kB':>8}{'allowed':>9}{'seconds':>9}")
    is_heavy = False
    with a_browser() as browser, visiting(browser, stage) as visitor:
        line = visitor.context.new_cdp_session(visitor.page)
        line.send("Network.enable")
        line.send("Network.emulateNetworkConditions", SLOW)
        for language in ("en", "th"):
            visitor.context.clear_cookies()
            line.send("Network.clearBrowserCache")
            for path, allowed in PAGES.items():
                began = time.monotonic()
                visitor.open(path)
                seconds = time.monotonic() - began - QUIET_SECONDS
                n_bytes = visitor.weight()
                print(f"{language + ' ' + path:<42}{n_bytes / 1000:>8.1f}{allowed / 1000:>9.0f}{seconds:>9.1f}")
                is_heavy |= n_bytes > allowed
                if path == "/demonstration/":
                    visitor.page.evaluate(
                        "l => document.querySelector(`[name=language][value=${l}]`).click()", language
                    )
                    visitor.page.wait_for_load_state("networkidle")
                    with visitor.page.expect_navigation():
                        visitor.page.locator("main td button").first.click()
                    visitor.page.wait_for_load_state("networkidle")
                    visitor.weight()
    return int(is_heavy)


@dataclass(frozen=True, slots=True)
class Start:
    """What a start cost: seconds to the first page, processor seconds of those, memory at rest in MiB."""

    seconds: float
    cpu_seconds: float
    idle_mib: float


def _row(what: str, start: Start, took: Sequence[float]) -> None:
    ordered = sorted(took)
    p95 = ordered[int(0.95 * len(ordered))] * 1000
    cost = f"{start.seconds:>14.2f}{start.cpu_seconds:>8.2f}{start.idle_mib:>10.0f}"
    print(f"{what:<28}{cost}{statistics.median(took) * 1000:>9.1f}{p95:>9.1f}")


@contextmanager
def hello(folder: Path) -> Iterator[tuple[Browser, subprocess.Popen[str], float]]:
    """The plainest page of Django, served in the same way."""
    (folder / "hello.py").write_text(HELLO)
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE_HELLO, str(port)],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(folder)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    with process:
        try:
            seconds = wait_until_healthy(port, process)
            yield Browser(port), process, seconds
        finally:
            kill(process)


def demonstration(folder: Path) -> Installed:
    """A demonstration, set up and with its accounts."""
    (folder / "home").mkdir(mode=0o700)
    settings = {"SARANA_MODE": "demo", "DJANGO_SETTINGS_MODULE": "sarana.config.web.settings"}
    installed = Installed(folder / "home", folder / "keys", more=settings)
    installed.sarana("setup")
    installed.sarana("demo")
    return installed


def enter(browser: Browser) -> None:
    """Choose the first role."""
    addresses = re.findall(r"/demonstration/[0-9a-f-]{36}/", browser.get("/demonstration/").text)
    answer = browser.post(addresses[0], {}, page="/demonstration/")
    assert answer.status == 302, answer.status


def answers(browser: Browser, path: str, requests: int) -> list[float]:
    """The seconds of each of so many requests, made by a few clients at once."""
    took: list[float] = []

    def ask() -> None:
        mine = Browser(browser.port, dict(browser.cookies))
        for _ in range(requests // CLIENTS):
            began = time.monotonic()
            answer = mine.get(path)
            took.append(time.monotonic() - began)
            assert answer.status == 200, (path, answer.status)

    ask_once = Browser(browser.port, dict(browser.cookies)).get(path)
    assert ask_once.status == 200, (path, ask_once.status, ask_once.headers.get("location"))
    threads = [threading.Thread(target=ask) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return took


def cpu_seconds(process: subprocess.Popen[str]) -> float:
    """The processor seconds of all processes of a group: they hang less on what else the machine does."""
    told = (_read(folder / "stat").rpartition(")")[2].split() for folder in group(process))
    ticks = sum(sum(map(int, each[11:15])) for each in told)
    return ticks / os.sysconf("SC_CLK_TCK")


def _idle(process: subprocess.Popen[str]) -> float:
    time.sleep(SETTLED_SECONDS)
    return resident_mib(process)


def resident_mib(process: subprocess.Popen[str]) -> float:
    """The memory of all processes of a group, in MiB: their own and their share of the rest."""
    found = (re.search(r"^Pss:\s+(\d+)", _read(folder / "smaps_rollup"), re.MULTILINE) for folder in group(process))
    return sum(int(kib[1]) for kib in found if kib) / 1024


def group(process: subprocess.Popen[str]) -> list[Path]:
    """The processes of a group that are there now; others of the machine may end while they are looked at."""
    told = ((folder, _read(folder / "stat").rpartition(")")[2].split()) for folder in Path("/proc").glob("[0-9]*"))
    return [folder for folder, each in told if len(each) > 2 and int(each[2]) == process.pid]


def _read(file: Path) -> str:
    try:
        return file.read_text()
    except OSError:
        return ""
