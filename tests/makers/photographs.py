"""A person with a photograph that was drawn, and whoever may hide in it and give it on."""

from typing import Any
from uuid import UUID

from makers.faces import FACE, a_photograph
from makers.identities import TwoHouses
from sarana.basics.actors import Actor
from sarana.care.people import actions as people
from sarana.care.people.actions import Facts
from sarana.care.people.models import MaskedCopy, Person, Photograph
from sarana.care.people.photographs import actions, opening
from sarana.care.people.values import Names, checked_name


def a_person_of(houses: TwoHouses, actor: Actor | None = None, **facts: Any) -> Person:
    """Somebody of ours, entered."""
    names = Names(names=(checked_name("มาลี ใจดี"),))
    return people.enter(actor or houses.worker, houses.ours.ref, Facts(**facts), names)


def added(actor: Actor, person: UUID, data: bytes = b"", kind: str = "injury") -> Photograph:
    """A photograph of somebody."""
    made, _is_new = actions.add(actor, person, Photograph.Kind(kind), data or a_photograph())
    return made


def masked_of(actor: Actor, photograph: Photograph) -> MaskedCopy:
    """A copy in which the face is hidden."""
    return actions.mask(actor, photograph.ref, opening.open_photograph(actor, photograph), [FACE])
