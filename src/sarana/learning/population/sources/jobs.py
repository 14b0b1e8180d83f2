"""Long work on sources: looking through what was handed over, and the yearly update that is made of it."""

import datetime as dt
from functools import partial
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet
from sarana.basics.progress import Progress
from sarana.basics.work import Args, Kind, Receipt, Step, Work
from sarana.ground.vault import places
from sarana.learning.population.sources import actions, policy, queries
from sarana.learning.population.sources.beside import beside
from sarana.learning.population.sources.describing import Asked, Chosen, laid_out
from sarana.learning.population.sources.keys import keys_of_runs
from sarana.learning.population.sources.updates import actions as update_actions
from sarana.learning.population.sources.updates import queries as update_queries
from sarana.learning.population.sources.updating import protected_of, run_update
from sarana.methods.engine import Engine
from sarana.methods.population.guards import check_guards
from sarana.methods.questions.profile import Profile, profile_sources
from sarana.methods.runs.folder import said_plainly
from sarana.methods.runs.handed import HandedDoor
from sarana.methods.runs.means import Means, check_room, engine_memory_mib, read_means

PROFILE = "population.profile"


def means() -> Means:
    """Threads and memory that the operator gives to long work."""
    return read_means(settings.SARANA_THREADS, settings.SARANA_MEMORY)


def _check(actor: Actor, args: Args) -> None:
    """Whoever hands files over; which source it is, is asked by the step, where rows may be read."""
    if not policy.has_role(actor):
        raise policy.not_hers()
    if "source" not in args:
        raise NotYet("POPULATION-039", "This work is asked for on the page of a source.", cure="Open the source.")


def _profile(work: Work) -> Receipt:
    ref = UUID(work.args["source"])
    with work.saving(0, 0):
        source = queries.get_source_or_refuse(work.actor, ref)
        areas, chosen = queries.chosen_with_areas(work.actor, source)
    asked = Asked(
        name=source.name,
        province=source.area[2:],
        as_of=source.as_of,
        indicators="th-north-28",
        is_invented=source.is_invented,
        impact_assessment=source.impact_assessment,
    )
    found = beside(work, lambda progress: _profiled(asked, areas, chosen, progress, today=work.actor.today))
    with work.saving(1, 1):
        made = actions.keep_profile(work.actor, source, chosen, found)
    told = found.files[0]
    return {
        "rows": told.n_rows,
        "set_aside": sum(told.set_aside.values()),
        "unknown": sum(column.n_codes for column in told.unknown),
        "profile": str(made.ref),
    }


def _profiled(asked: Asked, areas: Chosen, chosen: Chosen, progress: Progress, *, today: dt.date) -> Profile:
    room = means()
    check_room(room, chosen.n_lines)
    door = HandedDoor(keys_of_runs(today), places.unlocked)
    with said_plainly(), laid_out(asked, areas, [chosen]) as (sources, data):
        check_guards(sources, today)
        memory = f"{engine_memory_mib(room)}MiB"
        with Engine(
            threads=room.threads, memory=memory, temp=data.parent / "temp", folders=[data], door=door
        ) as engine:
            return profile_sources(engine, sources, progress)


def _check_update(actor: Actor, args: Args) -> None:
    """Whoever answers for the province; which update it is, is asked by the steps, where rows may be read."""
    if "update" not in args:
        raise NotYet("POPULATION-039", "This work is asked for on the page of updates.", cure="Open the page.")
    policy.check_may_update(actor, args.get("area", ""))


def _run(work: Work) -> Receipt:
    with work.saving(0, 0):
        update = update_queries.get_update(work.actor, UUID(work.args["update"]))
        areas, chosen = update_queries.chosen_of(update.area, update.sources)
        after = update_queries.folders_before(update.area)
        is_invented = update_queries.all_invented(update.sources)
    asked = Asked(
        name=update.name,
        province=update.area[2:],
        as_of=update.as_of,
        indicators=update.indicators,
        is_invented=is_invented,
        impact_assessment=update.impact_assessment,
    )
    run = partial(
        run_update, update.ref, asked, areas, chosen, means=means(), today=work.actor.today, until=update.until
    )
    return {"rows": beside(work, lambda progress: run(after=after, progress=progress)), "sources": len(chosen)}


def _take_in(work: Work) -> Receipt:
    with work.saving(0, 1):
        update = update_queries.get_update(work.actor, UUID(work.args["update"]))
    found = beside(work, lambda _progress: protected_of(update.ref, work.actor.today))
    with work.saving(1, 1):
        update_actions.take_in_update(work.actor, update, found)
    return {"areas": sum(row["group"] == "all" for row in found.rows)}


KINDS = (
    Kind(
        code=update_actions.CODE,
        words=_("Yearly update of a province"),
        check=_check_update,
        thing=lambda args: f"{update_actions.CODE}:{args.get('area', '')}",
        steps=lambda _args: (
            Step(_("Read, link, index, protect"), _run),
            Step(_("Show the protected tables"), _take_in),
        ),
        about=lambda args: args.get("area", ""),
        counts={"rows": _("Rows"), "sources": _("Sources"), "areas": _("Areas")},
    ),
    Kind(
        code=PROFILE,
        words=_("Look through the files of a source"),
        check=_check,
        thing=lambda args: f"{PROFILE}:{args.get('source', '')}",
        steps=lambda _args: (Step(_("Read and count"), _profile),),
        counts={"rows": _("Rows"), "set_aside": _("would be set aside"), "unknown": _("codes that are not known")},
    ),
)
