"""The reading doors of photographs: that they are there. What they show opens by an act."""

from collections.abc import Iterable
from uuid import UUID

from django.db import models
from django.db.models import Q, QuerySet

from sarana.basics.actors import Actor
from sarana.care.people import queries as people
from sarana.care.people.models import Person
from sarana.care.people.photographs import policy
from sarana.care.people.photographs.models import MaskedCopy, Photograph
from sarana.care.people.policy import check_may_look
from sarana.ground.vault.identities.listing import is_listed
from sarana.ground.vault.identities.models import Basis
from sarana.ground.vault.identities.queries import bases_of
from sarana.methods.sealing.identities import Tier


def photographs_of(actor: Actor, person: Person) -> QuerySet[Photograph]:
    """The photographs of a person of the actor's own agency, the newest first, each with its masked copies.

    Raises:
        Refused: PEOPLE-003 she has no door. NotYet: PEOPLE-004 no purpose is stated.
    """
    rows = _own(actor, policy.seen_by(actor)).filter(person=person).prefetch_related("masked__handed")
    return rows.order_by("-added_at", "-pk")


def get_photograph(actor: Actor, ref: UUID, *, only_to_see: bool = False) -> Photograph:
    """One of a person of the actor's own agency; only to be seen, also of one whom she opened in an emergency.

    Raises:
        Refused: PEOPLE-003; NotYet: PEOPLE-004 as `photographs_of`. BadFile: VAULT-066, VAULT-067 it is not known who
            was erased.
        Photograph.DoesNotExist: there is none, or none for her, or its person was erased.
    """
    found = _own(actor, (policy.seen_by if only_to_see else policy.openable_by)(actor)).filter(ref=ref).first()
    if found is None or is_listed(found.person.ref):
        raise Photograph.DoesNotExist
    if only_to_see:
        found.person.emergency = people.get_person(actor, found.person.ref).emergency
    return found


def given_of(actor: Actor, person: Person) -> QuerySet[MaskedCopy]:
    """The masked copies of a person of another agency that were given to the actor's agencies, the newest first.

    Raises:
        Refused: PEOPLE-003; NotYet: PEOPLE-004 as `photographs_of`.
    """
    check_may_look(actor)
    rows = MaskedCopy.objects.filter(policy.handed_to(actor), person=person).distinct()
    return rows.order_by("-made_at", "-pk").fetch_mode(models.FETCH_RAISE)


def get_masked(actor: Actor, ref: UUID) -> MaskedCopy:
    """A masked copy of a person of the actor's own agency.

    Raises:
        Refused: PEOPLE-003; NotYet: PEOPLE-004; BadFile: VAULT-066, VAULT-067 as `get_photograph`.
        MaskedCopy.DoesNotExist: there is none, or none for her, or its person was erased.
    """
    check_may_look(actor)
    return _one(MaskedCopy.objects.filter(policy.openable_by(actor)), ref)


def find_given(actor: Actor, ref: UUID) -> MaskedCopy | None:
    """A masked copy that another agency gave, with its person; None where it did not, or the basis is over.

    Raises:
        Refused: PEOPLE-003; NotYet: PEOPLE-004; BadFile: VAULT-066, VAULT-067 as `get_photograph`.
    """
    check_may_look(actor)
    try:
        return _one(MaskedCopy.objects.filter(policy.handed_to(actor)), ref)
    except MaskedCopy.DoesNotExist:
        return None


def bases_for(actor: Actor, person: Person) -> list[Basis]:
    """The living bases on which masked copies of a person may be given to another agency.

    Raises:
        Refused: VAULT-060 the actor has no door. NotYet: VAULT-061 no purpose is stated.
    """
    rows = bases_of(actor, person.ref).filter(ended_at__isnull=True, until__gte=actor.today)
    return [basis for basis in rows if Tier.MASKED in basis.all_tiers()]


def files_of(person: Person) -> list[UUID]:
    """The sealed files of a person: her photographs, and their masked copies."""
    kept = Photograph.objects.filter(person=person)
    copies = MaskedCopy.objects.filter(person=person)
    return [*kept.values_list("ref", flat=True), *copies.values_list("ref", flat=True)]


def refs_known(refs: Iterable[str]) -> frozenset[str]:
    """Which of some references are of photographs or masked copies; asked by the machine, which sees every row."""
    wanted = [ref for ref in refs if _is_ref(ref)]
    found = (model.objects.filter(ref__in=wanted).values_list("ref", flat=True) for model in (Photograph, MaskedCopy))
    return frozenset(str(ref) for rows in found for ref in rows)


def _is_ref(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False


def _own(actor: Actor, of: Q) -> QuerySet[Photograph]:
    check_may_look(actor)
    rows = Photograph.objects.filter(of).distinct()
    return rows.select_related("person").fetch_mode(models.FETCH_RAISE)


def _one(rows: QuerySet[MaskedCopy], ref: UUID) -> MaskedCopy:
    found = rows.filter(ref=ref).select_related("person").distinct().fetch_mode(models.FETCH_RAISE).first()
    if found is None or is_listed(found.person.ref):
        raise MaskedCopy.DoesNotExist
    return found
