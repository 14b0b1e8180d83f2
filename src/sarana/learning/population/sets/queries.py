"""The reading doors of indicator sets, of what was said of them, and of what they would change."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import models
from django.db.models import Q, QuerySet

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet
from sarana.ground.accounts.models import Agency
from sarana.ground.accounts.queries import kinds_worked_in
from sarana.learning.population.changes.showing import off_by
from sarana.learning.population.models import AreaLevel, Figure, Run, Update
from sarana.learning.population.sets import policy
from sarana.learning.population.sets.models import OwnSet, SetEffect, SetNote
from sarana.learning.population.sources.updating import folder_of
from sarana.methods.risk.sets import list_sets, load_set
from sarana.methods.risk.shapes import IndicatorSet
from sarana.methods.risk.writing import write_set
from sarana.methods.runs.folder import find_card

State = OwnSet.State


def check_may_look(actor: Actor) -> None:
    """Make sure that an actor has a door here, wherever she works.

    Raises:
        Refused: POPULATION-140 she has none.
    """
    policy.check_may_look(actor, kinds_worked_in(actor))


def sets_for(actor: Actor) -> QuerySet[OwnSet]:
    """The versions of provinces' own sets.

    Raises:
        Refused: POPULATION-140 she has no door here.
    """
    check_may_look(actor)
    return OwnSet.objects.select_related("agency").fetch_mode(models.FETCH_RAISE)


def get_set(actor: Actor, ref: UUID) -> OwnSet:
    """One version of a province's own set.

    Raises:
        Refused: POPULATION-140 she has no door here.
        OwnSet.DoesNotExist: there is none.
    """
    return sets_for(actor).get(ref=ref)


def find_ours(actor: Actor, name: str) -> IndicatorSet | None:
    """A set that comes with Sarana.

    Raises:
        Refused: POPULATION-140 she has no door here.
    """
    check_may_look(actor)
    return load_set(name) if name in list_sets() else None


def notes_of(about: str) -> list[SetNote]:
    """What was said of a set that an actor was given, the oldest first, without what was taken back."""
    rows = SetNote.objects.filter(about=about, taken_back_at__isnull=True).select_related("agency")
    return list(rows.order_by("said_at", "pk"))


def get_note(actor: Actor, ref: UUID) -> SetNote:
    """One note.

    Raises:
        Refused: POPULATION-140 she has no door here.
        SetNote.DoesNotExist: there is none, or it was taken back.
    """
    check_may_look(actor)
    return SetNote.objects.select_related("agency").get(ref=ref, taken_back_at__isnull=True)


def effects_of(own: OwnSet) -> list[SetEffect]:
    """What a version that an actor was given would change, as it is now; the newest first.

    The updates are not joined: not everyone may read them, and a row would be gone with its update.
    """
    rows = SetEffect.objects.filter(own=own, content_hash=own.content_hash)
    return list(rows.order_by("-made_at", "-pk"))


def count_effects(area: str, update_pk: int, since: datetime) -> int:
    """How often a province was asked since a moment what another set would change, and this run of it ever.

    Not by the run alone: the same files can be run again. For the actions that ask and keep.
    """
    asked = Q(made_at__gte=since) | Q(update_id=update_pk)
    return SetEffect.objects.filter(asked, own__area=area).count()


def lock_sets_of(area: str) -> None:
    """Let nobody else keep an answer of this province until this is done."""
    list(OwnSet.objects.select_for_update().filter(area=area).order_by("pk").values_list("pk", flat=True))


def agencies_of(actor: Actor, refs: Iterable[UUID]) -> list[Agency]:
    """The agencies at work of these that are hers."""
    return list(Agency.objects.filter(ref__in=refs, closed_on__isnull=True).order_by("name"))


def adopted_in(areas: Iterable[str]) -> list[OwnSet]:
    """The adopted versions of these provinces, for the form that starts a yearly update."""
    rows = OwnSet.objects.filter(area__in=list(areas), state=State.ADOPTED)
    return list(rows.order_by("area", "set_id", "-number"))


def file_of_adopted(ref: str, area: str) -> bytes:
    """The file of an adopted version of a province, for the work of a yearly update.

    Raises:
        NotYet: POPULATION-144 it is not adopted.
    """
    own = OwnSet.objects.filter(ref=ref, area=area, state=State.ADOPTED).first()
    if own is None:
        raise NotYet(
            "POPULATION-144",
            "This set of the province is not adopted.",
            cure="Choose one that is, or have this one adopted first.",
        )
    return write_set(own.held())


def runs_of(area: str) -> list[Update]:
    """The updates of a province that ended, are shown, and whose files on people still open; the newest first."""
    shown = Run.objects.filter(area=area, withdrawn_at__isnull=True).values("ref")
    rows = Update.objects.filter(area=area, run_ref__in=shown).order_by("-as_of", "-asked_at")
    return [row for row in rows if _opens(row)]


def get_run_of(area: str, ref: UUID) -> Update:
    """One of them, for the work that asks it.

    Raises:
        NotYet: POPULATION-144 it is not here any more.
    """
    found = next((row for row in runs_of(area) if row.ref == ref), None)
    if found is None:
        raise NotYet(
            "POPULATION-144",
            "The files of this run are not here, or do not open any more.",
            cure="Choose another run, or have the operator hold the sets against each other at the machine.",
        )
    return found


def count_off(update: Update) -> int:
    """By how many people a count of the map of an update that was found here may be off, for it was rounded."""
    return off_by(_maps_of(update).get())


def local_names(update: Update, codes: Iterable[str]) -> dict[str, str]:
    """The names of some districts of the map of an update in the language of the country, where there are any."""
    rows = Figure.objects.filter(run__in=_maps_of(update), level=AreaLevel.DISTRICT, group="all", code__in=list(codes))
    return dict(rows.order_by("code").values_list("code", "name_local"))


def _maps_of(update: Update) -> QuerySet[Run]:
    """The map of an update; none where it did not end."""
    return Run.objects.filter(ref__in=Update.objects.filter(pk=update.pk, run_ref__isnull=False).values("run_ref"))


def _opens(update: Update) -> bool:
    card = find_card(folder_of(update.ref))
    return bool(card and card.get("complete") and not card.get("erased"))
