"""The reading doors of the year: what is stored of a province's backups, keys, lists, sources, updates and maps."""

import datetime as dt
from dataclasses import dataclass

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet, SaranaError
from sarana.ground.codelists import queries as codelists
from sarana.ground.codelists import sources as lists
from sarana.ground.codelists.models import Edition
from sarana.ground.jobs import queries as jobs
from sarana.ground.jobs.models import Job
from sarana.ground.vault import places
from sarana.ground.vault.journal import Standing, read_standing
from sarana.learning.population.boundaries.queries import Against, against_list, find_in_force
from sarana.learning.population.models import BoundaryFile, Run, Update
from sarana.learning.population.queries import runs_for
from sarana.learning.population.sources import policy
from sarana.learning.population.sources import queries as sources
from sarana.learning.population.sources.columns import queries as columns
from sarana.learning.population.sources.columns.models import FileColumns
from sarana.learning.population.sources.models import Profile, Source
from sarana.learning.population.sources.updates.queries import all_invented, folders_before, updates_for
from sarana.learning.population.year.asking.queries import refused_in

UNDER_WAY = (Job.State.WAITING, Job.State.RUNNING)
PROVINCE = 4
"""So many signs of a mandate's code name its province: two of the country, and two more."""


@dataclass(frozen=True, slots=True)
class Keys:
    """How the organisation's keys stand; nothing is opened to say it."""

    are_there: bool
    open_by_themselves: bool
    have_shares: bool
    tried_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Handed:
    """What is known of one source: the source, its newest profile, and its columns now and before."""

    source: Source
    profile: Profile | None
    now: dict[str, FileColumns]
    before: dict[str, FileColumns]
    headers: dict[str, dict[str, str]]
    said_at: dt.datetime | None
    is_refused: bool


def provinces_of(actor: Actor) -> list[str]:
    """The provinces for which she answers.

    Raises:
        Refused: POPULATION-030 she has no door here.
    """
    updates_for(actor)
    held = {area[:PROVINCE] for grant in policy.officer_grants(actor) for area in grant.mandate}
    return sorted(area for area in held if len(area) == PROVINCE and policy.answers_for(actor, area))


def backups() -> Standing:
    """When a backup was last made here, and when one was last tried; where it lies is the operator's to know."""
    return read_standing(places.home())


def find_keys() -> Keys | None:
    """How the keys stand; None where their file is not whole."""
    try:
        are_there = places.find_keyset() is not None
        return Keys(are_there, places.opens_by_itself(), places.has_shares(), places.shares_tried_on())
    except SaranaError:
        return None


def areas_in_force(actor: Actor, area: str) -> tuple[Edition | None, str]:
    """The edition of the country's areas that is in force, and the version that came with this program."""
    country = lists.countries().get(area[:2])
    found = codelists.find_in_force(actor, country.list_code) if country else None
    return found, country.version if country else ""


def boundaries_in_force(actor: Actor, area: str) -> tuple[BoundaryFile, Against] | None:
    """The boundary file by which the next map is drawn, held against the list of areas; None: cells are drawn."""
    found = find_in_force(actor, area)
    return (found, against_list(actor, area, found.found().codes)) if found else None


def last_update(actor: Actor, area: str) -> Update | None:
    """The update of a province that was last asked for, whatever came of it."""
    return updates_for(actor).filter(area=area).order_by("-asked_at", "-pk").first()


def last_made(actor: Actor, area: str) -> Update | None:
    """The last update of a province whose map is shown; one whose map was withdrawn was not made."""
    shown = runs_for(actor).filter(area=area).values("ref")
    return updates_for(actor).filter(area=area, run_ref__in=shown).order_by("-asked_at", "-pk").first()


def is_under_way(update: Update | None) -> bool:
    """Whether an update that an actor was given waits or runs."""
    return update is not None and update.run_ref is None and jobs.find_state(update.job_ref) in UNDER_WAY


def made_elsewhere(area: str) -> NotYet | None:
    """What keeps an update of a province from being made here: a table of it that was made elsewhere; else nothing."""
    refs = [str(ref) for ref in Source.objects.filter(area=area).values_list("ref", flat=True)]
    try:
        folders_before(area, is_invented=bool(refs) and all_invented(refs))
    except NotYet as err:
        return err
    return None


def last_runs(actor: Actor, area: str) -> list[Run]:
    """The last two maps of a province, the newer first."""
    return list(runs_for(actor).filter(area=area).order_by("-as_of", "-pk")[:2])


def handed(actor: Actor, area: str, read_at: dt.datetime | None) -> list[Handed]:
    """Every source of a province with what is known of its files; `read_at`: when the last map had read them."""
    rows = list(sources.sources_for(actor).filter(area=area).order_by("code"))
    profiles = {row.source_id: row for row in Profile.objects.filter(source__in=rows).order_by("made_at", "pk")}
    now, before = columns.columns_now(rows), columns.columns_before(rows, read_at, actor.today)
    headers, said, refused = columns.headers_of_all(rows), sources.last_said(rows), refused_in(actor, area)
    return [
        Handed(
            source=row,
            profile=profiles.get(row.pk),
            now={part: found for (pk, part), found in now.items() if pk == row.pk},
            before={part: found for (pk, part), found in before.items() if pk == row.pk},
            headers=headers.get(row.pk, {}),
            said_at=said.get(row.pk),
            is_refused=row.pk in refused,
        )
        for row in rows
    ]
