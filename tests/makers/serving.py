"""The web of an installation, started as its operator starts it, and browsers that know nothing but HTTP."""

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlencode

from makers.installed import COMMAND, Installed, free_port, kill, until

STARTS_WITHIN = 60.0
FORM_WORD = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')

FORM = "application/x-www-form-urlencoded"
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; the names of headers in small letters."""

    status: int
    headers: Mapping[str, str]
    text: str


@dataclass(slots=True)
class Browser:
    """Asks one server, and keeps its cookies."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Answer:
        """Ask for a page."""
        return self._ask("GET", path)

    def post(self, path: str, form: Mapping[str, str], *, page: str = "") -> Answer:
        """Send a form as the page that holds it would, with its word against forgery."""
        word = FORM_WORD.search(self.get(page or path).text)
        assert word is not None, f"{page or path} holds no form"
        return self.send(path, {**form, "csrfmiddlewaretoken": word[1]})

    def words_of(self, page: str) -> dict[str, str]:
        """The hidden words of the last form of a page, as its browser would send them."""
        return dict(HIDDEN.findall(self.get(page).text))

    def send(self, path: str, form: Mapping[str, str]) -> Answer:
        """Send just this, without asking for a page first."""
        return self._ask("POST", path, urlencode(form))

    def send_content(self, path: str, kind: str, content: bytes) -> Answer:
        """Send content of any kind."""
        return self._ask("POST", path, content, kind)

    def ask_with(self, path: str, headers: Mapping[str, str]) -> Answer:
        """Ask for a page with headers of one's own, which go before the usual ones."""
        return self._ask("GET", path, more=headers)

    def _ask(
        self, method: str, path: str, body: str | bytes = b"", kind: str = FORM, more: Mapping[str, str] | None = None
    ) -> Answer:
        asking = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            headers = {
                "Host": f"localhost:{self.port}",
                "Origin": f"http://localhost:{self.port}",
                "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            }
            if body:
                headers["Content-Type"] = kind
            headers |= more or {}
            asking.request(method, path, body or None, headers)
            got = asking.getresponse()
            self._keep(got)
            found = {name.lower(): value for name, value in got.getheaders()}
            return Answer(got.status, found, got.read().decode(errors="replace"))
        finally:
            asking.close()

    def _keep(self, got: HTTPResponse) -> None:
        for name, value in got.getheaders():
            if name.lower() == "set-cookie":
                cookie, _, word = value.split(";")[0].partition("=")
                self.cookies[cookie] = word.strip('"')


@contextmanager
def served(
    installed: Installed, *words: str, told: Path | None = None
) -> Iterator[tuple[Browser, subprocess.Popen[str]]]:
    """The web of an installation while the test goes on, and a browser at its door.

    All that it says goes to a file if one is named: what is said into a pipe that nobody reads would hold it up.
    """
    port = free_port()
    with told.open("w") if told else nullcontext() as said:
        process = subprocess.Popen(
            [sys.executable, "-c", COMMAND, "serve", "--port", str(port), *words],
            env=installed.environment,
            stdout=said or subprocess.DEVNULL,
            stderr=said or subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
    with process:
        try:
            wait_until_healthy(port, process)
            yield Browser(port), process
        finally:
            kill(process)


def child_of(server: int) -> int:
    """The process that answers: the child of the server with the most threads."""
    return max(children_of(server), key=lambda pid: len(list(Path(f"/proc/{pid}/task").iterdir())))


def children_of(server: int) -> list[int]:
    """All processes that answer for a server."""
    children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    found = {pid: Path(f"/proc/{pid}/task") for pid in map(int, children)}
    # A child that serves has threads beside its first; one that ends has them no more.
    return [pid for pid, tasks in found.items() if tasks.exists() and len(list(tasks.iterdir())) > 1]


def wait_until_healthy(port: int, process: subprocess.Popen[str]) -> float:
    """How many seconds it took until the health address said `ok`."""
    for passed in until(STARTS_WITHIN, step=0.02):
        assert process.poll() is None, process.stderr and process.stderr.read()
        try:
            if Browser(port).get("/health/").text == "ok":
                return passed
        except OSError:
            continue
    raise AssertionError(f"it did not start within {STARTS_WITHIN} seconds")
