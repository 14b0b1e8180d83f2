"""Seal who many people are, for the first time, in one transaction: for tables that are taken in."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sarana.basics.actors import Actor
from sarana.basics.references import new_ref
from sarana.ground.inserting import insert_many
from sarana.ground.ledger.actions import record_list
from sarana.ground.vault.identities import opening, policy
from sarana.ground.vault.identities.actions.applying import applied
from sarana.ground.vault.identities.actions.sealing import Values, new_subject, sealed_tier
from sarana.ground.vault.identities.models import Subject
from sarana.methods.sealing.identities import Tier, new_person_key

MOST_TOGETHER = 10_000
"""So many people are sealed in one transaction at most: others wait for so long."""


@applied
def begin_many(
    actor: Actor, *, agency: UUID, people: Sequence[Mapping[Tier, Values]], act: str
) -> list[tuple[UUID, int]]:
    """Seal who people are, each under a key of her own; gives for each her reference and her row, in their order.

    It is one line with their number, and their references sealed beside it.

    Raises:
        Refused: VAULT-060 the actor keeps no identities there. NotYet: VAULT-061 no purpose is stated; VAULT-063 too
            much for one tier; VAULT-002, VAULT-031 the keys do not open.
        ValueError: more than 10,000 at once.

    Cost: some 100 µs a person.
    """
    policy.check_may_seal(actor, agency)
    if len(people) > MOST_TOGETHER:
        raise ValueError(len(people))
    keys = opening.OPENS.sealing(agency, today=actor.today)
    person_keys = [new_person_key() for _each in people]
    subjects = [
        new_subject(new_ref(), agency, [tier for tier in Tier if tier in values], person_key, keys)
        for values, person_key in zip(people, person_keys, strict=True)
    ]
    insert_many(subjects)
    refs = [subject.ref for subject in subjects]
    numbers = dict(Subject.objects.filter(ref__in=refs).values_list("ref", "pk"))
    for subject in subjects:
        subject.pk = numbers[subject.ref]
    insert_many(
        [
            sealed_tier(subject, person_key, tier, values[tier], 1)
            for subject, person_key, values in zip(subjects, person_keys, people, strict=True)
            for tier in Tier
            if tier in values
        ]
    )
    record_list(actor, policy.KIND, refs, action=act, owner_agency_ref=agency)
    return [(ref, numbers[ref]) for ref in refs]
