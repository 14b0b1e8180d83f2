"""References that stand in addresses and in the ledger: random, without order, impossible to guess."""

from uuid import UUID, uuid4


def new_ref() -> UUID:
    """A new reference with 122 random bits from the system's source."""
    return uuid4()
