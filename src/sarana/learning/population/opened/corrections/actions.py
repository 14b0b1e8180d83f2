"""The writing doors of corrections: record one, settle one."""

import datetime as dt
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet
from sarana.ground.accounts import keyed
from sarana.ground.accounts.models import Agency
from sarana.ground.ledger.actions import record
from sarana.ground.vault import places
from sarana.learning.population.models import Figure
from sarana.learning.population.opened import policy
from sarana.learning.population.opened.corrections import queries
from sarana.learning.population.opened.corrections.queries import SEALED_FOR
from sarana.learning.population.opened.models import Correction
from sarana.learning.population.opened.objections.marks import key_check
from sarana.learning.population.opened.queries import Person
from sarana.learning.population.pairs.keeping import seal_rows_of_one
from sarana.learning.population.policy import PERSON


@dataclass(frozen=True, slots=True)
class Said:
    """What is said, by whom, and in which words."""

    kind: str
    said_by: str
    words: str = ""


@transaction.atomic
def record_correction(actor: Actor, place: Figure, person: Person, said: Said) -> Correction:
    """Write down what is said of a person's page; an objection hides her from this moment on.

    That a row is of somebody else takes nothing apart: two reviewers of pairs judge it, none of them whoever said so.

    Raises:
        Refused: POPULATION-094 the place is not hers.
        NotYet: POPULATION-095 no purpose is stated; POPULATION-097 one of this kind waits already.
    """
    policy.check_may_open(actor, place.area)
    made = Correction(run=place.run, area=place.area, place_ref=place.ref, person_ref=person.ref)
    made.agency = Agency.objects.get(ref=policy.agency_for(actor, place.area))
    made.marks, made.key_check = sorted(person.marks), key_check()
    made.kind, made.said_by = said.kind, said.said_by
    made.recorded_at, made.recorded_by_ref = actor.now, actor.account_ref
    if said.kind == Correction.Kind.OTHER_PERSON:
        rows = [f"{row['source']}:{row['row_id']}" for row in person.line["people"]]
        made.rows_sealed = seal_rows_of_one(places.get_keyset(), made.ref, rows)
    if said.words:
        made.words_sealed = keyed.seal(SEALED_FOR, said.words, bound_to=str(made.ref))
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as err:
        raise NotYet(
            "POPULATION-097",
            "The same was written down about this person already, and waits for the custodian of the data.",
            cure="Wait until it is settled; something else can be written down meanwhile.",
        ) from err
    _recorded(actor, "population.correction-recorded", made)
    return made


@transaction.atomic
def settle(actor: Actor, correction: Correction, *, outcome: str) -> None:
    """Settle a correction: it holds, or it does not.

    Raises:
        Refused: POPULATION-094 only the custodian of the area settles. NotYet: POPULATION-095 no purpose is stated;
            POPULATION-098 somebody settled it already.
    """
    policy.check_may_settle(actor, correction.area)
    held = Correction.objects.select_for_update(of=("self",)).select_related("run__agency").get(pk=correction.pk)
    if not held.is_open:
        raise NotYet(
            "POPULATION-098",
            "This was settled already.",
            cure="Open it again to see how. If it was settled wrongly, write it down anew.",
        )
    held.outcome, held.settled_at, held.settled_by_ref = outcome, actor.now, actor.account_ref
    held.rows_sealed = held.rows_sealed if outcome == Correction.Outcome.UPHELD else None
    held.save(update_fields=["outcome", "settled_at", "settled_by_ref", "rows_sealed"])
    _recorded(actor, "population.correction-settled", held)


def sweep_words(now: dt.datetime) -> int:
    """Let go of the words of what was settled a month ago: whoever settled it read them; gives how many.

    Rows of which pairs were laid out go later: the next yearly update lays out those that were not judged.
    """
    return queries.words_over(now).update(words_sealed=None) + queries.rows_over(now).update(rows_sealed=None)


def _recorded(actor: Actor, act: str, row: Correction) -> None:
    record(actor, act, thing_kind=PERSON, thing_ref=row.person_ref, owner_agency_ref=row.run.agency.ref)
