"""The reading doors of sources, and of the files that were handed over for them."""

from uuid import UUID

from django.db import models
from django.db.models import Prefetch, QuerySet

from sarana.basics.actors import Actor
from sarana.ground.accounts.models import Agency
from sarana.learning.population.sources import policy
from sarana.learning.population.sources.models import HandedFile, Source


def sources_for(actor: Actor) -> QuerySet[Source]:
    """The sources that an actor may see, each with its files that lie here.

    Raises:
        Refused: POPULATION-030 she has no door here.
    """
    at_work_in = Agency.objects.filter(ref__in=actor.agency_refs).values_list("kind", flat=True)
    policy.check_may_look(actor, frozenset(at_work_in))
    lying = Prefetch("files", HandedFile.objects.filter(let_go_at__isnull=True), to_attr="lying")
    rows = Source.objects.filter(policy.openable_by(actor)).select_related("agency").prefetch_related(lying)
    return rows.fetch_mode(models.FETCH_RAISE)


def get_source(actor: Actor, ref: UUID) -> Source:
    """One source.

    Raises:
        Refused: POPULATION-030 she has no door here.
        Source.DoesNotExist: there is none, or it is not for her.
    """
    return sources_for(actor).get(ref=ref)


def get_file(actor: Actor, ref: UUID) -> HandedFile:
    """One file that lies here, with its source.

    Raises:
        Refused: POPULATION-030 she has no door here.
        HandedFile.DoesNotExist: there is none, or it is not for her.
    """
    mine = sources_for(actor).prefetch_related(None)
    rows = HandedFile.objects.filter(source__in=mine.values("pk"), let_go_at__isnull=True)
    return rows.select_related("source__agency").get(ref=ref)


def agencies_of(actor: Actor) -> list[Agency]:
    """The agencies for which she may register a source."""
    refs = [grant.agency_ref for grant in policy.grants_of(actor)]
    return list(Agency.objects.filter(ref__in=refs, closed_on__isnull=True).order_by("name"))


def files_of(source: Source) -> dict[str, HandedFile]:
    """The files that lie here for a source, by the part that each is."""
    return {row.part: row for row in HandedFile.objects.filter(source=source, let_go_at__isnull=True)}


def refs_lying() -> frozenset[str]:
    """The references of all files that should lie here, for the sweep of what nobody knows of."""
    return frozenset(
        str(ref) for ref in HandedFile.objects.filter(let_go_at__isnull=True).values_list("ref", flat=True)
    )
