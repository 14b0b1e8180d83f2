"""The writing door of shelves: note that what pages about people need was laid out for a run."""

from dataclasses import replace
from pathlib import Path
from uuid import UUID

from django.db import transaction

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet
from sarana.ground.accounts.queries import has_people
from sarana.ground.ledger.actions import record
from sarana.ground.tasks.actions import ask_again, make_tasks
from sarana.learning.population import policy, queries
from sarana.learning.population.models import Figure, Run
from sarana.learning.population.opened import policy as opened
from sarana.learning.population.opened import shelves
from sarana.learning.population.opened.laying import LaidOut, lay_out_people
from sarana.learning.population.opened.objections.queries import all_known_again
from sarana.learning.population.opened.tasks import ROLE, of_flags, of_somebody
from sarana.methods.runs.means import Means

KIND = "population-people"


def lay_out(actor: Actor, fingerprint: str, folder: Path, means: Means) -> LaidOut:
    """Lay out, for the operator at the machine, what pages about people of a run need.

    Args:
        actor: the operator.
        fingerprint: of the run, as its card gives it.
        folder: where the run lies.
        means: threads and memory.

    Raises:
        Refused: POPULATION-002 it is somebody else.
        NotYet: POPULATION-093 the run is not shown here; VAULT-002, VAULT-031 its key cannot be opened without asking.
    """
    policy.check_may_take_in(actor)
    run = queries.find_taken_in(fingerprint)
    if run is None:
        raise _not_shown()
    found = lay_out_people(run.ref, folder, means, today=actor.today)
    return note_laid_out(actor, run.ref, found)


@transaction.atomic
def note_laid_out(actor: Actor, run_ref: UUID, found: LaidOut) -> LaidOut:
    """Write down that people of a run were laid out; those to be referred now wait for the custodian, each once.

    Where the run was withdrawn meanwhile, the shelf goes at once.

    Returns:
        What was laid out, with those flagged who have no page, and whether anybody holds the role for which tasks wait.

    Raises:
        Refused: POPULATION-002 it is neither the operator nor the machine.
        NotYet: POPULATION-093 the run is not shown any more.
    """
    policy.check_may_take_in(actor)
    run = Run.objects.select_for_update(of=("self",)).select_related("agency").filter(ref=run_ref).first()
    if run is None or run.withdrawn_at is not None:
        shelves.let_go(run_ref)
        raise _not_shown()
    places = {row.code: row for row in queries.places_of(run, {flag.place for flag in found.flagged if flag.place})}
    wanted, without_page = of_flags(actor, run.ref, places, found.flagged)
    make_tasks(actor, run.agency, wanted)
    run.overlaps = [[each.source, each.other, each.per_cent] for each in found.overlaps]
    run.save(update_fields=["overlaps"])
    # How many is not written down: less the people in the high band on the map, it would tell how many are flagged.
    record(actor, "population.people-laid-out", thing_kind=KIND, thing_ref=run.ref, owner_agency_ref=run.agency.ref)
    has_custodian = has_people(run.agency, ROLE)
    return replace(found, without_page=without_page, has_custodian=has_custodian, all_known_again=all_known_again())


def refer_now(actor: Actor, place: Figure, person: UUID) -> bool:
    """Ask the custodian to refer a person now, whom somebody met; gives whether it was not asked already.

    Raises:
        Refused: POPULATION-094 the place is not hers. NotYet: POPULATION-095 no purpose is stated.
    """
    opened.check_may_open(actor, place.area)
    return ask_again(actor, place.run.agency, of_somebody(actor, place, person))


def _not_shown() -> NotYet:
    return NotYet(
        "POPULATION-093",
        "This run is not shown here, so no page about people is laid out for it.",
        cure="Take it in first: sarana population take-in RUN. See what is shown: sarana population maps.",
    )
