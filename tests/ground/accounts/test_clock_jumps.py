"""F-13: the clock is set on and back, by a day, a year and ten years, over a leap day and a change of summer time."""

import dataclasses
import datetime as dt
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from makers.agencies import a_person, acting, an_agency, local
from makers.counted import Counted
from sarana.basics.errors import NotYet
from sarana.ground.accounts import policy, queries
from sarana.ground.accounts.actions import invite
from sarana.ground.accounts.models import Invitation, Role
from sarana.ground.ledger.actions import record_opening
from sarana.ground.ledger.models import Entry

pytestmark = [pytest.mark.django_db, pytest.mark.check("F-13")]

NOON = dt.datetime(2027, 6, 15, 12, 0, tzinfo=dt.UTC)
JUMPS = {
    f"{name} {way}": NOON + sign * span
    for name, span in {
        "a day": dt.timedelta(days=1),
        "a year": dt.timedelta(days=365),
        "ten years": dt.timedelta(days=3652),
    }.items()
    for way, sign in (("on", 1), ("back", -1))
} | {
    "to the leap day": dt.datetime(2028, 2, 29, 0, 30, tzinfo=dt.UTC),
    "into summer time": dt.datetime(2028, 3, 26, 1, 0, 1, tzinfo=dt.UTC),
    "out of summer time": dt.datetime(2028, 10, 29, 1, 0, 1, tzinfo=dt.UTC),
}


@pytest.fixture(params=JUMPS.values(), ids=JUMPS.keys())
def then(request: pytest.FixtureRequest, counted: Counted) -> dt.datetime:
    """Where the clock jumps to."""
    counted("jumps", 1, exact=True)
    found: dt.datetime = request.param
    return found


def an_invitation(now: dt.datetime) -> Invitation:
    return invite(local(now), agency=an_agency(), role=Role.objects.get(code="case-worker"), name="Nobody")[0]


def is_open(invitation: Invitation, now: dt.datetime) -> bool:
    """True where the link would still be taken."""
    try:
        policy.check_may_use(invitation, local(now))
    except NotYet:
        return False
    return True


def test_an_invitation_is_taken_within_its_hour_only_wherever_the_clock_goes(then: dt.datetime) -> None:
    an_agency()
    invitation = an_invitation(NOON)
    assert is_open(invitation, NOON)
    assert is_open(invitation, then) == (invitation.made_at <= then < invitation.expires_at)
    assert is_open(invitation, NOON), "looking at another time changed it"


def test_a_membership_is_in_force_on_its_days_whatever_the_clock_did_between(then: dt.datetime) -> None:
    account = a_person(an_agency())
    membership = account.memberships.get()
    membership.starts_on, membership.until = NOON.date(), NOON.date() + dt.timedelta(days=30)
    membership.save()
    in_force = membership.starts_on <= then.date() <= membership.until
    assert bool(queries.actor_of(account, then).grants) == in_force
    assert queries.actor_of(account, NOON).grants


def test_the_order_of_the_ledger_is_that_in_which_things_were_done(then: dt.datetime) -> None:
    actor = acting(a_person(an_agency()), now=NOON)
    acts = [record_opening(dataclasses.replace(actor, now=at), "person", uuid4()) for at in (NOON, then, NOON)]
    assert list(Entry.objects.filter(action="ledger.opened").order_by("id").values_list("ref", "at")) == [
        (act.ref, at) for act, at in zip(acts, (NOON, then, NOON), strict=True)
    ]


def is_signed_in(client: Client) -> bool:
    """True where a page is not answered with the way to the sign-in."""
    return not client.get("/me/").headers.get("Location", "").startswith("/sign-in/")


def test_a_sitting_does_not_live_on_by_a_clock_that_jumps(then: dt.datetime) -> None:
    client = Client()
    with time_machine.travel(NOON, tick=False):
        client.force_login(a_person(an_agency()))
        session = client.session
        session["account_authentication_methods"] = [{"method": "mfa", "at": NOON.timestamp()}]
        session.save()
        assert is_signed_in(client)
    with time_machine.travel(then, tick=False):
        assert not is_signed_in(client)
    with time_machine.travel(NOON, tick=False):
        assert not is_signed_in(client), "the clock went back, and the sitting that had ended came back with it"
