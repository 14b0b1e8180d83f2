"""The way through pages that are full: a thousand people of one office, in lists, in search, and alike by the dozen."""

import csv
import os
import random
import subprocess
import sys
from pathlib import Path

from bench.looking import Looker
from bench.search_lists import latin_of, thai_families, thai_given
from bench.walks import sends
from bench.walks_of_areas import command
from bench.walks_of_joining import presses_link
from bench.walks_of_people import OFFICE, enters_at, states_a_purpose

MANY, EACH_TWICE = 1_000, 12
"""So many people; one in so many stands in the table a second time, in Latin letters and with the same year."""
MAP = '[fields]\nname = "NAME"\nbirth = "BIRTH"\nsex = "SEX"\nphone = "TEL"\nlanguage = "LANGUAGE"\n'
NATIONS = ("th", "th", "my", "km", "lo")

TAKEN = """
import contextlib, sys
from functools import partial
from pathlib import Path
from sarana.config.web import start
start.start()
from django.utils import timezone
from sarana.basics.actors import Actor
from sarana.basics.progress import Silent
from sarana.care.people.demonstration import ROLES, SOCIAL, _who
from sarana.care.people.importing import taking
from sarana.care.people.same.comparing import compare_some
now, folder = timezone.localtime(), Path(sys.argv[1])
worker = _who(now, SOCIAL, ROLES[SOCIAL])
agency = worker.grants[0].agency_ref
standing = partial(contextlib.nullcontext, worker)
files = (folder / "people.csv", folder / "map.toml", folder / "aside.csv")
print(taking.take_in(standing, agency, *files, progress=Silent()))
print(compare_some(Actor.local(now), agency, lambda _n: None))
"""
"""Taken in as the command does it, by the invented case worker, and compared as the machine does it afterwards."""


def many(looker: Looker) -> None:
    """A supervisor in whose office a thousand people are kept."""
    home = looker.visitor.stage.home
    if not (home.parent / "keys/vault").exists():
        command(home, "keys", "make", "--name", "The demonstration")
    command(home, "demo", "--people")
    folder = home.parent / "many"
    if not folder.exists():
        folder.mkdir()
        _write(folder)
        _take_in(home, folder)
    enters_at(looker, "Supervisor", OFFICE)
    looker.visitor.open("/people/")
    states_a_purpose(looker)
    looker.open("/", "today-many")
    looker.open("/people/?of=newest", "people-many")
    presses_link(looker, "nav.pager a[rel=next]")
    looker.look("people-many-onward")
    looker.open("/people/search/", "search-people")
    sends(looker, words="สมชาย")
    looker.look("search-people-many")
    looker.open("/people/alike/", "alike-many")
    presses_link(looker, "main tbody a")
    looker.look("pair-of-many")


def _write(folder: Path) -> None:
    chance = random.Random(1)  # noqa: S311
    given, families = thai_given("unseen"), thai_families("unseen")
    (folder / "map.toml").write_text(MAP, encoding="utf-8")
    with (folder / "people.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("NAME", "BIRTH", "SEX", "TEL", "LANGUAGE"))
        for at in range(MANY):
            words = chance.choice(given[:150]), chance.choice(families)
            born, sex = chance.randint(1960, 2012), chance.choice(("female", "male"))
            rest = (born, sex, f"08{at * 13 % 10**8:08d}", chance.choice(NATIONS))
            writer.writerow((" ".join(words), *rest))
            if at % EACH_TWICE == 0:
                writer.writerow((" ".join(latin_of(word).capitalize() for word in words), born, sex, "", rest[-1]))


def _take_in(home: Path, folder: Path) -> None:
    own = {
        "SARANA_MODE": "demo",
        "SARANA_HOME": str(home),
        "SARANA_KEYS": str(home.parent / "keys"),
        "DATABASE_URL": "",
    }
    environment = {name: told for name, told in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"} | own
    subprocess.run([sys.executable, "-c", TAKEN, str(folder)], env=environment, check=True, capture_output=True)
