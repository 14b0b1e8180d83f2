"""The ways between records and agencies: search, records of one person, asking another agency, alarms, keys."""

import os
import subprocess
import sys
from pathlib import Path

from bench.looking import WIDE, Looker
from bench.walks import sends
from bench.walks_of_areas import command
from bench.walks_of_people import OFFICE, enters_at, presses, states_a_purpose

SHELTER = "Demo shelter"
KNOWN = ("N00987654", "3100600445566")
"""Papers of the two invented people of the office who said yes; one for each width, the first known to the shelter."""

LATER = """
import datetime as dt
from sarana.config.web import start
start.start()
from django.utils import timezone
from sarana.basics.actors import Actor
from sarana.care.people.alarms.actions import raise_alarms
from sarana.care.people.asking.jobs import look
look(Actor.local(timezone.localtime() + dt.timedelta(hours=2)))
raise_alarms(Actor.local(timezone.localtime()))
"""
"""The machine looks at what was asked, as if two hours had gone by, and raises the alarms that are due."""


def joiner(looker: Looker) -> None:
    """A supervisor searches, judges two records and takes it back, asks the shelter, and lays a record that lures."""
    home = looker.visitor.stage.home
    if not (home.parent / "keys/vault").exists():
        command(home, "keys", "make", "--name", "The demonstration")
    command(home, "demo", "--people")
    enters_at(looker, "Supervisor", OFFICE)
    looker.open("/people/", "people-of-the-office")
    states_a_purpose(looker)
    _searches(looker)
    _judges(looker)
    _agrees(looker)
    _asks(looker)
    _lures(looker)
    _later(home)
    enters_at(looker, "Shelter staff", SHELTER)
    looker.open("/people/", "people-of-the-shelter")
    states_a_purpose(looker)
    looker.open("/people/asked/", "asked")
    presses_link(looker, "main tbody a")
    looker.look("reached")
    enters_at(looker, "Data-protection officer", OFFICE)
    looker.open("/tasks/", "tasks-of-alarms")
    presses_link(looker, "main tbody a")
    looker.look("task-of-an-alarm")
    presses_link(looker, "main a.button[href*='/alarms/']")
    looker.look("alarm")
    enters_at(looker, "Data custodian", OFFICE)
    looker.open("/settings/keys/", "keys-of-the-office")


def _searches(looker: Looker) -> None:
    looker.open("/people/search/", "search-people")
    sends(looker, words="nobody who is here")
    looker.look("search-people-nobody")
    looker.expected.add("422")
    looker.visitor.page.locator("main details.taking summary").click()
    sends(looker, words="", born="no year")
    looker.look("search-people-wrong")
    sends(looker, words="malee jaidee", born="1999")
    looker.look("search-people-found")


def _judges(looker: Looker) -> None:
    looker.open("/people/alike/", "alike")
    presses_link(looker, "main tbody a")
    looker.look("pair-of-records")
    here = looker.visitor.page.locator("main .actions a.button").first.get_attribute("href") or ""
    presses(looker, "form[action*='/alike/']:not([action$='/judge/']) button.primary")
    page = looker.visitor.page
    looker.look("pair-of-records-shown")
    presses(looker, "form[action$='/judge/'] button.primary")
    looker.look("pair-of-records-wrong")
    page.locator("[name=verdict][value=same]").check()
    presses(looker, "form[action$='/judge/'] button.primary")
    looker.look("alike-judged")
    looker.open(f"{here}records/", "records-of-one-person")
    looker.open("/people/alike/", "alike-none")
    presses(looker, "form[action*='/take-back/'] button")
    looker.look("alike-taken-back")


def _agrees(looker: Looker) -> None:
    looker.open("/people/agreements/", "agreements")
    page = looker.visitor.page
    page.locator("[name=a_day]").fill("0")
    looker.expected.add("422")
    presses(looker, "main form button.primary")
    looker.look("agreements-wrong")


def _asks(looker: Looker) -> None:
    looker.open("/people/search/", "search-people")
    sends(looker, words=KNOWN[looker.width == WIDE])
    presses_link(looker, "main tbody a")
    here = looker.visitor.page.url.removeprefix(looker.visitor.stage.address)
    looker.open(f"{here}question/", "question")
    asks = looker.visitor.page.locator("form[action$='/ask/'] button")
    if asks.count():
        presses(looker, "form[action$='/ask/'] button")
        looker.look("question-asked")


def _lures(looker: Looker) -> None:
    looker.open("/people/lures/", "lure")
    sends(looker, name="Zenobia Invented")
    looker.look("lure-laid")
    looker.open("/people/search/", "search-people")
    sends(looker, words="zenobia invented")
    presses_link(looker, "main tbody a")
    presses(looker, "form[action$='/name/#who'] button")


def _later(home: Path) -> None:
    own = {
        "SARANA_MODE": "demo",
        "SARANA_HOME": str(home),
        "SARANA_KEYS": str(home.parent / "keys"),
        "DATABASE_URL": "",
    }
    environment = {name: told for name, told in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"} | own
    subprocess.run([sys.executable, "-c", LATER], env=environment, check=True, capture_output=True)


def presses_link(looker: Looker, link: str) -> None:
    """Follow the first link of a kind."""
    with looker.visitor.page.expect_navigation():
        looker.visitor.page.locator(link).first.click()
