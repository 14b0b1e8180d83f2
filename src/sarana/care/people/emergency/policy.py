"""Who opens somebody in an emergency, for how long, and who reads that it was done."""

import datetime as dt

from django.db.models import Q

from sarana.basics.actors import Actor
from sarana.basics.policy import Access, Level, Reach, Rule
from sarana.care.people.emergency.models import ALONE, CLOCK_MAY_BE_OFF, LASTS
from sarana.ground.rules import Paths, openable
from sarana.ground.vault.identities.policy import HELPERS, PURPOSES

IN_EMERGENCY = "person-in-emergency"
EMERGENCY = "people-emergency"
OFFICER = frozenset({"data-protection-officer"})

RULES = (
    # Never one who is closed: for her the answer is the same as for nobody.
    Rule(IN_EMERGENCY, HELPERS, Reach.ASSIGNED, Access.CHANGE, frozenset({Level.PROTECTED}), PURPOSES),
    Rule(EMERGENCY, OFFICER, Reach.AGENCY, Access.OPEN),
    Rule(EMERGENCY, HELPERS, Reach.SELF, Access.OPEN),
)


def lasting(now: dt.datetime, at: str = "") -> Q:
    """Those that last in a moment; `at` is where they stand, seen from the row. The twin of `Emergency.lasts`."""
    alone = Q(**{f"{at}opened_at__gt": now - ALONE})
    confirmed = Q(**{f"{at}confirmed_at__isnull": False, f"{at}opened_at__gt": now - LASTS})
    is_now = Q(**{f"{at}ended_at__isnull": True, f"{at}opened_at__lte": now + CLOCK_MAY_BE_OFF})
    return is_now & (alone | confirmed)


def opened_for(actor: Actor, at: str = "") -> Q:
    """People whom the actor opened in an emergency that lasts; `at` is where the person stands, seen from the row."""
    paths = Paths(level=f"{at}level", assigned=f"{at}emergencies__account_ref")
    helped_by = sorted({grant.agency_ref for grant in actor.grants_as(HELPERS)})
    mine = openable(RULES, actor, IN_EMERGENCY, paths) & Q(**{f"{at}agency_ref__in": helped_by})
    return mine & lasting(actor.now, f"{at}emergencies__")


def openable_by(actor: Actor) -> Q:
    """The emergencies that an actor reads about by her role, or because they are her own."""
    return openable(RULES, actor, EMERGENCY, Paths(agency="agency_ref", owner="account_ref"))


def is_officer(actor: Actor) -> bool:
    """Whether she reads, as an officer for data protection, what was opened in an emergency."""
    return actor.is_strong and bool(actor.grants_as(OFFICER))
