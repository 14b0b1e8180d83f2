"""Looks at every page of the web as the people who use it see it, and writes down what a machine can find wrong.

    ./dev scale looks [--only WALK …] [--out FOLDER]

A demonstration is set up and served; people of several roles, one who comes for the first time and one who makes
mistakes go through it in English and Thai, on a telephone (360 px, touched) and at a desk (1280 px), light and dark.
Pictures go to a folder that is not committed; what was found goes to `reference/looks-run.toml`, and from there
`./dev fix` makes a page of the manual. Every address of the house has to have been looked at, or be among those that
have no page.
"""

import argparse
import collections
import datetime as dt
import itertools
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import django
from django.urls import resolve
from playwright.sync_api import Browser, Error

from bench.looking import WIDE, Looker, a_browser
from journeys.seeing import NARROW
from journeys.stage import Stage, serving, visiting
from journeys.test_first_coming import PASSPHRASE, plug_in
from makers.addresses import addresses

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "reference/looks-run.toml"
HEAD = "# What the last look at every page found. Written by `./dev scale looks`; not to be changed by hand.\n"
LANGUAGES = ("en", "th")
WIDTHS = (NARROW, WIDE)

NO_PAGE = frozenset(
    {
        "health",
        "desk:shapes",
        "pages:language",
        "pages:scheme",
        "accounts:here",
        "accounts:end-sitting",
        "accounts:end-other-sittings",
        "accounts:remove-factor",
        "accounts:close-agency",
        "accounts:open-agency",
        "accounts:withdraw",
        "accounts:end-membership",
        "accounts:end-account",
        "accounts:way-back",
        "accounts:invitation",
        "words:agree",
        "words:object",
        "words:carry-out",
        "account_logout",
        "mfa_login_webauthn",
        "demonstration-enter",
        "demonstration-report",
    }
)
"""Addresses that only take a form or speak to machines; what they answer leads to a page that is looked at."""

ADMINISTRATOR, OFFICER = "Organisation administrator", "Data-protection officer"


def main(arguments: Sequence[str]) -> int:
    """Go through the pages, keep what was found, and say it."""
    asked = argparse.ArgumentParser(prog="./dev scale looks", description=__doc__)
    asked.add_argument("--only", nargs="*", choices=sorted(WALKS), help="these walks; nothing is kept then")
    asked.add_argument("--out", type=Path, default=ROOT / "demo/looks", help="where the pictures go")
    given = asked.parse_args(arguments)
    shutil.rmtree(given.out, ignore_errors=True)
    given.out.mkdir(parents=True)
    walks = given.only or list(WALKS)
    with ProcessPoolExecutor(len(LANGUAGES)) as both:
        looked = list(both.map(_looked, LANGUAGES, [walks] * len(LANGUAGES), [given.out] * len(LANGUAGES)))
    found: dict[str, list[str]] = collections.defaultdict(list)
    for seen, _unseen_there in looked:
        for name, wrong in seen.items():
            found[name] += wrong
    unseen = sorted(set.intersection(*(set(there) for _seen, there in looked)))
    _say(found)
    if not given.only:
        if unseen:
            print(f"looks: nobody looked at {', '.join(unseen)}.", file=sys.stderr)
        KEPT.write_text(written(found, unseen, on=dt.datetime.now(dt.UTC).date(), commit=_commit()), encoding="utf-8")
    print(f"Pictures: {given.out}")
    return int(any(found.values()) or (bool(unseen) and not given.only))


def _looked(language: str, walks: Sequence[str], folder: Path) -> tuple[dict[str, list[str]], list[str]]:
    """Go all walks in one language, on a demonstration of its own: what was found, and what nobody looked at."""
    found: dict[str, list[str]] = collections.defaultdict(list)
    paths: set[str] = set()
    with tempfile.TemporaryDirectory() as own, serving(Path(own)) as stage, a_browser() as browser:
        for width, name in itertools.product(WIDTHS, walks):
            looker = _walked(browser, stage, (name, language, width), folder)
            paths |= looker.paths
            for page, wrong in looker.seen.items():
                found[page] += [f"{language} {width}: {each}" for each in wrong]
        return dict(found), _unseen(stage, paths)


def _say(found: Mapping[str, Sequence[str]]) -> None:
    for name, wrong in found.items():
        for each in dict.fromkeys(wrong):
            print(f"{name}: {each}")
    n_wrong = sum(1 for wrong in found.values() if wrong)
    print(f"{len(found)} pages looked at in 8 ways each; something is wrong on {n_wrong}.")


def written(found: Mapping[str, Sequence[str]], unseen: Sequence[str], *, on: dt.date, commit: str) -> str:
    """What was found, as it is kept."""
    lines = [HEAD, f"on = {on}", f'commit = "{commit}"', f"unseen = {json.dumps(list(unseen))}", "", "[pages]"]
    lines += [
        f"{name} = {json.dumps(list(dict.fromkeys(wrong)), ensure_ascii=False)}"
        for name, wrong in sorted(found.items())
    ]
    return "\n".join(lines) + "\n"


def _commit() -> str:
    done = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or "unknown"


def _walked(browser: Browser, stage: Stage, walk: tuple[str, str, int], folder: Path) -> Looker:
    """Go one walk; where it breaks off, that is what was found."""
    name, language, width = walk
    print(f"{name}, {language}, {width} px", file=sys.stderr)
    with visiting(browser, stage, width=width, is_touched=width == NARROW) as visitor:
        looker = Looker(visitor, language, width, folder)
        try:
            WALKS[name](looker)
        except (Error, LookupError, StopIteration) as err:
            looker.seen[f"walk-{name}"] = [f"broke off: {str(err).splitlines()[0]} at {visitor.page.url}"]
    return looker


def _unseen(stage: Stage, paths: set[str]) -> list[str]:
    """The names of the addresses at which nobody looked."""
    os.environ |= {
        "SARANA_MODE": "demo",
        "SARANA_HOME": str(stage.home),
        "SARANA_KEYS": str(stage.home.parent / "keys"),
        "DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "sarana.config.web.settings",
    }
    django.setup()
    known = {address.name for address in addresses()}
    seen = {resolve(path).view_name for path in paths if path != "/nowhere/"}
    return sorted(known - seen - NO_PAGE)


def enters(looker: Looker, role: str) -> None:
    """Come in as a role, in the language of this walk."""
    looker.visitor.enter_as(role)
    looker.visitor.read_in(looker.language)


def sends(looker: Looker, **fields: str) -> None:
    """Send the form of the page, with these fields filled in."""
    page = looker.visitor.page
    for name, value in fields.items():
        page.locator(f"main [name={name}]").first.fill(value)
    with page.expect_navigation():
        page.evaluate("() => [...document.querySelectorAll('main form[method=post] button.primary')].at(-1).click()")


def follows(looker: Looker, begins: str, *, but: str = "") -> str:
    """The first address on the page that begins so."""
    hrefs: list[str] = looker.visitor.page.evaluate(
        "() => [...document.querySelectorAll('main a[href]')].map(a => a.getAttribute('href'))"
    )
    return next(href for href in hrefs if href.startswith(begins) and href != begins and (not but or but not in href))


def nobody(looker: Looker) -> None:
    """Somebody who is not signed in."""
    looker.visitor.open("/demonstration/")
    looker.visitor.read_in(looker.language)
    looker.look("demonstration")
    looker.open("/sign-in/", "sign-in")
    sends_passphrase(looker, "nobody-here")
    looker.look("sign-in-wrong")
    looker.open("/invitation/no-such-word/", "invitation-gone")
    looker.open("/invitation/", "invitation-none")
    looker.open("/switch/locked/", "locked")
    looker.open("/sign-in/ended/", "account-ended")


def sends_passphrase(looker: Looker, name: str) -> None:
    """Sign in with the passphrase of these walks."""
    page = looker.visitor.page
    page.fill("[name=login]", name)
    page.fill("[name=password]", PASSPHRASE)
    with page.expect_navigation():
        page.press("[name=password]", "Enter")


def officer(looker: Looker) -> None:
    """The data-protection officer: Today, who looked, what this system does."""
    enters(looker, OFFICER)
    looker.open("/", "today-officer")
    for name in ("mine", "questions", "team", "kept"):
        looker.open(f"/looked/{name}/", f"looked-{name}")
    looker.open("/looked/", "looked")
    act = follows(looker, "/looked/act/")
    looker.open(act, "looked-act")
    looker.open("/looked/?since=2020-01-01&until=2020-01-02", "looked-nothing")
    looker.open("/looked/?since=tomorrow", "looked-wrong-filter")
    looker.open("/settings/agencies/", "agencies-officer")
    agency = follows(looker, "/settings/agencies/", but="/map/")
    looker.open(f"/looked/thing/{agency.split('/')[3]}/", "looked-thing")
    looker.open("/looked/thing/00000000-0000-4000-8000-000000000000/", "looked-thing-none")
    looker.open("/search/?q=demo", "search-found")
    looker.open("/search/?q=zzzz", "search-nothing")
    looker.open("/search/?q=z", "search-short")
    looker.open("/search/", "search-empty")
    looker.open("/system/", "system")
    looker.open("/system/cost/", "system-cost")
    looker.open("/system/activity/", "activity")
    looker.open("/system/activity/?of=agency", "activity-agency")
    looker.open("/settings/", "settings-officer")
    looker.open("/settings/agencies/map/", "map")
    looker.open("/nowhere/", "not-found")


def administrator(looker: Looker) -> None:
    """The administrator: agencies, people, roles, second words, and every form with what is wrong in it."""
    enters(looker, ADMINISTRATOR)
    looker.open("/", "today-administrator")
    looker.open("/settings/", "settings")
    looker.open("/settings/agencies/", "agencies")
    page = looker.visitor.page
    agency = page.get_by_role("link", name=OWN_AGENCY[looker.language]).first.get_attribute("href") or ""
    looker.open(agency, "agency")
    looker.open(follows(looker, "/settings/people/"), "person")
    for name, fields in (
        ("make", {}),
        ("change", {"name": "", "areas": "x"}),
        ("invite", {}),
        ("give", {"sign_in_name": "zzzz"}),
    ):
        looker.open(f"{agency}{name}/", f"agency-{name}")
        sends(looker, **fields)
        looker.look(f"agency-{name}-wrong")
    looker.visitor.open(f"{agency}invite/", until="load")
    page.locator("main select[name=role]").select_option("analyst")
    sends(looker, name="Noi Invented")
    looker.look("invitation-link")
    looker.open(
        page.locator("#link").inner_text().partition("localhost")[2].partition("/")[2].join(["/", ""]),
        "invitation-occupied",
    )
    looker.open("/settings/words/", "second-words")
    looker.open("/settings/words/propose/", "second-words-propose")
    with page.expect_navigation():
        page.locator("main form button.primary").first.click()
    looker.look("second-words-proposed")
    looker.open("/settings/words/", "second-words-one")
    looker.open("/switch/", "switch")
    looker.open("/looked/team/", "team-administrator")


OWN_AGENCY = {"en": "Demo provincial centre", "th": "ศูนย์จังหวัดตัวอย่าง"}


def caseworker(looker: Looker) -> None:
    """A case worker, for whom little is here yet, and what is refused to her."""
    enters(looker, "Case worker")
    looker.open("/", "today-case-worker")
    looker.open("/settings/", "settings-case-worker")
    looker.open("/settings/agencies/", "agencies-case-worker")
    looker.open(follows(looker, "/settings/agencies/", but="/map/"), "agency-case-worker")
    looker.open("/looked/mine/", "looked-mine-case-worker")
    looker.open("/me/", "me-demonstration")
    looker.open("/settings/words/propose/", "refused")


def newcomer(looker: Looker) -> None:
    """Somebody who is invited, chooses a passphrase, sets up a key and codes, and signs in with each."""
    plug_in(looker.visitor)
    enters(looker, ADMINISTRATOR)
    page = looker.visitor.page
    looker.visitor.open("/settings/agencies/")
    agency = page.get_by_role("link", name=OWN_AGENCY[looker.language]).first.get_attribute("href") or ""
    looker.visitor.open(f"{agency}invite/")
    page.locator("main select[name=role]").select_option("data-specialist")
    sends(looker, name="Noi Invented")
    link = page.locator("#link").inner_text()
    looker.visitor.open("/switch/")
    sends(looker)
    page.goto(link)
    looker.visitor.read_in(looker.language)
    looker.look("coming")
    sends(looker, sign_in_name="a", passphrase="short", again="other")  # noqa: S106
    looker.look("coming-wrong")
    name = f"noi-{looker.language}-{looker.width}"
    page.locator("[name=language]").last.evaluate("(e, l) => e.value = l", looker.language)
    sends(looker, sign_in_name=name, passphrase=PASSPHRASE, again=PASSPHRASE)
    looker.look("first-factor")
    looker.open("/me/code-app/", "add-code-app")
    sends(looker, code="000000")
    looker.look("add-code-app-wrong")
    looker.open("/me/sheet/", "make-sheet")
    sends(looker)
    looker.look("sheet")
    codes = page.locator("ol.sheet code").all_inner_texts()
    looker.open("/me/key/", "add-key")
    with page.expect_navigation():
        page.locator("[data-key]").click()
    page.wait_for_load_state("load")
    looker.open("/me/", "me")
    sends(looker, name="")
    looker.look("me-wrong")
    looker.open("/me/passphrase/", "passphrase")
    sends(looker)
    looker.look("passphrase-wrong")
    asks_again(looker, name, codes)


def asks_again(looker: Looker, name: str, codes: Sequence[str]) -> None:
    """Sign in with a code, be asked once more before factors are changed, and send a form whose sitting has ended."""
    page = looker.visitor.page
    looker.visitor.open("/switch/")
    sends(looker)
    looker.visitor.open("/sign-in/")
    sends_passphrase(looker, name)
    looker.look("second-factor")
    sends(looker, code="000000")
    looker.look("second-factor-wrong")
    sends(looker, code=codes[0])
    page.wait_for_load_state("load")
    for way, shown in (("", "again"), ("code/", "again-code"), ("key/", "again-key")):
        looker.open(f"/sign-in/again/{way}?next=/me/", shown)
    looker.visitor.open("/me/", until="load")
    page.context.clear_cookies(name="sarana")
    sends(looker, name="Noi, typed while the sitting ended")
    looker.look("sitting-ended")


def faults(looker: Looker) -> None:
    """A mistake of ours, and a database that has trouble: a table is put away for a moment."""
    enters(looker, ADMINISTRATOR)
    (base,) = looker.visitor.stage.home.glob("*.sqlite3")
    with sqlite3.connect(base) as line:
        line.execute("ALTER TABLE words_proposal RENAME TO put_away")
        line.commit()
        try:
            looker.open("/settings/words/", "our-mistake")
        finally:
            line.execute("ALTER TABLE put_away RENAME TO words_proposal")
            line.commit()


WALKS: dict[str, Callable[[Looker], None]] = {
    "nobody": nobody,
    "officer": officer,
    "administrator": administrator,
    "caseworker": caseworker,
    "newcomer": newcomer,
    "faults": faults,
}
