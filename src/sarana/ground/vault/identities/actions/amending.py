"""Change a part of what is sealed of a person, in one go: read under a lock, changed, and sealed anew."""

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from sarana.basics.actors import Actor
from sarana.ground.vault.identities import policy, queries
from sarana.ground.vault.identities.actions.applying import applied
from sarana.ground.vault.identities.actions.sealing import Values, open_own, seal
from sarana.ground.vault.identities.models import Subject
from sarana.methods.sealing.identities import Tier

type Change = Callable[[Values], Values]
"""What was sealed, or nothing, as what is sealed in its place."""


@applied
def amend(actor: Actor, ref: UUID, changes: Mapping[Tier, Change], *, act: str, things: Sequence[UUID] = ()) -> None:
    """Change tiers of a person of one's own agency; two who do so at once do it one after the other.

    Args:
        actor: who changes it.
        ref: the person.
        changes: what becomes of each tier.
        act: what is written down.
        things: what in the tiers is changed; kept sealed beside the line.

    Raises:
        Refused: VAULT-060 the actor keeps no identities there; VAULT-001 what is there was changed.
        NotYet: VAULT-061 no purpose is stated; VAULT-063 too much for one tier; VAULT-002, VAULT-031 no keys.
        Subject.DoesNotExist: there is none, or none of hers.
    """
    policy.check_may_look(actor)
    subject = Subject.objects.select_for_update(of=("self",)).get(policy.openable_by(actor), ref=ref)
    policy.check_may_seal(actor, subject.agency_ref)
    was = open_own(actor, subject, queries.sealed_of(subject, changes))
    values = {tier: change(was[tier].values if tier in was else {}) for tier, change in changes.items()}
    versions = {tier: was[tier].version for tier in was}
    seal(actor, ref, values, versions=versions, act=act, things=things)
