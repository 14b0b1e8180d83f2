"""People with browsers who save: each in a thread, over HTTP, signed in before the server they ask was started."""

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from http.client import HTTPException
from uuid import UUID, uuid4

from makers.serving import Browser


@dataclass(slots=True)
class Person:
    """Somebody who makes one agency after another under her own, and looks what became of a form without an answer."""

    page: str
    cookies: dict[str, str]
    kept: list[str] = field(default_factory=list)
    unanswered: str = ""
    cut: int = 0
    done_all_the_same: int = 0
    odd: list[str] = field(default_factory=list)

    def save_until_nobody_answers(self, port: int) -> None:
        """Look whether what was cut is done, then fill in one form after another."""
        browser = Browser(port, self.cookies)
        try:
            if self.unanswered:
                self._look(browser)
            while True:
                self._save(browser)
        except (OSError, HTTPException):
            self.cut += bool(self.unanswered)

    def _look(self, browser: Browser) -> None:
        """The page of what was sent: it is there as a whole, or nobody knows it."""
        seen = browser.get(_made(self.unanswered)).status
        if seen == 200:
            self.done_all_the_same += 1
            self.kept.append(UUID(self.unanswered).hex)
        elif seen != 404:
            self.odd.append(f"looked: {seen}")
        self.unanswered = ""

    def _save(self, browser: Browser) -> None:
        """One form, as its page gives it; it counts as kept once the answer leads to what was made."""
        hidden = browser.words_of(self.page)
        form = {**hidden, "name": f"Agency {uuid4().hex}", "kind": "shelter", "country": "TH"}
        self.unanswered = form.get("once", "")
        said = browser.send(self.page, form)
        if said.status == 302 and said.headers["location"] == _made(self.unanswered):
            self.kept.append(UUID(self.unanswered).hex)
        else:
            self.odd.append(f"{said.status} {' '.join(re.findall(r'[A-Z]+-[0-9]{3}', said.text))}")
        self.unanswered = ""


def _made(ref: str) -> str:
    return f"/settings/agencies/{ref}/"


def save_together(people: Sequence[Person], port: int) -> list[threading.Thread]:
    """Let all of them save, each in a thread; they end when nobody answers any more."""
    threads = [threading.Thread(target=each.save_until_nobody_answers, args=(port,)) for each in people]
    for thread in threads:
        thread.start()
    return threads
