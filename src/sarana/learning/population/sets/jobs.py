"""Long work on sets: what a draft would change on a run whose folder lies here, sealed."""

from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet
from sarana.basics.progress import Progress
from sarana.basics.work import Args, Kind, Receipt, Step, Work
from sarana.ground.vault import places
from sarana.learning.population.sets import actions, policy, queries
from sarana.learning.population.sources.beside import beside
from sarana.learning.population.sources.keys import keys_of_runs
from sarana.learning.population.sources.updating import folder_of
from sarana.methods.questions.asked_run import asked
from sarana.methods.questions.blurred import Blur
from sarana.methods.questions.sets_diff import SetsDiff, diff_sets
from sarana.methods.risk.shapes import IndicatorSet
from sarana.methods.runs.handed import HandedDoor
from sarana.methods.runs.means import read_means


def _check(actor: Actor, args: Args) -> None:
    """Whoever changes sets of the province; which draft it is, is asked by the step, where rows may be read."""
    if "set" not in args or "update" not in args:
        raise NotYet("POPULATION-147", "This work is asked for on the page of a draft.", cure="Open the draft.")
    policy.check_may_change(actor, args.get("area", ""))


def _effect(work: Work) -> Receipt:
    with work.saving(0, 0):
        own = queries.get_set(work.actor, UUID(work.args["set"]))
        update = queries.get_run_of(own.area, UUID(work.args["update"]))
        actions.check_may_ask_more(work.actor, own, update)
        off_by = queries.count_off(update)
    folder, held, today = folder_of(update.ref), own.held(), work.actor.today
    # Of one content of one version on one run: what is kept once. Any other answer has noise of its own.
    of_answer = f"{own.ref} {update.ref} {own.content_hash}"
    blur = Blur(salted_hmac(actions.CODE, of_answer, algorithm="sha256").digest())
    door = HandedDoor(keys_of_runs(today), places.unlocked)
    found = beside(work, lambda progress: _held_against(folder, held, door, (blur, off_by), progress))
    with work.saving(1, 1):
        actions.keep_effect(work.actor, own, update, found)
    return {"indicators": len(found.indicators)}


def _held_against(
    folder: Path, held: IndicatorSet, door: HandedDoor, unsure: tuple[Blur, int], progress: Progress
) -> SetsDiff:
    means = read_means(settings.SARANA_THREADS, settings.SARANA_MEMORY)
    with asked(folder, means, door) as (engine, run):
        blur, off_by = unsure
        return diff_sets(engine, run, run.settings.set, held, progress, blur=blur, off_by=off_by)


KINDS = (
    Kind(
        code=actions.CODE,
        words=_("What another set of indicators would change"),
        check=_check,
        thing=lambda args: f"{actions.CODE}:{args.get('set', '')}",
        steps=lambda _args: (Step(_("Hold both sets against each other"), _effect),),
        about=lambda args: args.get("area", ""),
        counts={"indicators": _("Indicators that differ")},
    ),
)
