"""The writing door of registers that offices hold."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet
from sarana.ground.accounts.models import Agency
from sarana.ground.ledger.actions import record
from sarana.learning.population.policy import HOLDING
from sarana.learning.population.sources import policy
from sarana.learning.population.sources.models import Source
from sarana.learning.population.year.models import Holding


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of a register that an office holds."""

    name: str
    sector: str
    holder: str
    stands: str
    contact: str = ""
    legal_basis: str = ""
    codes: str = ""
    refused_by: str = ""
    reason: str = ""
    next_step: str = ""
    next_on: dt.date | None = None
    source: Source | None = None


@transaction.atomic
def write_holding(actor: Actor, told: Told, *, agency: Agency, area: str) -> Holding:
    """Write down which office holds a register, and whether its file may be had.

    Raises:
        Refused: POPULATION-030 the province is not hers.
    """
    policy.check_may_update(actor, area, agency.ref)
    made = Holding(agency=agency, area=area)
    _say(actor, made, told)
    made.save(force_insert=True)
    _record(actor, made)
    return made


@transaction.atomic
def rewrite_holding(actor: Actor, holding: Holding, told: Told, *, version: int) -> Holding:
    """Write down what became of it.

    Raises:
        Refused: POPULATION-030 the province is not hers.
        NotYet: POPULATION-053 somebody changed it meanwhile.
    """
    policy.check_may_update(actor, holding.area)
    if not Holding.objects.filter(pk=holding.pk, version=version).update(version=version + 1):
        raise NotYet(
            "POPULATION-053",
            "Somebody changed this line meanwhile; nothing was saved.",
            cure="See what stands there now, and change that.",
        )
    _say(actor, holding, told)
    holding.version = version + 1
    holding.save()
    _record(actor, holding)
    return holding


def _say(actor: Actor, holding: Holding, told: Told) -> None:
    for name in Told.__slots__:
        setattr(holding, name, getattr(told, name))
    holding.written_at, holding.written_by_ref = actor.now, actor.account_ref


def _record(actor: Actor, holding: Holding) -> None:
    record(
        actor,
        "population.holding-written",
        thing_kind=HOLDING,
        thing_ref=holding.ref,
        owner_agency_ref=holding.agency.ref,
    )
