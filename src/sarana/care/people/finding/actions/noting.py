"""What the search file of an agency has to learn is written down with the change itself, and brought in after it."""

from functools import partial

from django.db import transaction

from sarana.basics.actors import Actor
from sarana.care.people.finding.actions.feeding import feed_at_once
from sarana.care.people.models import Person, ToIndex


def note_change(actor: Actor, person: Person, *, is_gone: bool = False) -> None:
    """Note, in the transaction of the change and as part of an act that records itself, that a person changed.

    As soon as the change stands it is brought into the file; where that fails, the work of the next minute does it.
    """
    ToIndex.objects.create(
        agency_ref=person.agency_ref,
        person_ref=person.ref,
        revision=person.revision,
        is_gone=is_gone,
        at=actor.now,
    )
    transaction.on_commit(partial(feed_at_once, person.agency_ref), robust=True)
