"""Who sees photographs: whoever may know of the person, in her agency; another agency the masked copies given to it."""

from django.db.models import Q

from sarana.basics.actors import Actor
from sarana.care.people import policy as people
from sarana.care.people.knowing.queries import hers
from sarana.ground.rules import Paths, openable
from sarana.ground.vault.identities.policy import HELPERS

PATHS = Paths(agency="agency_ref", level="person__level", assigned="person", assigned_to=hers)


def openable_by(actor: Actor) -> Q:
    """Photographs, or masked copies, of people whom an actor may know of now in her own agencies."""
    mine = openable(people.TABLE, actor, people.KIND, PATHS) & Q(agency_ref__in=actor.agency_refs)
    return mine & people.unhidden(actor, "person__")


def seen_by(actor: Actor) -> Q:
    """The same, and those of people whom the actor opened in an emergency: to be looked at only.

    Use `.distinct()` with it.
    """
    return openable_by(actor) | people.opened_in_emergency(actor, "person__")


def handed_to(actor: Actor) -> Q:
    """The masked copies that were given to the actor's agencies, on bases that live, for the purpose she stated.

    None of a person about whom she has a conflict of interest: who works in both agencies sees neither side.
    """
    if not people.has_purpose(actor):
        return Q(pk__in=())
    return Q(
        handed__recipient_ref__in=frozenset(grant.agency_ref for grant in actor.grants_as(HELPERS)),
        handed__basis__ended_at__isnull=True,
        handed__basis__until__gte=actor.today,
        handed__basis__purpose=actor.purpose,
    ) & people.unhidden(actor, "person__")
