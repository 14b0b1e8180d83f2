"""The search field: what can be found now, by those who may see it."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils.translation import get_language

from sarana.basics.actors import Actor
from sarana.basics.ordering import sort_key
from sarana.ground.accounts import queries
from sarana.ground.accounts.models import Agency, Membership
from sarana.ground.ledger.actions import record

MOST = 50
"""So many of each kind are shown; that there are more is said, never hidden."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: agencies, and people who work in them, with whether there are more than are shown."""

    agencies: list[Agency]
    members: list[Membership]
    has_more: bool

    @property
    def is_empty(self) -> bool:
        """True where nothing was found."""
        return not self.agencies and not self.members


@transaction.atomic
def search(actor: Actor, text: str) -> Found:
    """Agencies and people who work here whose name holds a text; the ledger keeps that one looked, not for what."""
    agencies = list(
        queries.agencies_for(actor).filter(Q(name__icontains=text) | Q(name_local__icontains=text))[: MOST + 1]
    )
    members = list(
        queries.memberships_for(actor).filter(account__name__icontains=text, ended_at__isnull=True)[: MOST + 1]
    )
    language = get_language() or "en"
    found = Found(
        sorted(agencies[:MOST], key=lambda agency: sort_key(agency.called(language))),
        sorted(members[:MOST], key=lambda member: sort_key(member.account.name)),
        has_more=max(len(agencies), len(members)) > MOST,
    )
    record(actor, "desk.searched", n_things=len(found.agencies) + len(found.members))
    return found
