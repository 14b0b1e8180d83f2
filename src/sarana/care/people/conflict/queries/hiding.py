"""Whom conflicts of interest hide from somebody. It knows no other room's rules, so that every rule can ask it."""

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from sarana.basics.actors import Actor
from sarana.care.people.conflict.models import Conflict
from sarana.care.people.models import Person


def hidden_from(actor: Actor) -> QuerySet[Conflict, Any]:
    """The rows of people who are hidden from an actor, by her name or because she works in an agency that is flagged.

    Cost: most have none; both columns are found by an index.
    """
    mine = Q(account_ref=actor.account_ref) | Q(against_ref__in=sorted(actor.agency_refs))
    return Conflict.objects.filter(mine, lifted_at__isnull=True).values("person")


def pks_hidden_from(actor: Actor) -> frozenset[int]:
    """The same, looked up."""
    return frozenset(hidden_from(actor).values_list("person_id", flat=True))


def accounts_kept_out(person: Person) -> frozenset[UUID]:
    """Which accounts of her agency have a conflict of interest about a person."""
    rows = Conflict.objects.filter(person=person, lifted_at__isnull=True)
    return frozenset(ref for ref in rows.values_list("account_ref", flat=True) if ref)


def agencies_kept_out(person: Person) -> frozenset[UUID]:
    """Which agencies have one about her."""
    rows = Conflict.objects.filter(person=person, lifted_at__isnull=True)
    return frozenset(ref for ref in rows.values_list("against_ref", flat=True) if ref)
