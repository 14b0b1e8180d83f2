"""F-15: the same form, sent two to five times at once to the running server: exactly one record each."""

import random
import re
import threading
from collections import Counter
from collections.abc import Callable

import pytest

from makers.counted import Counted
from makers.installed import Installed
from makers.serving import Answer, Browser, served

MEMBERSHIP = re.compile(r"/settings/people/([0-9a-f-]{36})/")
PERSON = "Demo: Case worker"


def a_demonstration(made: Installed) -> Installed:
    """The same installation with demonstration accounts."""
    demo = Installed(made.home, made.keys, made.database_url, more={"SARANA_MODE": "demo"})
    demo.sarana("setup")
    demo.sarana("demo")
    return demo


def come_in(browser: Browser) -> None:
    """Sit down as the demonstration's administrator."""
    page = browser.get("/demonstration/").text
    rows = [row for row in page.split("<tr>") if "Organisation administrator" in row]
    enter = re.search(r'action="([^"]+)"', rows[0])
    assert enter is not None
    assert browser.post(enter[1], {}, page="/demonstration/").status == 302


def person_of(browser: Browser) -> str:
    """The page of somebody who has to be let back."""
    rows = [row for row in browser.get("/settings/").text.split("<tr>") if PERSON in row]
    found = MEMBERSHIP.search(rows[0])
    assert found is not None
    return found[0]


def at_once(browser: Browser, n: int, path: str, form: dict[str, str]) -> list[Answer]:
    """The same form so many times at the same moment, as a browser sends it that was clicked again and again."""
    together, answers = threading.Barrier(n), list[Answer]()

    def send() -> None:
        sender = Browser(browser.port, dict(browser.cookies))
        together.wait()
        answers.append(sender.send(path, form))

    threads = [threading.Thread(target=send) for _ in range(n)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.check("F-15")
def test_f_15_a_form_that_is_sent_twice_is_done_once(installed: Installed, counted: Counted) -> None:
    demo = a_demonstration(installed)
    dice, done = random.Random(4), Counter[str]()
    with served(demo) as (browser, _process):
        come_in(browser)
        person = person_of(browser)
        ways: dict[str, Callable[[int], tuple[str, str, dict[str, str]]]] = {
            "accounts.way-back-offered": lambda _n: (person, f"{person}way-back/", {}),
            "accounts.own-changed": lambda n: ("/me/", "/me/", {"name": f"N {n}", "language": "en", "calendar": "ce"}),
        }
        before = Counter(dict(demo.rows("SELECT action, count(*) FROM ledger_entry GROUP BY action")))
        for number in range(counted("forms", 1000, least=10)):
            act = list(ways)[number % len(ways)]
            page, path, form = ways[act](number)
            answers = at_once(browser, dice.randrange(2, 6), path, {**browser.words_of(page), **form})
            done[act] += 1
            assert {answer.status for answer in answers} <= {200, 302}, [answer.text for answer in answers]
            assert sum(answer.status == 200 for answer in answers) <= 1, "the link was shown twice"
        after = Counter(dict(demo.rows("SELECT action, count(*) FROM ledger_entry GROUP BY action")))
    assert {act: after[act] - before[act] for act in ways} == dict(done)


@pytest.mark.check("F-15")
def test_what_was_not_done_can_be_sent_again_and_what_was_done_leads_on(on_sqlite: Installed) -> None:
    demo = a_demonstration(on_sqlite)
    with served(demo) as (browser, _process):
        come_in(browser)
        words = browser.words_of("/me/")
        wrong = {**words, "name": "", "language": "en", "calendar": "ce"}
        assert browser.send("/me/", wrong).status == 200, "an error in the form shows it again"
        right = {**wrong, "name": "Her new name"}
        assert browser.send("/me/", right).status == 302
        again = browser.send("/me/", {**right, "name": "Another name"})
        assert (again.status, again.headers["location"]) == (302, "/me/")
        page = browser.get("/me/").text
        assert "It was done once." in page
        assert "Her new name" in page
        assert "Another name" not in page
