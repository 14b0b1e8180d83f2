"""The writing doors of yearly updates: ask for one, take in what came of it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet
from sarana.ground.accounts.models import Agency
from sarana.ground.jobs import actions as jobs
from sarana.ground.jobs.models import Job
from sarana.ground.walls import postgres
from sarana.ground.walls.guards import OPERATOR
from sarana.learning.population.actions import take_in
from sarana.learning.population.sources import policy
from sarana.learning.population.sources.models import Source, Update
from sarana.learning.population.sources.updates import queries as update_queries
from sarana.methods.population.protected_tables import ProtectedRun

CODE = "population.update"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of an update."""

    name: str
    as_of: dt.date
    indicators: str
    until: dt.date
    impact_assessment: str = ""


@transaction.atomic
def start_update(actor: Actor, wanted: Wanted, *, agency: Agency, area: str, sources: Sequence[Source]) -> Job:
    """Ask for the update of a province; where one waits or runs, nothing more is asked.

    Raises:
        Refused: POPULATION-030 the province is not hers.
        NotYet: POPULATION-039, POPULATION-040 files are missing; POPULATION-043 a table of the province was made
            elsewhere, beside which this one has to be made; JOBS-003 an update of the province waits or runs.
    """
    policy.check_may_update(actor, area, agency.ref)
    update_queries.chosen_of(area, [str(source.ref) for source in sources])
    update_queries.folders_before(area)
    made = Update(agency=agency, area=area, name=wanted.name, as_of=wanted.as_of, indicators=wanted.indicators)
    made.until, made.impact_assessment = wanted.until, wanted.impact_assessment
    made.sources = [str(source.ref) for source in sources]
    made.asked_at, made.asked_by_ref = actor.now, actor.account_ref
    made.save(force_insert=True)
    job = jobs.ask(actor, CODE, {"update": str(made.ref), "area": area})
    Update.objects.filter(pk=made.pk).update(job_ref=job.ref)
    return job


def take_in_update(actor: Actor, update: Update, found: ProtectedRun) -> None:
    """Take in the protected tables of an update's run, as the machine's operator does; who asked stands in its job.

    Raises:
        Refused: POPULATION-030 the province is not hers any more; and the faults of `take_in`.
    """
    policy.check_may_update(actor, update.area)
    with transaction.atomic():
        with postgres.as_task(OPERATOR):
            local_actor = Actor.local(actor.now)
            run, _is_new = take_in(local_actor, found, agency=str(update.agency.ref))
        if not Update.objects.filter(pk=update.pk).update(run_ref=run.ref):
            raise NotYet("POPULATION-043", "This update is not here any more.", cure="Ask for another one.")
