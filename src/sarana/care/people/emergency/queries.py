"""The reading doors of emergencies: who may be opened, how many are left, and what was opened by whom."""

import datetime as dt
from uuid import UUID

from django.db import models
from django.db.models import QuerySet

from sarana.basics.actors import Actor
from sarana.basics.errors import Refused
from sarana.care.people import policy as people
from sarana.care.people.emergency import policy
from sarana.care.people.emergency.models import Emergency
from sarana.care.people.knowing.queries import whose
from sarana.care.people.models import Person
from sarana.ground.accounts.models import Account
from sarana.ground.ledger.models import Entry
from sarana.ground.vault.identities.listing import is_listed
from sarana.ground.vault.identities.policy import HELPERS

MOST_A_WEEK, WEEK = 3, dt.timedelta(days=7)
MOST_WRONG, DAY = 5, dt.timedelta(days=1)
NOBODY = "PEOPLE-082"
"""By this code the ledger knows that a code opened nobody."""
SEEN = "people.emergency-seen"


def find_to_open(actor: Actor, code: str) -> Person | None:
    """A person of an agency in which the actor helps whom an emergency would open; one question, whoever has the code.

    None for a code that nobody has, for one of another agency, for one who is closed, was erased, or is hidden from
    the actor: these are not told apart.
    """
    helped_by = sorted({grant.agency_ref for grant in actor.grants_as(HELPERS)})
    rows = Person.objects.filter(
        people.unhidden(actor), code=code, agency_ref__in=helped_by, level=Person.Level.PROTECTED
    )
    found = rows.fetch_mode(models.FETCH_RAISE).order_by("pk").first()
    return None if found is None or is_listed(found.ref) else found


def find_lasting(actor: Actor, person: Person) -> Emergency | None:
    """The emergency in which a person is open to the actor now."""
    return Emergency.objects.filter(policy.lasting(actor.now), person=person, account_ref=actor.account_ref).first()


def n_left(actor: Actor) -> int:
    """How many people an actor may open yet, within seven days to this moment."""
    lately = Emergency.objects.filter(account_ref=actor.account_ref, opened_at__gt=actor.now - WEEK)
    return max(0, MOST_A_WEEK - lately.count())


def check_any_left(actor: Actor) -> None:
    """Make sure that an actor opened fewer than she may, and did not try codes out.

    Raises:
        Refused: PEOPLE-083 she did; it raises an alarm.
    """
    tried = Entry.objects.filter(actor_ref=actor.account_ref, code=NOBODY, at__gt=actor.now - DAY).count()
    if tried >= MOST_WRONG or not n_left(actor):
        raise Refused(
            "PEOPLE-083",
            "You have opened as many people in an emergency as one week allows, or too many codes were wrong.",
            cure="Call your supervisor, who opens this person without it. That this was reached is written down, and "
            "your data-protection officer is told.",
        )


def emergencies_for(actor: Actor) -> QuerySet[Emergency]:
    """Those of which an actor reads, the newest first.

    Her own; for an officer those of her agency; for others those about people whom she may open. None about somebody
    who is hidden from her.
    """
    known = whose(people.known_by(actor))
    rows = Emergency.objects.filter(policy.openable_by(actor) | known, agency_ref__in=actor.agency_refs)
    rows = rows.filter(people.unhidden(actor, "person__")).select_related("person")
    return rows.order_by("-opened_at", "-pk").fetch_mode(models.FETCH_RAISE)


def get_emergency(actor: Actor, ref: UUID) -> Emergency:
    """One of them.

    Raises:
        Emergency.DoesNotExist: there is none, or none for her.
    """
    return emergencies_for(actor).get(ref=ref)


def may_confirm(actor: Actor, emergency: Emergency) -> bool:
    """Whether an actor is another person who may change the person herself, whatever purpose she stated."""
    if emergency.account_ref == actor.account_ref:
        return False
    return Person.objects.filter(people.known_by(actor), pk=emergency.person_id).exists()


def n_to_confirm(actor: Actor) -> int:
    """How many wait for an actor to be confirmed, or ended, in this moment."""
    return _of_others(actor).filter(policy.lasting(actor.now), confirmed_at__isnull=True).count()


def n_unseen(actor: Actor) -> int:
    """How many of a week that are about people whom an actor helps she did not look at yet."""
    refs = list(_of_others(actor).filter(opened_at__gt=actor.now - WEEK).values_list("ref", flat=True))
    if not refs:
        return 0
    seen = Entry.objects.filter(actor_ref=actor.account_ref, action=SEEN, thing_ref__in=refs)
    return len(set(refs).difference(seen.values_list("thing_ref", flat=True)))


def names_of_staff(emergencies: list[Emergency]) -> dict[UUID, str]:
    """What those who opened, confirmed and ended are called at work."""
    refs = {ref for each in emergencies for ref in (each.account_ref, each.confirmed_by_ref, each.ended_by_ref) if ref}
    return dict(Account.objects.filter(ref__in=refs).values_list("ref", "name"))


def _of_others(actor: Actor) -> QuerySet[Emergency]:
    """Those of others about people whom the actor may open."""
    known = whose(people.known_by(actor))
    rows = Emergency.objects.filter(known, agency_ref__in=actor.agency_refs)
    return rows.exclude(account_ref=actor.account_ref).order_by()
