"""The writing doors of photographs: add, remove, hide what is in one, give a masked copy to another agency.

A file is sealed and lies on the disk before its row stands, and goes after its row is gone: cut anywhere in between it
is nobody's, nothing opens it, and the machine takes it away.
"""

import hashlib
from collections.abc import Sequence
from functools import partial
from uuid import UUID

from django.db import transaction

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet, Refused
from sarana.basics.references import new_ref
from sarana.care.people import queries as people
from sarana.care.people.models import Person
from sarana.care.people.photographs import queries
from sarana.care.people.photographs.decoding import decoding
from sarana.care.people.photographs.keys import with_key, without
from sarana.care.people.photographs.models import Handed, MaskedCopy, Photograph
from sarana.ground.ledger.actions import record
from sarana.ground.vault.identities import files
from sarana.ground.vault.identities import queries as identities
from sarana.ground.vault.identities.actions.amending import amend
from sarana.ground.vault.identities.models import Basis
from sarana.ground.vault.identities.policy import KIND
from sarana.methods.pictures.copies import Box, masked
from sarana.methods.pictures.keeping import packed
from sarana.methods.pictures.reading import Picture, picture_of, strip_picture
from sarana.methods.sealing.identities import Tier

MOST = 100
"""So many photographs are kept of one person, and so many masked copies."""


def add(actor: Actor, ref: UUID, kind: Photograph.Kind, data: bytes) -> tuple[Photograph, bool]:
    """Keep a photograph of a person: of the file everything but its pixels is dropped, and these are sealed.

    The very same file is kept once. Gives the photograph, and whether it is new.

    Raises:
        BadFile: PICTURES-001 to PICTURES-008 it is no photograph that is taken; VAULT-030 the disk.
        Refused: PEOPLE-003; NotYet: PEOPLE-004 as for everything of a person; PEOPLE-051 there are too many.
        NoRoom: PICTURES-011, ENGINE-004. Busy: PEOPLE-050.
        Person.DoesNotExist: there is none, or none for her, or she is another agency's.
    """
    person = people.get_person(actor, ref)
    if person.agency_ref not in actor.agency_refs or person.emergency:
        raise Person.DoesNotExist
    with decoding():
        bare, sha256 = strip_picture(data), hashlib.sha256(data).hexdigest()
        picture = picture_of(bare, sha256)
    made = Photograph(
        ref=new_ref(), agency_ref=person.agency_ref, kind=kind, sha256=sha256, width=picture.width,
        height=picture.height, added_at=actor.now, added_by_ref=actor.account_ref,
    )  # fmt: skip
    key = b""
    try:
        with transaction.atomic():
            made.person = people.get_own(actor, ref)
            there = _there(actor, made)
            if there is not None:
                return there, False
            key = files.keep(made.ref, made.agency_ref, packed(bare, sha256))
            changes = {Tier.IMAGES: with_key(made.ref, key)}
            amend(actor, ref, changes, act="people.photograph-added", things=[made.ref])
            made.save(force_insert=True)
    except BaseException:
        if key:
            files.remove(made.ref)
        raise
    return made, True


def _there(actor: Actor, made: Photograph) -> Photograph | None:
    rows = queries.photographs_of(actor, made.person)
    there = rows.filter(sha256=made.sha256).first()
    if there is None and rows.count() >= MOST:
        raise _too_many()
    return there


@transaction.atomic
def remove(actor: Actor, ref: UUID) -> Person:
    """Remove a photograph for good, with its masked copies; whoever was given one reads it no more.

    Raises:
        Refused: PEOPLE-003; NotYet: PEOPLE-004; PEOPLE-052 the person is held.
        Photograph.DoesNotExist: there is none, or none for her.
    """
    found = queries.get_photograph(actor, ref)
    person = people.get_own(actor, found.person.ref)
    # Locked before it is read: whoever holds her in this moment comes before this, or after it.
    if identities.get_own(actor, person.ref, KIND).held:
        raise NotYet(
            "PEOPLE-052",
            "Nothing of this person may be taken away now.",
            cure="A court, an investigation or a complaint asks for it. End that hold first, where its reason is over.",
        )
    copies = list(MaskedCopy.objects.filter(photograph=found).values_list("ref", flat=True))
    changes = {Tier.IMAGES: without(ref)} | ({Tier.MASKED: without(*copies)} if copies else {})
    amend(actor, person.ref, changes, act="people.photograph-removed", things=[ref])
    Photograph.objects.filter(pk=found.pk).delete()
    transaction.on_commit(partial(files.remove, ref, *copies))
    return person


def mask(actor: Actor, ref: UUID, picture: Picture, boxes: Sequence[Box]) -> MaskedCopy:
    """Keep a copy of a photograph in which boxes are filled; only such a copy ever leaves.

    `picture` is what `open_photograph` gave of this very photograph.

    Raises:
        NotYet: PICTURES-009 nothing is hidden; PEOPLE-051 there are too many. BadSetting: PICTURES-010.
        Refused: PEOPLE-003; NotYet: PEOPLE-004 as for everything of a person. BadFile: VAULT-030.
        Photograph.DoesNotExist: there is none, or none for her.
    """
    found = queries.get_photograph(actor, ref)
    if picture.original_sha256 != found.sha256:
        raise Refused("PEOPLE-053", "This is another photograph.", cure="Open the photograph again, and hide there.")
    with decoding():
        copy = masked(picture, boxes)
    made = MaskedCopy(
        ref=new_ref(), photograph=found,
        person=found.person, agency_ref=found.agency_ref, sha256=hashlib.sha256(copy.data).hexdigest(),
        width=copy.width, height=copy.height, n_boxes=len(boxes), made_at=actor.now, made_by_ref=actor.account_ref,
    )  # fmt: skip
    key = b""
    try:
        with transaction.atomic():
            person = people.get_own(actor, found.person.ref)
            _check_room(person)
            key = files.keep(made.ref, made.agency_ref, copy.data)
            amend(
                actor, person.ref, {Tier.MASKED: with_key(made.ref, key)}, act="people.masked-made", things=[made.ref]
            )
            made.save(force_insert=True)
    except BaseException:
        if key:
            files.remove(made.ref)
        raise
    return made


def _check_room(person: Person) -> None:
    if MaskedCopy.objects.filter(person=person).count() >= MOST:
        raise _too_many()


@transaction.atomic
def hand(actor: Actor, ref: UUID, basis: UUID) -> Handed:
    """Give a masked copy to another agency, on a living basis that lets it read masked copies; twice is once.

    Raises:
        NotYet: PEOPLE-054 there is no such basis.
        Refused: PEOPLE-003; NotYet: PEOPLE-004 as for everything of a person.
        MaskedCopy.DoesNotExist: there is none, or none for her.
    """
    found = queries.get_masked(actor, ref)
    person = people.get_own(actor, found.person.ref)
    chosen = next((each for each in queries.bases_for(actor, person) if each.ref == basis), None)
    if chosen is None:
        raise NotYet(
            "PEOPLE-054",
            "Nothing lets that agency see masked copies of this person.",
            cure="Write down first what was agreed to, with masked photographs among it, or have a supervisor decide.",
        )
    made = _handed(actor, found, chosen)
    record(
        actor,
        "people.masked-handed",
        thing_kind="person",
        thing_ref=person.ref,
        thing_refs=[ref, chosen.ref, chosen.recipient_ref],
        n_things=1,
        owner_agency_ref=person.agency_ref,
    )
    return made


def _handed(actor: Actor, found: MaskedCopy, chosen: Basis) -> Handed:
    new = {
        "agency_ref": found.agency_ref,
        "recipient_ref": chosen.recipient_ref,
        "at": actor.now,
        "by_ref": actor.account_ref,
    }
    return Handed.objects.get_or_create(masked=found, basis=chosen, defaults=new)[0]


def _too_many() -> NotYet:
    return NotYet(
        "PEOPLE-051",
        "So many photographs are not kept of one person.",
        where=str(MOST),
        cure="Remove those that nobody needs.",
    )
