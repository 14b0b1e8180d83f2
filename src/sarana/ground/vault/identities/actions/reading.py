"""Open tiers of many people as the machine itself, for what is derived from them: the search file of an agency."""

import logging
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

import msgspec

from sarana.basics.actors import Actor
from sarana.basics.errors import Refused
from sarana.ground.vault.identities import opening, policy
from sarana.ground.vault.identities.actions.applying import check_applied
from sarana.ground.vault.identities.listing import listed
from sarana.ground.vault.identities.models import Sealed, Subject
from sarana.ground.vault.identities.places_of import place_of_key, place_of_tier
from sarana.ground.walls import postgres
from sarana.ground.walls.guards import OPERATOR
from sarana.methods.sealing.identities import Tier, not_open, open_padded, tier_key

log = logging.getLogger(__name__)

type Rows = Mapping[str, tuple[int, bytes]]
"""Of one person, by tier: the version, and what is sealed."""


def read_as_machine(
    actor: Actor, agency: UUID, refs: Collection[UUID], tiers: Sequence[Tier]
) -> dict[UUID, dict[Tier, object]]:
    """The values of tiers of people of one agency, for the machine alone; who was erased is left out.

    Not written down: whoever calls writes one line for all that it does. A person of whom something does not open
    (VAULT-001) is left out, and told in the log by the code.

    Raises:
        Refused: VAULT-060 the actor is not the machine. NotYet: VAULT-002, VAULT-031 the keys do not open.
        BadFile: VAULT-066, VAULT-067 it is not known who was erased.

    Cost: three statements, and some 50 µs a person.
    """
    policy.check_is_machine(actor)
    check_applied(actor)
    keys, gone = opening.OPENS.keys(agency, today=actor.today), listed()
    with postgres.as_task(OPERATOR):
        subjects = Subject.objects.filter(agency_ref__also=agency, ref__in=list(refs))
        people = list(subjects.values_list("pk", "ref", "epoch", "own_key", "versions"))
        rows = Sealed.objects.filter(subject__in=[each[0] for each in people], tier__in=[str(tier) for tier in tiers])
        sealed: dict[int, dict[str, tuple[int, bytes]]] = {}
        for pk, tier, version, data in rows.values_list("subject_id", "tier", "version", "sealed"):
            sealed.setdefault(pk, {})[tier] = (version, bytes(data))
    found, n_bad = {}, 0
    for pk, ref, epoch, own_key, versions in people:
        if gone.known and gone.has(ref):
            continue
        try:
            person_key = keys.open_own(bytes(own_key), epoch, place_of_key(ref, agency, versions))
            found[ref] = _tiers((agency, ref), versions, person_key, sealed.get(pk, {}), tiers)
        except Refused:
            n_bad += 1
    if n_bad:
        log.warning("VAULT-001 %d people of an agency did not open for the search.", n_bad)
    return found


def _tiers(
    whose: tuple[UUID, UUID], versions: Mapping[str, int], person_key: bytes, rows: Rows, tiers: Sequence[Tier]
) -> dict[Tier, object]:
    (agency, ref), found = whose, dict[Tier, object]()
    for tier in tiers:
        version, data = rows.get(tier, (0, b""))
        if versions.get(tier, 0) != version:
            raise not_open(tier)
        if version:
            place = place_of_tier(ref, agency, tier, version)
            found[tier] = msgspec.json.decode(open_padded(data, tier_key(person_key, tier, version), place))
    return found
