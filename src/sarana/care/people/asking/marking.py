"""The key of an agreement, and the marks that it makes of a person's names and papers."""

from sarana.basics.errors import NotYet
from sarana.care.people.asking.models import Agreement
from sarana.care.people.values import Names, read_names
from sarana.ground.accounts import keyed
from sarana.ground.vault.identities.actions.sealing import Opened
from sarana.methods.search.entry import Identifier
from sarana.methods.search.tokens import marks

SEALED_FOR = "people agreement"


def key_of(held: Agreement) -> bytes:
    """The key of an agreement.

    Raises:
        NotYet: PEOPLE-078 it was made with another key folder.
    """
    opened = keyed.open_sealed(SEALED_FOR, bytes(held.key_sealed or b""), bound_to=str(held.ref))
    if opened is None:
        raise NotYet(
            "PEOPLE-078",
            "The key of this agreement does not open: it was made with another key folder.",
            cure="Tell the operator. End the agreement and sign a new one; those who said yes are asked again.",
        )
    return bytes.fromhex(opened)


def marks_opened(key: bytes, opened: Opened | None) -> frozenset[bytes]:
    """The marks of a person whose names were opened for it: that is the line of the act."""
    return frozenset() if opened is None else marks_of(key, read_names(opened.values))


def marks_of(key: bytes, names: Names) -> frozenset[bytes]:
    """The marks of names and papers; a nickname, or a birth that is only about right, makes none."""
    birth = names.birth
    papers = [(Identifier(each.kind, each.number), each.country) for each in names.documents]
    whole = [each.text for each in names.names if each.kind != "nickname"]
    year = birth.year if birth is not None and not birth.give_or_take else None
    return marks(key, names=whole, papers=papers, year=year)
