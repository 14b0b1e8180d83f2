"""The reading doors of yearly updates."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from uuid import UUID

from django.db import models
from django.db.models import QuerySet

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet
from sarana.ground.accounts.queries import kinds_worked_in
from sarana.ground.jobs.queries import Course, courses_of
from sarana.ground.walls import postgres
from sarana.ground.walls.guards import OPERATOR
from sarana.learning.population.models import Run, Update
from sarana.learning.population.pairs import queries as pairs
from sarana.learning.population.pairs.keeping import Before
from sarana.learning.population.queries import tables_of
from sarana.learning.population.sets.queries import file_of_adopted
from sarana.learning.population.sources import policy, queries
from sarana.learning.population.sources.describing import Chosen
from sarana.learning.population.sources.models import Source
from sarana.learning.population.sources.updating import folder_of
from sarana.methods.population.layouts import AREAS
from sarana.methods.population.protected_tables import TABLE
from sarana.methods.risk.sets import list_sets


def updates_for(actor: Actor) -> QuerySet[Update]:
    """The updates that an actor may see.

    Raises:
        Refused: POPULATION-030 she has no door here.
    """
    policy.check_may_look_at_updates(actor, kinds_worked_in(actor))
    rows = Update.objects.filter(policy.updates_openable_by(actor)).select_related("agency")
    return rows.fetch_mode(models.FETCH_RAISE)


def with_courses(rows: Iterable[Update]) -> list[tuple[Update, Course | None]]:
    """Updates that an actor may see, each with how far its work came: a colleague goes on where another one began."""
    every = list(rows)
    found = courses_of(row.job_ref for row in every)
    return [(row, found.get(row.job_ref) if row.job_ref else None) for row in every]


def get_update(actor: Actor, ref: UUID) -> Update:
    """One update, for the work that it is.

    Raises:
        Refused: POPULATION-030 it is not hers any more.
    """
    found = updates_for(actor).filter(ref=ref).first()
    if found is None:
        raise policy.not_hers()
    return found


def complete_sources(actor: Actor) -> list[Source]:
    """The sources that an actor may see all of whose files are here, without lists of villages."""
    every = queries.sources_for(actor).exclude(layout=AREAS).order_by("area", "code")
    return [row for row in every if len(row.lying) == len(row.laid_out().parts)]


def chosen_of(area: str, refs: Sequence[str]) -> tuple[Chosen, list[Chosen]]:
    """The list of villages of a province and some of its sources, as a run reads them; the actions asked their rule.

    Raises:
        NotYet: POPULATION-039 files are missing, or no source was chosen; POPULATION-040 there is no list.
    """
    areas = Source.objects.filter(area=area, layout=AREAS).first()
    if areas is None:
        raise queries.no_areas()
    found = Source.objects.filter(area=area, ref__in=refs).exclude(layout=AREAS).order_by("code")
    chosen = [queries.chosen(source) for source in found]
    if not chosen or len(chosen) != len(set(refs)):
        raise NotYet(
            "POPULATION-039",
            "No source of the province was chosen, or one of them is not there any more.",
            cure="Choose sources all of whose files are here.",
        )
    return queries.chosen(areas), chosen


def known_before(update: Update) -> Before:
    """What was judged of an update's run and of others of its province, and who objected; the work asked its rule.

    Raises:
        NotYet: POPULATION-043 its tables were not taken in.
    """
    if update.run_ref is None:
        raise NotYet("POPULATION-043", "The tables of this update are not here.", cure="Ask for another one.")
    return pairs.known_before(update.run_ref)


def own_set_of(update: Update) -> bytes:
    """The file of the province's own set by which an update measures; empty where it is one that comes with Sarana.

    Raises:
        NotYet: POPULATION-144 it is not adopted, or not any more.
    """
    return b"" if update.indicators in list_sets() else file_of_adopted(update.indicators, update.area)


def all_invented(refs: Sequence[str]) -> bool:
    """Whether all people in these sources are invented."""
    return not Source.objects.filter(ref__in=refs, is_invented=False).exists()


def folder_of_run(run_ref: UUID) -> Path | None:
    """The folder of a run that an update made here; None of any other. For work of the machine itself."""
    with postgres.as_task(OPERATOR):
        found = Update.objects.filter(run_ref=run_ref).order_by("-pk").first()
    return None if found is None else folder_of(found.ref)


def folders_before(area: str, *, is_invented: bool) -> list[Path]:
    """The folders of the runs of a province whose tables were taken in: a new one has to be made beside them.

    Raises:
        NotYet: POPULATION-043 one of these tables was not made here.
    """
    refs = Update.objects.filter(area=area, run_ref__isnull=False).values_list("ref", "run_ref")
    of_run = {run_ref: folder_of(ref) for ref, run_ref in refs if run_ref is not None}
    wanted = tables_of(area, is_invented=is_invented)
    here = Run.objects.filter(area=area, ref__in=of_run, table_hash__in=wanted)
    hashes = dict(here.values_list("ref", "table_hash"))
    if wanted - set(hashes.values()) or any(not (of_run[ref] / TABLE).is_file() for ref in hashes):
        raise NotYet(
            "POPULATION-043",
            "A table of this province was taken in whose run was not made here, and the new one has to be made "
            "beside it.",
            cure="Have the operator do the run at the machine, with --after and the folder of each earlier run.",
        )
    return [of_run[ref] for ref in hashes]
