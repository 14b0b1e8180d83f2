"""Which parts of a person were opened, as a line of the ledger keeps it: a short code, and its words for pages."""

from collections.abc import Iterable
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from sarana.methods.sealing.identities import Tier

HEAD = "PARTS-"

PARTS: Final[dict[Tier, tuple[str, Any]]] = {
    Tier.NAMES: ("N", _("names, numbers, birth")),
    Tier.CONTACT: ("C", _("ways to reach the person, where they are")),
    Tier.STORY: ("S", _("what happened")),
    Tier.IMAGES: ("I", _("pictures")),
}


def code_of(tiers: Iterable[Tier]) -> str:
    """The parts in a code, always in the same order; "" where there are none."""
    wanted = frozenset(tiers)
    letters = "".join(letter for tier, (letter, _words) in PARTS.items() if tier in wanted)
    return f"{HEAD}{letters}" if letters else ""


def words_of(code: str) -> str:
    """The parts that a code means, in the language of the page; "" for a code that is none of these."""
    letters = code.removeprefix(HEAD) if code.startswith(HEAD) else ""
    return "; ".join(str(words) for letter, words in PARTS.values() if letter in letters)
