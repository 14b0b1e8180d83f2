"""Compare people with the others of their agency as work of the machine itself, some hundreds at a time."""

import datetime as dt
import logging
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from sarana.basics.actors import Actor
from sarana.basics.errors import Refused, SaranaError
from sarana.basics.work import Args, Due, Kind, Receipt, Step, Work
from sarana.care.people.finding.queries import agencies_with_people
from sarana.care.people.same import queries
from sarana.care.people.same.actions import lead_all_anew
from sarana.care.people.same.comparing import compare_some
from sarana.ground.vault.identities.actions.applying import check_applied

LED = "led"
_LOOKED: dict[str, dt.date] = {}

AGAIN = dt.timedelta(minutes=2)

log = logging.getLogger(__name__)


def _check(actor: Actor, _args: Args) -> None:
    if not actor.is_local:
        raise Refused("PEOPLE-065", "People are compared by the machine itself.", cure="Nothing has to be done.")


def _compare(work: Work) -> Receipt:
    n_compared, n_alike, failed = 0, 0, list[SaranaError]()
    for agency in agencies_with_people():
        try:
            compared, alike = compare_some(work.actor, agency, lambda n: work.report(n, 0, ""))
        except SaranaError as err:  # the search file is being made, or keys do not open: the others go on
            log.warning("%s People of an agency could not be compared.", err.code)
            failed.append(err)
        else:
            n_compared, n_alike = n_compared + compared, n_alike + alike
    if failed and not n_compared:
        raise failed[0]
    return {"compared": n_compared, "alike": n_alike}


COMPARE = Kind(
    code="people.compare",
    words=_("Compare people with the others of their agency"),
    check=_check,
    thing=lambda _args: "people.alike",
    steps=lambda _args: (Step(_("Look who is alike"), _compare),),
    counts={"compared": _("People compared"), "alike": _("Pairs that are alike")},
)
KINDS = (COMPARE,)


def due(actor: Actor) -> Iterator[Due]:
    """What the schedule asks for now; once a day, who leads whom is held against judgements."""
    if _LOOKED.get(LED) != actor.today:
        _LOOKED[LED] = actor.today
        try:
            check_applied(actor)
            lead_all_anew(actor)
        except SaranaError as err:  # keys do not open, or somebody judges in this moment: tomorrow again
            log.warning("%s Who leads whom could not be told anew.", err.code)
    if queries.is_due():
        yield Due(COMPARE.code, AGAIN)
