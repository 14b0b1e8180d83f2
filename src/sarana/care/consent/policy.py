"""Who reads what a person agreed to, writes it down and takes it back: those who help, in the agencies concerned."""

from uuid import UUID

from django.db.models import Q

from sarana.basics.actors import Actor
from sarana.basics.errors import Refused
from sarana.basics.policy import Access, Reach, Rule, Thing, decide
from sarana.ground.rules import Paths, openable
from sarana.ground.vault.identities.policy import HELPERS

KIND = "consent"

TABLE = (Rule(KIND, HELPERS, Reach.AGENCY, Access.CHANGE),)

OWN, GIVEN = Paths(agency="agency_ref"), Paths(agency="basis__recipient_ref")


def openable_by(actor: Actor) -> Q:
    """What people of the actor's agencies agreed to."""
    return openable(TABLE, actor, KIND, OWN)


def given_to(actor: Actor) -> Q:
    """What lets the actor's agencies read somebody today, for the purpose that she stated; nothing that ended."""
    lives = Q(basis__ended_at__isnull=True, basis__until__gte=actor.today, basis__purpose=actor.purpose)
    return openable(TABLE, actor, KIND, GIVEN) & lives


def check_may_change(actor: Actor, agency: UUID) -> None:
    """Only those who help in the person's own agency write it down and take it back.

    Raises:
        Refused: CONSENT-001 she does not.
    """
    if decide(TABLE, actor, Thing(KIND, agency_ref=agency)).access < Access.CHANGE:
        raise Refused(
            "CONSENT-001",
            "What a person agreed to is written down and taken back by those who help in the person's own agency.",
            cure="Ask a case worker or a supervisor of that agency.",
        )
