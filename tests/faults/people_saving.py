"""People with browsers who save: each in a thread, over HTTP, signed in before the server they ask was started."""

import html
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from http.client import HTTPException
from uuid import uuid4

from makers.serving import Answer, Browser

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
SENT_TWICE = "This was made already"


@dataclass(slots=True)
class Person:
    """Somebody who makes one agency after another under her own, and keeps a form that was not answered."""

    page: str
    cookies: dict[str, str]
    kept: list[str] = field(default_factory=list)
    unanswered: dict[str, str] = field(default_factory=dict)
    cut: int = 0
    odd: list[str] = field(default_factory=list)

    def save_until_nobody_answers(self, port: int) -> None:
        """Send the form that was not answered once more, as people do; then fill in new ones."""
        browser = Browser(port, self.cookies)
        try:
            while True:
                self.unanswered = self.unanswered or self._form(browser.get(self.page))
                self._send(browser)
        except (OSError, HTTPException):
            self.cut += bool(self.unanswered)

    def _form(self, page: Answer) -> dict[str, str]:
        """A form with what the page hides in it, and what a person fills in."""
        hidden = {name: html.unescape(value) for name, value in HIDDEN.findall(page.text)}
        if page.status != 200 or "once" not in hidden:
            raise HTTPException(f"no form: {page.status}")
        return {**hidden, "name": f"Agency {uuid4().hex}", "kind": "shelter", "country": "TH"}

    def _send(self, browser: Browser) -> None:
        """Send the form; it counts as kept once the answer says so."""
        said = browser.send(self.page, self.unanswered)
        made = f"/settings/agencies/{self.unanswered['once']}/"
        if said.headers.get("location") == made or SENT_TWICE in said.text:
            self.kept.append(self.unanswered["once"].replace("-", ""))
        else:
            codes = " ".join(re.findall(r"[A-Z]+-[0-9]{3}", said.text))
            self.odd.append(f"{said.status} {said.headers.get('location', '')} {codes}")
        self.unanswered = {}


def save_together(people: Sequence[Person], port: int) -> list[threading.Thread]:
    """Let all of them save, each in a thread; they end when nobody answers any more."""
    threads = [threading.Thread(target=each.save_until_nobody_answers, args=(port,)) for each in people]
    for thread in threads:
        thread.start()
    return threads
