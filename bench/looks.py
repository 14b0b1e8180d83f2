"""Looks at every page of the web as the people who use it see it, and writes down what a machine can find wrong.

    ./dev scale looks [--only WALK …] [--languages en th] [--at-once 2] [--out FOLDER]

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
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import django
from django.urls import Resolver404, resolve
from playwright.sync_api import Browser, Error

from bench.looking import WIDE, Looker, a_browser
from bench.walks import WALKS as OTHER_WALKS
from bench.walks_of_areas import planner
from bench.walks_of_joining import joiner
from bench.walks_of_many import many
from bench.walks_of_pairs import reviewer
from bench.walks_of_people import beginner, helper, leader
from bench.walks_of_photographs import photographer
from bench.walks_of_rollup import nation
from bench.walks_of_sets import arguer
from bench.walks_of_sources import specialist
from journeys.seeing import NARROW
from journeys.stage import Stage, serving, visiting
from makers.addresses import addresses

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "reference/looks-run.toml"
HEAD = "# What the last look at every page found. Written by `./dev scale looks`; not to be changed by hand.\n"
LANGUAGES = ("en", "th")
WALKS = {
    **OTHER_WALKS,
    "planner": planner,
    "specialist": specialist,
    "nation": nation,
    "reviewer": reviewer,
    "arguer": arguer,
    "beginner": beginner,
    # The invented people are entered where nobody is kept yet: with the way of those who join records.
    "joiner": joiner,
    "helper": helper,
    "leader": leader,
    "photographer": photographer,
    "many": many,
}
WIDTHS = (NARROW, WIDE)
ALONE = frozenset({"nation", "reviewer"})
"""Walks with a demonstration of their own: a second table of a province is taken in only beside the first."""

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
        "accounts:tie",
        "accounts:untie",
        "breaches:close",
        "breaches:count",
        "breaches:told",
        "desk:edition-withdraw",
        "desk:keys-change",
        "desk:list-translate",
        "desk:purpose-end",
        "desk:purpose-state",
        "jobs:go-on",
        "population:ask-file",
        "population:fetch-file",
        "population:take-file-away",
        "population:own-key",
        "population:station-take-back",
        "population:codes",
        "population:hand-over",
        "population:let-go",
        "population:look-through",
        "population:point",
        "population:point-at-columns",
        "population:take-activity-back",
        "population:take-back",
        "population:next-pair",
        "population:leave-pair",
        "population:take-back-pair",
        "population:take-back-pairs",
        "population:agree-set",
        "population:propose-set",
        "population:put-set-aside",
        "population:set-effect",
        "population:set-file",
        "population:take-note-back",
        "population:put-boundary-in-force",
        "population:put-boundary-aside",
        "population:person-name",
        "population:person-refer",
        "population:settle",
        "people:agreement-end",
        "people:agreement-sign",
        "people:ask",
        "people:assign",
        "people:conflict-lift",
        "people:consent-take-back",
        "people:emergency-end",
        "people:end-assigned",
        "people:let-go",
        "people:earlier",
        "people:unrelate",
        "people:masked-hand",
        "people:masked-take",
        "people:photograph-remove",
        "people:say-yes",
        "people:share-by-law",
        "people:share-end",
        "people:take-judgement-back",
        "people:take-yes-back",
        "tasks:take",
        "tasks:give-back",
        "tasks:end",
        # These need whole files of a province: the journey of the year looks at them.
        "population:columns",
        "population:profile",
        # These need a run of people, which no second table of the province lets in here: their journey looks at them.
        "population:people",
        "population:person",
        "population:person-correct",
        "population:correction",
        "tasks:task",
        "jobs:stop",
        "words:see",
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


def main(arguments: Sequence[str]) -> int:
    """Go through the pages, keep what was found, and say it."""
    asked = argparse.ArgumentParser(prog="./dev scale looks", description=__doc__)
    asked.add_argument("--only", nargs="*", choices=sorted(WALKS), help="these walks; nothing is kept then")
    asked.add_argument(
        "--languages", nargs="*", choices=LANGUAGES, default=LANGUAGES, help="these; nothing is kept then"
    )
    asked.add_argument("--out", type=Path, default=ROOT / "demo/looks", help="where the pictures go")
    asked.add_argument(
        "--at-once", type=int, default=1, help="languages gone through at once, each with its server and browser"
    )
    given = asked.parse_args(arguments)
    shutil.rmtree(given.out, ignore_errors=True)
    given.out.mkdir(parents=True)
    walks = given.only or list(WALKS)
    # One after the other unless asked: a small machine holds one server and one browser; each has its own process.
    with ProcessPoolExecutor(given.at_once, max_tasks_per_child=1) as some:
        looked = list(some.map(_looked, given.languages, itertools.repeat(walks), itertools.repeat(given.out)))
    found: dict[str, list[str]] = collections.defaultdict(list)
    for seen, _unseen_there in looked:
        for name, wrong in seen.items():
            found[name] += wrong
    unseen = sorted(set.intersection(*(set(there) for _seen, there in looked)))
    _say(found)
    is_whole = not given.only and set(given.languages) == set(LANGUAGES)
    if is_whole:
        if unseen:
            print(f"looks: nobody looked at {', '.join(unseen)}.", file=sys.stderr)
        KEPT.write_text(written(found, unseen, on=dt.datetime.now(dt.UTC).date(), commit=_commit()), encoding="utf-8")
    print(f"Pictures: {given.out}")
    return int(any(found.values()) or (bool(unseen) and is_whole))


def _looked(language: str, walks: Sequence[str], folder: Path) -> tuple[dict[str, list[str]], list[str]]:
    """Go all walks in one language, on demonstrations of its own: what was found, and what nobody looked at."""
    found: dict[str, list[str]] = collections.defaultdict(list)
    paths, unseen = set[str](), list[str]()
    parts = [*([name] for name in walks if name in ALONE), [name for name in walks if name not in ALONE]]
    for part in parts:
        with tempfile.TemporaryDirectory() as own, serving(Path(own)) as stage, a_browser() as browser:
            for name, width in itertools.product(part, WIDTHS):
                looker = _walked(browser, stage, (name, language, width), folder)
                paths |= looker.paths
                for page, wrong in looker.seen.items():
                    found[page] += [f"{language} {width}: {each}" for each in wrong]
            if part is parts[-1]:
                unseen = _unseen(stage, paths)
    return dict(found), unseen


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
            looker.seen[f"walk-{name}"] = [
                f"broke off: {(str(err) or repr(err)).splitlines()[0]} at {visitor.page.url}"
            ]
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
    return sorted(known - {_named(path) for path in paths} - NO_PAGE)


def _named(path: str) -> str:
    """The name of an address; none for one that leads nowhere."""
    try:
        return str(resolve(path).view_name)
    except Resolver404:
        return ""
