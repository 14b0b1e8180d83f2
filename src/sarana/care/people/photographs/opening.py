"""Open a photograph, or a masked copy: one at a time, each with its line and a number of people a day."""

from collections.abc import Sequence
from uuid import UUID

from sarana.basics.actors import Actor
from sarana.care.people.opening import MASKED_SHOWN, PHOTOGRAPHED, check_budget
from sarana.care.people.photographs.decoding import decoding
from sarana.care.people.photographs.keys import key_of
from sarana.care.people.photographs.models import MaskedCopy, Photograph
from sarana.ground.vault.identities import files
from sarana.ground.vault.identities.actions.sealing import open_tiers
from sarana.methods.pictures.copies import Copy, shown
from sarana.methods.pictures.keeping import unpacked
from sarana.methods.pictures.reading import SHOWN_SIDE, Picture
from sarana.methods.sealing.identities import Tier, not_open

SEEN_SIDE = 1_280
"""The longest side of what a page shows first: some 200 KiB."""


def open_photograph(actor: Actor, photograph: Photograph) -> Picture:
    """The pixels of a photograph, in memory only, for whoever may see it or hides what is in it.

    There is no other door to them, and none that gives them out as a file.

    Raises:
        Refused: PEOPLE-011 the day's number is used up; VAULT-001 what is there was changed.
        NotYet: VAULT-061 no purpose is stated. BadFile: VAULT-076 the file is not here.
        Busy: PEOPLE-050 others open photographs in this moment.
    """
    person = photograph.person.ref
    check_budget(actor, PHOTOGRAPHED, person)
    on = [photograph.person.emergency.ref] if photograph.person.emergency else []
    content = _read(actor, person, Tier.IMAGES, photograph.ref, photograph.agency_ref, act=PHOTOGRAPHED, on=on)
    with decoding():
        return unpacked(content)


def to_show(picture: Picture, *, is_large: bool = False) -> Copy:
    """The copy that a page shows of it."""
    return shown(picture, SHOWN_SIDE if is_large else SEEN_SIDE)


def open_masked(actor: Actor, masked: MaskedCopy, *, act: str = MASKED_SHOWN) -> Copy:
    """A masked copy, as it was made.

    Raises:
        Refused: PEOPLE-011, VAULT-001; NotYet: VAULT-061; BadFile: VAULT-076 as `open_photograph`.
        Subject.DoesNotExist: no basis lets the actor's agency read it any more.
    """
    person = masked.person.ref
    check_budget(actor, act, person)
    content = _read(actor, person, Tier.MASKED, masked.ref, masked.agency_ref, act=act)
    return Copy(content, masked.width, masked.height)


def _read(
    actor: Actor, person: UUID, tier: Tier, ref: UUID, agency: UUID, *, act: str, on: Sequence[UUID] = ()
) -> bytes:
    found = open_tiers(actor, person, (tier,), act=act, things=[ref, *on]).get(tier)
    if found is None:
        raise not_open(tier)
    return files.read(ref, agency, key_of(found.values, ref))
