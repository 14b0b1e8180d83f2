"""The reading doors of registers that offices hold."""

from uuid import UUID

from django.db import models
from django.db.models import QuerySet

from sarana.basics.actors import Actor
from sarana.learning.population.sources import policy
from sarana.learning.population.sources.updates.queries import updates_for
from sarana.learning.population.year.models import Holding


def holdings_for(actor: Actor) -> QuerySet[Holding]:
    """The registers of offices that an actor may see.

    Raises:
        Refused: POPULATION-030 she has no door here.
    """
    updates_for(actor)
    rows = Holding.objects.filter(policy.holdings_openable_by(actor)).select_related("agency", "source")
    return rows.fetch_mode(models.FETCH_RAISE)


def get_holding(actor: Actor, ref: UUID) -> Holding:
    """One of them.

    Raises:
        Refused: POPULATION-030 she has no door here.
        Holding.DoesNotExist: there is none, or it is not for her.
    """
    return holdings_for(actor).get(ref=ref)


def refused_in(actor: Actor, area: str) -> frozenset[int]:
    """The keys of the sources of a province whose register was refused: what was written of each last counts."""
    rows = holdings_for(actor).filter(area=area, source__isnull=False).order_by("written_at", "pk")
    last = dict(rows.values_list("source_id", "stands"))
    return frozenset(pk for pk, stands in last.items() if stands == Holding.Stands.NO)


def counts_of(actor: Actor, area: str) -> dict[str, int]:
    """How many registers of a province stand how; `late`: of how many the next step was due."""
    rows = list(holdings_for(actor).filter(area=area))
    found = {stands: sum(row.stands == stands for row in rows) for stands in Holding.Stands.values}
    return {**found, "late": sum(row.next_on is not None and row.next_on <= actor.today for row in rows)}
