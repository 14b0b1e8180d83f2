"""What is worth a question: found in a seeded month of quiet work, and quiet work is left alone."""

import datetime as dt
import random
from pathlib import Path
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from makers.ledger import somebody
from sarana.basics.actors import Actor, Grant
from sarana.basics.errors import Refused
from sarana.ground.ledger import actions, queries
from sarana.ground.ledger.models import Entry
from sarana.ground.ledger.queries.questions import Pattern

pytestmark = pytest.mark.django_db

ZONE = ZoneInfo("Asia/Bangkok")
AGENCY = UUID(int=1)
FIRST = dt.datetime(2026, 11, 23, 0, 0, tzinfo=ZONE)
"""A Monday; the officer looks on the Sunday after."""

OFFICER = Actor(
    uuid4(), FIRST + dt.timedelta(days=6, hours=12), (Grant("data-protection-officer", AGENCY),), is_strong=True
)


def opens(who: UUID, day: int, hour: float, *, thing: UUID | None = None, n: int = 1, refused: bool = False) -> None:
    """One opening by somebody on a day of the week."""
    at = FIRST + dt.timedelta(days=day, hours=hour)
    actor = Actor(who, at, (Grant("case-worker", AGENCY),), is_strong=True)
    result = Entry.Result.REFUSED if refused else Entry.Result.DONE
    actions.record(actor, "ledger.opened", thing_kind="person", thing_ref=thing or uuid4(), n_things=n, result=result)


def quiet_work(dice: random.Random) -> None:
    """Eight people at their work, with an evening here, a refusal there and a list now and then."""
    for who in (UUID(int=100 + number) for number in range(8)):
        own = [uuid4() for _ in range(6)]
        for day in range(5):
            for _opening in range(dice.randrange(4, 12)):
                opens(who, day, dice.uniform(8, 17.5), thing=dice.choice(own))
            opens(who, day, dice.uniform(8, 17), n=dice.randrange(20, 120))
            for _late in range(dice.choice((0, 0, 0, 3))):
                opens(who, day, dice.uniform(22, 23.5))
            for _refusal in range(dice.choice((0, 0, 2))):
                opens(who, day, 10, refused=True)


@pytest.mark.check("G-06")
def test_g_06_what_is_worth_a_question_is_found_and_quiet_work_is_not(key_folder: Path) -> None:
    quiet_work(random.Random(3))
    thing = uuid4()
    nightly, bulky, refused, again = (UUID(int=number) for number in range(201, 205))
    for minute in range(12):
        opens(nightly, 2, 3 + minute / 60)
    opens(bulky, 3, 11, n=800)
    for minute in range(14):
        opens(refused, 4, 14 + minute / 60, refused=True)
        opens(again, 1, 9 + minute / 60, thing=thing)
    opens(again, 1, 16, thing=thing)
    found = {
        (each.pattern, each.actor_ref, (each.on - FIRST.date()).days) for each in queries.worth_a_question(OFFICER)
    }
    truth = {
        (Pattern.NIGHT, nightly, 2),
        (Pattern.BULK, bulky, 3),
        (Pattern.REFUSALS, refused, 4),
        (Pattern.AGAIN, again, 1),
    }
    assert len(found & truth) / len(found) >= 0.8
    assert len(found & truth) / len(truth) >= 0.9


def test_the_night_is_that_of_the_place_and_not_of_the_server(key_folder: Path) -> None:
    who = uuid4()
    for minute in range(12):
        opens(who, 2, 22 + minute / 60)
        opens(who, 3, 12 + minute / 60)
    assert [(each.pattern, each.on.day, each.n) for each in queries.worth_a_question(OFFICER)] == [
        (Pattern.NIGHT, 25, 12)
    ]


def test_only_the_officer_asks_and_the_machine_is_not_asked_about(key_folder: Path) -> None:
    for _time in range(20):
        actions.record(Actor.local(FIRST + dt.timedelta(hours=3)), "ledger.opened", thing_kind="person", n_things=900)
    assert queries.worth_a_question(OFFICER) == []
    with pytest.raises(Refused, match="LEDGER-011"):
        queries.worth_a_question(somebody(agency=AGENCY))
