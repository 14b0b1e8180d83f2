"""The way through pages that are full: a thousand people of one office, in lists, in search, and alike by the dozen.

Sixty of them were opened in an emergency, and about sixty somebody has a conflict of interest.
"""

import csv
import random
from pathlib import Path

from bench.looking import Looker
from bench.search_lists import latin_of, thai_families, thai_given
from bench.walks import sends
from bench.walks_of_areas import command, does
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

HAPPENED = """
import datetime as dt
from sarana.config.web import start
start.start()
from django.utils import timezone
from sarana.basics.references import new_ref
from sarana.care.people.conflict.models import Conflict
from sarana.care.people.emergency.models import Emergency
from sarana.care.people.models import Person
from sarana.care.people.reasons import seal_reason
from sarana.ground.accounts.models import Agency, Membership
now = timezone.localtime()
office = Agency.objects.get(kind=Agency.Kind.SOCIAL_WELFARE)
here = dict(Membership.objects.filter(agency=office).values_list("role__code", "account__ref"))
others = list(Agency.objects.exclude(pk=office.pk).order_by("pk").values_list("ref", flat=True))
people = list(Person.objects.filter(agency_ref=office.ref).order_by("-pk")[:61])
words = (
    "เธอโทรมาจากสถานีขนส่ง บอกว่าชายคนนั้นอยู่ด้วยและยึดหนังสือเดินทางไว้ ต้องการให้ไปรับทันที\\nShe called from the "
    "bus station: the man is with her, he keeps her passport, and she asks to be fetched at once."
)
def sealed():
    ref = new_ref()
    return {"ref": ref, "words_sealed": seal_reason(words, ref), "agency_ref": office.ref}
for at, person in enumerate(people[:60]):
    row = Emergency(**sealed(), person=person, account_ref=here["intake-desk"], reason=Emergency.Reason.values[at % 5])
    row.opened_at = now - dt.timedelta(minutes=2 + at * 500)
    if at % 3:
        row.confirmed_at, row.confirmed_by_ref = row.opened_at + dt.timedelta(minutes=4), here["supervisor"]
    if at % 4 == 3:
        row.ended_at, row.ended_by_ref = row.opened_at + dt.timedelta(minutes=9), here["intake-desk"]
    row.save(force_insert=True)
def kept_out(person, at, against=None, account=None):
    by = here["supervisor" if at % 2 else "data-protection-officer"]
    Conflict(
        **sealed(), person=person, against_ref=against, account_ref=account, reason=Conflict.Reason.values[at % 5],
        flagged_at=now - dt.timedelta(days=at), flagged_by_ref=by,
    ).save(force_insert=True)
for at, person in enumerate(people[1:]):
    kept_out(person, at + 1, **({"against": others[at % len(others)]} if at % 3 else {"account": here["intake-desk"]}))
for at in range(4):
    kept_out(people[0], at, against=others[at])
print(people[0].code)
"""
"""What others did in that office: emergencies through a month, one of them now, and conflicts of interest."""


def many(looker: Looker) -> None:
    """A supervisor in whose office a thousand people are kept, and much happened."""
    home = looker.visitor.stage.home
    if not (home.parent / "keys/vault").exists():
        command(home, "keys", "make", "--name", "The demonstration")
    command(home, "demo", "--people")
    folder = home.parent / "many"
    if not folder.exists():
        folder.mkdir()
        _write(folder)
        does(home, TAKEN, folder)
        does(home, HAPPENED)
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
    _emergencies_and_conflicts(looker)


def _emergencies_and_conflicts(looker: Looker) -> None:
    """Both lists, their second page, one emergency, and somebody about whom much stands."""
    looker.open("/people/emergencies/", "emergencies-many")
    presses_link(looker, "nav.pager a[rel=next]")
    looker.look("emergencies-many-onward")
    presses_link(looker, "main tbody th a")
    looker.look("emergency-of-many")
    looker.open("/people/conflicts/", "conflicts-many")
    presses_link(looker, "nav.pager a[rel=next]")
    looker.look("conflicts-many-onward")
    looker.visitor.open("/people/conflicts/")
    presses_link(looker, "main tbody th a")
    looker.look("conflict-of-many")
    enters_at(looker, "Data-protection officer", OFFICE)
    looker.open("/people/emergencies/", "emergencies-many-officer")
    looker.open("/people/conflicts/", "conflicts-many-officer")


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
