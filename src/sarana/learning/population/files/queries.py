"""The reading doors of files of maps: one's own, and those whose time is over."""

from collections.abc import Mapping
from uuid import UUID

from django.db import models
from django.db.models import Q, QuerySet

from sarana.basics.actors import Actor
from sarana.learning.population import policy
from sarana.learning.population import queries as maps
from sarana.learning.population.files.folder import KEPT
from sarana.learning.population.models import MapFile, Run


def files_for(actor: Actor) -> QuerySet[MapFile]:
    """The files that an actor asked for; of runs that were withdrawn too, so that she learns of it.

    Raises:
        Refused: POPULATION-001 she has no door here.
    """
    maps.check_may_look(actor)
    own = MapFile.objects.filter(policy.files_openable_by(actor))
    return own.select_related("run__agency", "job").fetch_mode(models.FETCH_RAISE)


def get_file(actor: Actor, ref: UUID) -> MapFile:
    """One file that an actor asked for.

    Raises:
        Refused: POPULATION-001 she has no door here.
        MapFile.DoesNotExist: there is none, or it is not hers.
    """
    return files_for(actor).get(ref=ref)


def find_same(actor: Actor, run: Run, told: Mapping[str, str]) -> MapFile | None:
    """The file of this choice that was asked for before and is not gone."""
    return files_for(actor).filter(run=run, gone_at__isnull=True, **told).first()


def over(actor: Actor) -> QuerySet[MapFile]:
    """The files whose time is over: fetched until their day, never made, or of a run that was withdrawn.

    For the work that takes them away, and for whoever asks for the same file anew.
    """
    late = Q(until__lte=actor.now) | Q(until__isnull=True, asked_at__lte=actor.now - KEPT)
    return MapFile.objects.filter(late | Q(run__withdrawn_at__isnull=False), gone_at__isnull=True)


def living() -> frozenset[UUID]:
    """The references of all files that are not gone, for the work that takes the others away."""
    return frozenset(MapFile.objects.filter(gone_at__isnull=True).values_list("ref", flat=True))
