"""In which place each sealed thing stands: what its seal is bound to."""

from collections.abc import Mapping
from uuid import UUID

from sarana.ground.vault.identities.models import Basis
from sarana.methods.sealing.identities import Place, Tier, versions_said


def place_of_key(ref: UUID, agency: UUID, versions: Mapping[str, int]) -> Place:
    """Of a person's key: on her own row, with the versions of all her tiers, so that none is put back."""
    return Place("vault_subject", str(ref), str(agency), versions_said(versions), 1)


def place_of_tier(ref: UUID, agency: UUID, tier: Tier, version: int) -> Place:
    """Of a tier."""
    return Place("vault_sealed", str(ref), str(agency), tier, version)


def place_of_given(ref: UUID, basis: Basis, tier: Tier, version: int) -> Place:
    """Of the key of a tier that was given on a basis: with its purpose and last day, which nobody lengthens.

    The version of the tier is bound in, so that whoever was given it is shown no earlier one as today's.
    """
    said = "\0".join((tier, str(basis.ref), str(basis.agency_ref), str(basis.until), basis.purpose))
    return Place("vault_shared", str(ref), str(basis.recipient_ref), said, version)
