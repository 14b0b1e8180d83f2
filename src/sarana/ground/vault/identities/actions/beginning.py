"""Seal who many people are, for the first time, in one transaction: for tables that are taken in."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Max

from sarana.basics.actors import Actor
from sarana.basics.references import new_ref
from sarana.ground.inserting import insert_columns
from sarana.ground.ledger.actions import record_list
from sarana.ground.vault.identities import opening, policy
from sarana.ground.vault.identities.actions.applying import applied
from sarana.ground.vault.identities.actions.sealing import Values, sealed_bytes
from sarana.ground.vault.identities.models import Sealed, Subject
from sarana.ground.vault.identities.places_of import place_of_key
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

    Cost: some 60 µs a person.
    """
    policy.check_may_seal(actor, agency)
    if len(people) > MOST_TOGETHER:
        raise ValueError(len(people))
    keys = opening.OPENS.sealing(agency, today=actor.today)
    refs = [new_ref() for _each in people]
    person_keys = [new_person_key() for _each in people]
    versions = [{str(tier): 1 for tier in Tier if tier in values} for values in people]
    places = (place_of_key(ref, agency, each) for ref, each in zip(refs, versions, strict=True))
    own = [keys.seal_own(key, place) for key, place in zip(person_keys, places, strict=True)]
    epoch, before = keys.file.newest, Subject.objects.aggregate(last=Max("pk"))["last"] or 0
    rows: dict[str, Sequence[Any]] = {"ref": refs, "own_key": own, "versions": versions}
    insert_columns(Subject, rows, {"agency_ref": agency, "epoch": epoch})
    fresh = Subject.objects.filter(agency_ref=agency, epoch=epoch, pk__gt=before)
    known = dict(fresh.values_list("ref", "pk"))
    numbers = [known[ref] for ref in refs]
    for tier in Tier:
        having = [at for at, values in enumerate(people) if tier in values]
        data = [sealed_bytes((agency, refs[at]), person_keys[at], tier, people[at][tier], 1) for at in having]
        whose: dict[str, Sequence[Any]] = {"subject_id": [numbers[at] for at in having], "sealed": data}
        insert_columns(Sealed, whose, {"agency_ref": agency, "tier": str(tier), "version": 1})
    record_list(actor, policy.KIND, refs, action=act, owner_agency_ref=agency)
    return list(zip(refs, numbers, strict=True))
