"""The writing doors of yearly updates: ask for one, take in what came of it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet
from sarana.ground.accounts.models import Agency
from sarana.ground.jobs import actions as jobs
from sarana.ground.jobs.models import Job
from sarana.ground.walls import postgres
from sarana.ground.walls.guards import OPERATOR
from sarana.learning.population.actions import take_in
from sarana.learning.population.boundaries.queries import find_in_force
from sarana.learning.population.opened import actions as opened
from sarana.learning.population.opened.laying import LaidOut, lay_out_people
from sarana.learning.population.pairs.filling import actions as filling
from sarana.learning.population.pairs.laying import Laid
from sarana.learning.population.sources import policy
from sarana.learning.population.sources.models import Source, Update
from sarana.learning.population.sources.updates import queries as update_queries
from sarana.methods.population.protected_tables import ProtectedRun
from sarana.methods.runs.means import Means

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
    refs = [str(source.ref) for source in sources]
    update_queries.chosen_of(area, refs)
    update_queries.folders_before(area, is_invented=update_queries.all_invented(refs))
    made = Update(agency=agency, area=area, name=wanted.name, as_of=wanted.as_of, indicators=wanted.indicators)
    made.until, made.impact_assessment = wanted.until, wanted.impact_assessment
    made.sources = refs
    boundaries = find_in_force(actor, area)
    made.boundaries_ref = boundaries.ref if boundaries else None
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
            raise _not_here()


def lay_out(update: Update, folder: Path, means: Means, *, today: dt.date) -> LaidOut:
    """Lay out what pages about people of an update's run need; it touches no row, and `note_laid_out` comes after.

    Raises:
        NotYet: POPULATION-043 its tables were not taken in.
        And the faults of `lay_out_people`.
    """
    if update.run_ref is None:
        raise _not_here()
    return lay_out_people(update.run_ref, folder, means, today=today)


def note_laid_out(actor: Actor, update: Update, found: LaidOut) -> None:
    """Write down that people of an update's run were laid out, as the machine's operator does.

    Raises:
        Refused: POPULATION-030 the province is not hers any more.
        NotYet: POPULATION-093 the run was withdrawn meanwhile.
    """
    policy.check_may_update(actor, update.area)
    if update.run_ref is None:
        raise _not_here()
    with transaction.atomic(), postgres.as_task(OPERATOR):
        local_actor = Actor.local(actor.now)
        opened.note_laid_out(local_actor, update.run_ref, found)


def note_filled(actor: Actor, update: Update, laid: Sequence[Laid]) -> None:
    """Write the rows of the queue of an update's run, as the machine's operator does.

    Raises:
        Refused: POPULATION-030 the province is not hers any more.
        NotYet: POPULATION-043 the update is not here any more; POPULATION-119 the run was withdrawn meanwhile.
    """
    policy.check_may_update(actor, update.area)
    if update.run_ref is None:
        raise _not_here()
    with transaction.atomic(), postgres.as_task(OPERATOR):
        local_actor = Actor.local(actor.now)
        filling.note_filled(local_actor, update.run_ref, laid)


def _not_here() -> NotYet:
    return NotYet("POPULATION-043", "This update is not here any more.", cure="Ask for another one.")
