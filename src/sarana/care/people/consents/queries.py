"""The reading doors of these pages. Who is kept closely is asked of the rules of people, before consents are."""

import contextlib
from collections.abc import Iterable
from uuid import UUID

from django.db import models

from sarana.basics.actors import Actor
from sarana.basics.errors import BadFile
from sarana.care.consent import queries as consents
from sarana.care.consent.models import Consent
from sarana.care.people import policy
from sarana.care.people.models import Person
from sarana.ground.accounts.models import Account
from sarana.ground.vault.identities.listing import is_listed
from sarana.ground.vault.identities.models import Basis
from sarana.ground.vault.identities.queries import law_of, own_basis, shared_for


def get_known(actor: Actor, ref: UUID) -> Person:
    """A person of the actor's own agency whom she may know of for some purpose, whether she stated one or not.

    So what a person agreed to is taken back without a purpose, and where no key opens.

    Raises:
        Refused: PEOPLE-003 she has no door.
        Person.DoesNotExist: there is none, or none for her, or she was erased.
    """
    policy.check_has_role(actor)
    is_erased = False
    with contextlib.suppress(BadFile):
        is_erased = is_listed(ref)
    # Looked for all the same: an answer that came sooner would tell who was erased from who never was.
    rows = Person.objects.filter(policy.known_by(actor), ref=ref).select_related("subject")
    found = rows.fetch_mode(models.FETCH_RAISE).first()
    if found is None or is_erased:
        raise Person.DoesNotExist
    return found


def get_consent(actor: Actor, ref: UUID) -> tuple[Consent, Person]:
    """Something that a person agreed to whom the actor may know of, and that person.

    Raises:
        Refused: PEOPLE-003. Consent.DoesNotExist, Person.DoesNotExist: there is none, or none for her.
    """
    found = consents.get_consent(actor, ref)
    return found, get_known(actor, found.basis.subject.ref)


def get_by_law(actor: Actor, ref: UUID) -> tuple[Basis, Person]:
    """What a supervisor decided by law about a person whom the actor may know of, and that person.

    Raises:
        Refused: PEOPLE-003. Basis.DoesNotExist, Person.DoesNotExist: there is none, or none for her.
    """
    found = own_basis(actor, ref)
    return found, get_known(actor, found.subject.ref)


def agreed_by(actor: Actor, person: Person) -> list[Consent]:
    """What a person agreed to, the newest first; `person` is one that `get_known` gave."""
    return list(consents.consents_for(actor, person.ref))


def by_law(actor: Actor, person: Person) -> list[Basis]:
    """What was decided by law about a person that `get_known` gave, the newest first."""
    return list(law_of(actor, person.ref))


def bases_given(actor: Actor, people: Iterable[Person]) -> dict[int, list[Basis]]:
    """On which bases the actor's agencies read people of others now, for her purpose; by the rows of identities."""
    wanted = [person.subject_id for person in people]
    found: dict[int, dict[int, Basis]] = {}
    for given in shared_for(actor).filter(basis__subject__in=wanted).order_by("basis__begins_at", "basis"):
        found.setdefault(given.basis.subject_id, {})[given.basis_id] = given.basis
    return {subject: list(bases.values()) for subject, bases in found.items()}


def names_of_staff(refs: Iterable[UUID]) -> dict[UUID, str]:
    """What those who explained or wrote down are called at work."""
    return dict(Account.objects.filter(ref__in=set(refs)).values_list("ref", "name"))
