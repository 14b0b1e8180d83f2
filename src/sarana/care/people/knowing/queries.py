"""What rules of people ask for: with whom somebody works, and whether a row's person is one of those."""

from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from sarana.care.people.models import Assigned, Person


def hers(account: UUID) -> QuerySet[Assigned, Any]:
    """The rows of people with whom an account works."""
    return Assigned.objects.filter(account_ref=account).values("person")


def whose(people: Q, at: str = "person") -> Q:
    """Rows whose person is one of these; `at` is where she stands, seen from the row.

    Each row asks for her alone: what belongs to few is found without reading all people of an agency.
    """
    return Q(Exists(Person.objects.filter(people, pk=OuterRef(at))))
