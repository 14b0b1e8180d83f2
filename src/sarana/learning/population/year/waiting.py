"""What the year asks of an officer on Today: an update that is due, or forgotten, and what waits at the machine."""

from collections.abc import Iterator
from dataclasses import replace

from django.utils.translation import gettext as _

from sarana.basics.actors import Actor
from sarana.basics.errors import Refused
from sarana.basics.waiting import Waiting
from sarana.learning.population.pairs.filling.queries import waiting_at_machine
from sarana.learning.population.pairs.waiting import of_the_machine
from sarana.learning.population.sources import policy
from sarana.learning.population.year import queries
from sarana.learning.population.year.due import due_of

ADDRESS = "population:year"


def lines(actor: Actor) -> Iterator[Waiting]:
    """A line for each province of hers whose update is due soon or forgotten, and for what waits at the machine."""
    if not policy.may_update(actor):
        return
    try:
        areas = queries.provinces_of(actor)
    except Refused:
        return
    at_machine = {each.area: each for each in waiting_at_machine()} if areas else {}
    for area in areas:
        year = due_of(actor, area)
        if area in at_machine:
            # What was judged concerns her when a run is near; a correction that nobody lays out at once.
            each = at_machine[area]
            yield from of_the_machine(
                replace(each, has_judgements=each.has_judgements and year.is_open), address=ADDRESS
            )
        if not year.is_open:
            continue
        told, asks = {"area": area, "days": year.days_since}, f"?area={area}"
        if year.days_since is None:
            yield Waiting(
                _("No yearly update of %(area)s was started yet") % told,
                _("The guide says what comes first."),
                ADDRESS,
                asks=asks,
            )
        elif year.is_long_ago:
            why = _("For %(days)s days none was started. The guide assumes nothing, and says what comes first.") % told
            yield Waiting(_("See to the yearly update of %(area)s") % told, why, ADDRESS, year.due_on, asks)
        else:
            why = _("The guide says what is missing, and from whom.")
            yield Waiting(_("The yearly update of %(area)s comes due") % told, why, ADDRESS, year.due_on, asks)
