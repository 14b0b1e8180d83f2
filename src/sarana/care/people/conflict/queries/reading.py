"""What was written down of conflicts of interest, for those who write it down: codes of people, and who is kept out."""

from collections.abc import Iterable
from uuid import UUID

from django.db import models
from django.db.models import QuerySet

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet
from sarana.basics.ordering import sort_key
from sarana.care.people import policy as people
from sarana.care.people.conflict import policy
from sarana.care.people.conflict.models import Conflict
from sarana.care.people.conflict.queries.hiding import accounts_kept_out, agencies_kept_out
from sarana.care.people.models import Person
from sarana.care.people.same.queries import group_of, head_of
from sarana.ground.accounts.models import Account, Membership
from sarana.ground.accounts.queries import running
from sarana.ground.vault.identities.listing import is_listed
from sarana.ground.vault.identities.policy import HELPERS


def find_to_flag(actor: Actor, code: str) -> Person | None:
    """The person with a code about whom the actor may write down a conflict; nothing but the code is shown of her."""
    found = _people(actor).filter(code=code).first()
    return None if found is None or is_listed(found.ref) else found


def get_to_flag(actor: Actor, ref: UUID) -> Person:
    """The same by her reference.

    Raises:
        Refused: PEOPLE-090 the actor writes none down.
        Person.DoesNotExist: there is none, or none for the actor, or she was erased.
    """
    policy.check_may_flag(actor)
    if is_listed(ref):
        raise Person.DoesNotExist
    return _people(actor).get(ref=ref)


def conflicts_for(actor: Actor) -> QuerySet[Conflict]:
    """What stands about the people of the actor's agencies, the newest first; nothing about whom it hides from her.

    Raises:
        Refused: PEOPLE-090 the actor reads none.
    """
    policy.check_may_flag(actor)
    rows = Conflict.objects.filter(
        people.unhidden(actor, "person__"), agency_ref__in=policy.agencies_of(actor), lifted_at__isnull=True
    )
    rows = rows.select_related("person").order_by("-flagged_at", "-pk")
    return rows.fetch_mode(models.FETCH_RAISE)


def conflicts_about(actor: Actor, person: Person) -> list[Conflict]:
    """What stands about a person that `get_to_flag` gave."""
    return list(conflicts_for(actor).filter(person=person))


def same_party(conflict: Conflict) -> QuerySet[Conflict]:
    """What stands against the same agency or account about the records that are joined with a person's today."""
    party = {"against_ref": conflict.against_ref, "account_ref": conflict.account_ref}
    rows = Conflict.objects.filter(person__in=together(conflict.person), lifted_at__isnull=True, **party)
    return rows.order_by("pk")


def together(person: Person) -> list[int]:
    """The rows of all records that are joined with a person's, her own among them."""
    return group_of(head_of(person))


def check_not_kept_out(person: Person, agency: UUID) -> None:
    """Make sure that nothing stands against an agency to which something of a person would go.

    Raises:
        NotYet: PEOPLE-094 something does.
    """
    if agency in agencies_kept_out(person):
        raise NotYet(
            "PEOPLE-094",
            "With this agency nothing of this person is shared, and it is asked nothing.",
            cure="Your supervisor or the officer for data protection wrote that down, and says why.",
        )


def staff_for(actor: Actor, person: Person) -> list[tuple[UUID, str]]:
    """Who works in a person's agency in any role and is not kept out yet, by name; without the actor."""
    here = Membership.objects.filter(running(actor.today), agency__ref=person.agency_ref, account__is_active=True)
    others = here.exclude(account__ref__in=[actor.account_ref, *accounts_kept_out(person)])
    return sorted(
        others.values_list("account__ref", "account__name").distinct(), key=lambda each: sort_key(each[1] or "")
    )


def helpers_for(actor: Actor, person: Person) -> list[tuple[UUID, str]]:
    """Who helps in a person's agency and is not kept out, by name: one of these works with her where nobody is left."""
    here = Membership.objects.filter(
        running(actor.today), agency__ref=person.agency_ref, account__is_active=True, role__code__in=HELPERS
    ).exclude(account__ref__in=accounts_kept_out(person))
    return sorted(
        here.values_list("account__ref", "account__name").distinct(), key=lambda each: sort_key(each[1] or "")
    )


def is_anybody_left(actor: Actor, person: Person) -> bool:
    """Whether somebody may open a person who is kept closely: those assigned, and supervisors where she is protected.

    Those who are kept out were unassigned already.
    """
    if person.level == Person.Level.AUDITED or person.assigned.exists():
        return True
    chiefs = Membership.objects.filter(
        running(actor.today), agency__ref=person.agency_ref, account__is_active=True, role__code="supervisor"
    )
    is_open_to_chiefs = person.level == Person.Level.PROTECTED
    return is_open_to_chiefs and chiefs.exclude(account__ref__in=accounts_kept_out(person)).exists()


def names_of_staff(refs: Iterable[UUID | None]) -> dict[UUID, str]:
    """What some accounts are called at work."""
    return dict(Account.objects.filter(ref__in={ref for ref in refs if ref}).values_list("ref", "name"))


def _people(actor: Actor) -> QuerySet[Person]:
    rows = Person.objects.filter(people.unhidden(actor), agency_ref__in=policy.agencies_of(actor))
    return rows.select_related("subject", "led_by").fetch_mode(models.FETCH_RAISE)
