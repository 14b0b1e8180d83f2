"""Enter people of a table, some thousands in one transaction, with how far it came: a stop loses and doubles nobody."""

import os
from collections.abc import Sequence
from uuid import UUID

from django.db import IntegrityError, transaction

from sarana.basics.actors import Actor
from sarana.basics.errors import Busy, NotYet
from sarana.care.people import policy
from sarana.care.people.actions import new_code
from sarana.care.people.importing.queries import find_import
from sarana.care.people.importing.rows import Read
from sarana.care.people.models import Assigned, Import, Person
from sarana.care.people.values import to_values
from sarana.ground.accounts import keyed
from sarana.ground.inserting import insert_columns
from sarana.ground.ledger.actions import record
from sarana.ground.vault.identities.actions.beginning import begin_many
from sarana.methods.sealing.identities import Tier

ACT = "people.table-lines-entered"
CLOSELY = frozenset({Person.Level.PROTECTED, Person.Level.CLOSED})
TRIES = 5
SEALED_FOR, KEY_BYTES = "order of a table", 32


@transaction.atomic
def begin_table(actor: Actor, agency: UUID, digest: str) -> Import:
    """Begin to take a table in, or go on with it where it was stopped.

    Raises:
        Refused: PEOPLE-003 the actor enters nobody there. NotYet: PEOPLE-004 no purpose is stated; PEOPLE-047 this very
            table was taken in already.
    """
    policy.check_may_enter(actor, agency)
    found = find_import(agency, digest)
    if found is not None and found.ended_at is not None:
        raise NotYet(
            "PEOPLE-047",
            "This very table was taken in already, with this map: nobody was entered again.",
            where=f"{found.n_entered:,} people on {found.ended_at:%Y-%m-%d}",
            cure="Take in the lines that are new, as a table of their own.",
        )
    if found is None:
        found = Import(agency_ref=agency, digest=digest, begun_at=actor.now, begun_by_ref=actor.account_ref)
        found.order_sealed = keyed.seal(SEALED_FOR, os.urandom(KEY_BYTES).hex(), bound_to=str(found.ref))
        found.save(force_insert=True)
    record(actor, "people.table-begun", thing_kind=policy.KIND, thing_ref=found.ref, owner_agency_ref=agency)
    return found


def order_of(table: Import) -> bytes | None:
    """The key of the order in which the lines of a table come in; None where it was begun by an older version.

    Not written down: it opens nothing of anybody.

    Raises:
        NotYet: PEOPLE-013 it was begun with another key folder, so nobody knows which lines are in.
    """
    if table.order_sealed is None:
        return None
    opened = keyed.open_sealed(SEALED_FOR, bytes(table.order_sealed), bound_to=str(table.ref))
    if opened is None:
        raise NotYet(
            "PEOPLE-013",
            "This table was begun with another key folder, so it is not known which of its lines are in.",
            where=f"{table.n_read:,} lines are in",
            cure="Bring the key folder of that day back (sarana restore FILE --keys) and give the same command again.",
        )
    return bytes.fromhex(opened)


def enter_lines(actor: Actor, table: Import, lines: Sequence[Read]) -> int:
    """Enter the people of some lines and keep how far it came, in one transaction; gives how many were entered.

    They are nobody's work yet: whoever helps in the agency may open them; those who are kept closely are assigned to
    whoever takes them in. What finds them is made when the table has ended.

    Not written down: `begin_many` is, one line for all of them.

    Raises:
        Refused: PEOPLE-003, VAULT-060; NotYet: PEOPLE-004, VAULT-002, VAULT-031, VAULT-063 as `begin_many`.
        Busy: PEOPLE-048 somebody else takes in the same table.
    """
    policy.check_may_enter(actor, table.agency_ref)
    for _time in range(TRIES):
        try:
            return _enter(actor, table, lines)
        except IntegrityError:  # somebody drew the same code in this moment
            continue
    raise NotYet("PEOPLE-010", "No code is free for this person.", cure="Try again; if it stays so, tell the operator.")


@transaction.atomic
def end_table(actor: Actor, table: Import) -> None:
    """Note that a table was taken in whole.

    Raises:
        Refused: PEOPLE-003; NotYet: PEOPLE-004 as `begin_table`.
    """
    policy.check_may_enter(actor, table.agency_ref)
    Import.objects.filter(pk=table.pk).update(ended_at=actor.now, order_sealed=None)
    record(
        actor,
        "people.table-ended",
        thing_kind=policy.KIND,
        thing_ref=table.ref,
        owner_agency_ref=table.agency_ref,
        n_things=table.n_entered,
    )


@transaction.atomic
def _enter(actor: Actor, table: Import, lines: Sequence[Read]) -> int:
    good = [line for line in lines if not line.code]
    n_aside = len(lines) - len(good)
    here = Import.objects.filter(pk=table.pk, n_read=table.n_read, ended_at__isnull=True)
    new = {
        "n_read": table.n_read + len(lines),
        "n_entered": table.n_entered + len(good),
        "n_aside": table.n_aside + n_aside,
    }
    if not here.update(**new):
        raise Busy(
            "PEOPLE-048",
            "Somebody else takes in the same table in this moment.",
            cure="Let that one end; what it entered is not entered again.",
        )
    if good:
        _keep(actor, table.agency_ref, good)
    table.n_read, table.n_entered, table.n_aside = new["n_read"], new["n_entered"], new["n_aside"]
    return len(good)


def _keep(actor: Actor, agency: UUID, lines: Sequence[Read]) -> None:
    values = [
        {Tier.NAMES: to_values(line.names)} | ({Tier.CONTACT: to_values(line.contact)} if line.contact else {})
        for line in lines
        if line.names
    ]
    kept = begin_many(actor, agency=agency, people=values, act=ACT)
    refs, facts = [ref for ref, _subject in kept], [line.facts for line in lines]
    insert_columns(
        Person,
        {
            "ref": refs,
            "subject_id": [subject for _ref, subject in kept],
            "code": _codes(agency, len(lines)),
            "sex": [each.sex for each in facts],
            "level": [each.level for each in facts],
            "nationalities": [list(each.nationalities) for each in facts],
            "languages": [list(each.languages) for each in facts],
        },
        {"agency_ref": agency, "entered_at": actor.now, "entered_by_ref": actor.account_ref},
    )
    closely = [ref for ref, each in zip(refs, facts, strict=True) if each.level in CLOSELY]
    who = {"agency_ref": agency, "account_ref": actor.account_ref, "since_at": actor.now, "by_ref": actor.account_ref}
    held = Person.objects.filter(ref__in=closely)
    Assigned.objects.bulk_create(Assigned(person_id=pk, **who) for pk in held.values_list("pk", flat=True))


def _codes(agency: UUID, n: int) -> list[str]:
    """So many codes that nobody in the agency has."""
    found: set[str] = set()
    while len(found) < n:
        drawn = {new_code() for _each in range(n - len(found))} - found
        taken = Person.objects.filter(agency_ref=agency, code__in=drawn).values_list("code", flat=True)
        found |= drawn.difference(taken)
    return list(found)
