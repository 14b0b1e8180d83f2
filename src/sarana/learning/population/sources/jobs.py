"""Long work on sources: looking through what was handed over, and the yearly update that is made of it."""

from functools import partial
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet
from sarana.basics.progress import Progress
from sarana.basics.work import Args, Kind, Receipt, Step, Work
from sarana.learning.population.boundaries.queries import find_drawn_by, told_of, unpacked
from sarana.learning.population.pairs.laying import lay_out_of
from sarana.learning.population.pairs.queries import judged_in
from sarana.learning.population.sources import actions, policy, queries
from sarana.learning.population.sources.beside import beside
from sarana.learning.population.sources.columns import actions as column_actions
from sarana.learning.population.sources.columns import queries as column_queries
from sarana.learning.population.sources.columns.seeing import Room, reading, seen
from sarana.learning.population.sources.describing import Asked, Chosen
from sarana.learning.population.sources.models import Source
from sarana.learning.population.sources.updates import actions as update_actions
from sarana.learning.population.sources.updates import queries as update_queries
from sarana.learning.population.sources.updating import folder_of, protected_of, run_update
from sarana.methods.questions.profile import Profile, profile_sources
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


def _see(work: Work) -> Receipt:
    """See the columns of files that nobody saw yet, also where a profile cannot be made of them."""
    source, areas, chosen = _asked_for(work)
    with work.saving(0, 0):
        wanted = column_queries.files_not_seen(source)
        villages = queries.villages_beside(work.actor, source)
        more = column_queries.files_not_seen(villages) if villages else []
    refs = frozenset(str(file.ref) for file in (*wanted, *more))
    if refs:
        found = beside(
            work,
            lambda progress: seen(_asked(source), areas, chosen, refs, progress=progress, room=_room(work, chosen)),
        )
        with work.saving(1, 1):
            for owner in (source, villages):
                if owner is not None:
                    column_actions.keep_columns(work.actor, owner, found)
    return {"files": len(refs)}


def _profile(work: Work) -> Receipt:
    source, areas, chosen = _asked_for(work)
    found = beside(work, lambda progress: _profiled(_asked(source), areas, chosen, progress, _room(work, chosen)))
    with work.saving(1, 1):
        made = actions.keep_profile(work.actor, source, chosen, found)
    told = found.files[0]
    return {
        "rows": told.n_rows,
        "set_aside": sum(told.set_aside.values()),
        "unknown": sum(column.n_codes for column in told.unknown),
        "profile": str(made.ref),
    }


def _asked_for(work: Work) -> tuple[Source, Chosen, Chosen]:
    """The source that the work is about, the list of villages beside it, and itself as a run reads it."""
    with work.saving(0, 0):
        source = queries.get_source_or_refuse(work.actor, UUID(work.args["source"]))
        areas, chosen = queries.chosen_with_areas(work.actor, source)
    return source, areas, chosen


def _asked(source: Source) -> Asked:
    return Asked(
        name=source.name,
        province=source.area[2:],
        as_of=source.as_of,
        indicators="th-north-28",
        is_invented=source.is_invented,
        impact_assessment=source.impact_assessment,
    )


def _room(work: Work, chosen: Chosen) -> Room:
    room = means()
    check_room(room, chosen.n_lines)
    return Room(room.threads, f"{engine_memory_mib(room)}MiB", work.actor.today)


def _profiled(asked: Asked, areas: Chosen, chosen: Chosen, progress: Progress, room: Room) -> Profile:
    with reading(asked, areas, chosen, room) as (engine, sources, _data):
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
        is_invented = update_queries.all_invented(update.sources)
        after = update_queries.folders_before(update.area, is_invented=is_invented)
        judged = judged_in(update.area)
        own_set = update_queries.own_set_of(update)
        drawn_by = find_drawn_by(work.actor, update.boundaries_ref)
        outlines = unpacked(drawn_by)
    asked = Asked(
        name=update.name,
        province=update.area[2:],
        as_of=update.as_of,
        indicators=update.indicators,
        is_invented=is_invented,
        impact_assessment=update.impact_assessment,
        own_set=own_set,
        boundaries=outlines,
        drawn=told_of(drawn_by),
    )
    run = partial(
        run_update, update.ref, asked, areas, chosen, means=means(), today=work.actor.today, until=update.until
    )
    run = partial(run, judged=judged)
    return {"rows": beside(work, lambda progress: run(after=after, progress=progress)), "sources": len(chosen)}


def _take_in(work: Work) -> Receipt:
    with work.saving(0, 1):
        update = update_queries.get_update(work.actor, UUID(work.args["update"]))
    found = beside(work, lambda _progress: protected_of(update.ref, work.actor.today))
    with work.saving(1, 1):
        update_actions.take_in_update(work.actor, update, found)
    return {"areas": sum(row["group"] == "all" for row in found.rows)}


def _lay_out(work: Work) -> Receipt:
    with work.saving(0, 1):
        update = update_queries.get_update(work.actor, UUID(work.args["update"]))
    folder, today = folder_of(update.ref), work.actor.today
    found = beside(work, lambda _progress: update_actions.lay_out(update, folder, means(), today=today))
    with work.saving(1, 1):
        update_actions.note_laid_out(work.actor, update, found)
    # No count: less the people in the high band on the map, it would tell how many a register flags.
    return {}


def _fill(work: Work) -> Receipt:
    with work.saving(0, 1):
        update = update_queries.get_update(work.actor, UUID(work.args["update"]))
        before = update_queries.known_before(update)
    folder, today = folder_of(update.ref), work.actor.today
    lay = partial(lay_out_of, update.run_ref, folder, means(), today=today, before=before)
    laid = beside(work, lambda _progress: lay())
    with work.saving(1, 1):
        update_actions.note_filled(work.actor, update, laid)
    return {"pairs": len(laid)}


KINDS = (
    Kind(
        code=update_actions.CODE,
        words=_("Yearly update of a province"),
        check=_check_update,
        thing=lambda args: f"{update_actions.CODE}:{args.get('area', '')}",
        steps=lambda _args: (
            Step(_("Read, link, index, protect"), _run),
            Step(_("Show the protected tables"), _take_in),
            Step(_("Lay out what pages about people need"), _lay_out),
            Step(_("Fill the queue of pairs to judge"), _fill),
        ),
        about=lambda args: args.get("area", ""),
        counts={
            "rows": _("Rows"),
            "sources": _("Sources"),
            "areas": _("Areas"),
            "pairs": _("Pairs to judge"),
        },
    ),
    Kind(
        code=PROFILE,
        words=_("Look through the files of a source"),
        check=_check,
        thing=lambda args: f"{PROFILE}:{args.get('source', '')}",
        steps=lambda _args: (Step(_("See the columns"), _see), Step(_("Read and count"), _profile)),
        counts={
            "files": _("Files"),
            "rows": _("Rows"),
            "set_aside": _("would be set aside"),
            "unknown": _("codes that are not known"),
        },
    ),
)
