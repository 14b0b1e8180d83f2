"""What is worth a question: found in a seeded month of quiet work, and quiet work is left alone."""

import datetime as dt
import random
from pathlib import Path
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from makers.counted import Counted
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


def opens(
    who: UUID,
    day: int,
    hour: float,
    *,
    thing: UUID | None = None,
    n: int = 1,
    refused: bool = False,
    owner: UUID = AGENCY,
) -> None:
    """One opening by somebody on a day of the week."""
    at = FIRST + dt.timedelta(days=day, hours=hour)
    actor = Actor(who, at, (Grant("case-worker", AGENCY),), is_strong=True)
    result = Entry.Result.REFUSED if refused else Entry.Result.DONE
    actions.record(
        actor,
        "ledger.opened",
        thing_kind="person",
        thing_ref=thing or uuid4(),
        owner_agency_ref=owner,
        n_things=n,
        result=result,
    )


def quiet_work(dice: random.Random) -> None:
    """Twelve people at their work: evenings, refusals, lists and referred records of others, as on any day."""
    for who in (UUID(int=100 + number) for number in range(12)):
        own = [uuid4() for _ in range(6)]
        for day in range(5):
            for _opening in range(dice.randrange(4, 12)):
                opens(who, day, dice.uniform(8, 17.5), thing=dice.choice(own))
            opens(who, day, dice.uniform(8, 17), n=dice.randrange(20, 320))
            for _late in range(dice.choice((0, 0, 0, 3, 8))):
                opens(who, day, dice.uniform(22, 23.5))
            for _refusal in range(dice.choice((0, 0, 2, 6))):
                opens(who, day, 10, refused=True)
            for _referred in range(dice.choice((0, 0, 1, 5))):
                opens(who, day, dice.uniform(9, 16), owner=UUID(int=2))


def unusual(dice: random.Random, pattern: Pattern, who: UUID, day: int) -> None:
    """One unusual day, sometimes only a little beyond what is usual."""
    much, thing = dice.choice((1, 1.5, 4)), uuid4()
    if pattern is Pattern.BULK:
        opens(who, day, dice.uniform(9, 16), n=round(520 * much))
        return
    for _time in range(round({Pattern.AGAIN: 16, Pattern.FOREIGN: 13}.get(pattern, 11) * much)):
        opens(
            who,
            day,
            dice.uniform(1, 4) if pattern is Pattern.NIGHT else dice.uniform(9, 16),
            thing=thing if pattern is Pattern.AGAIN else None,
            refused=pattern is Pattern.REFUSALS,
            owner=UUID(int=2) if pattern is Pattern.FOREIGN else AGENCY,
        )


@pytest.mark.check("G-06")
def test_g_06_what_is_worth_a_question_is_found_and_quiet_work_is_not(key_folder: Path, counted: Counted) -> None:
    dice = random.Random(3)
    quiet_work(dice)
    truth = set[tuple[Pattern, UUID, int]]()
    for number in range(counted("unusual days", 30, least=10)):
        # Some do it who otherwise work quietly, some are known for nothing else.
        pattern, who = list(Pattern)[number % len(Pattern)], UUID(int=dice.choice((100, 200)) + number % 12)
        day = dice.randrange(5)
        unusual(dice, pattern, who, day)
        truth.add((pattern, who, day))
    found = {
        (each.pattern, each.actor_ref, (each.on - FIRST.date()).days) for each in queries.worth_a_question(OFFICER)
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
