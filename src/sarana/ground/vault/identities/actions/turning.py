"""Turn the keys of an agency: a new epoch, and everything sealed anew under it, in batches, while others work.

All of it is done as one from whom no row is hidden: whoever does not see a row would take its keys for used up.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection, transaction

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet, Refused
from sarana.basics.progress import Progress, Silent
from sarana.ground.ledger.actions import record
from sarana.ground.ledger.models import Entry
from sarana.ground.vault.identities import opening, policy, queries
from sarana.ground.vault.identities.models import Basis, Shared, Subject
from sarana.ground.vault.identities.places_of import place_of_given, place_of_key
from sarana.ground.walls import postgres
from sarana.ground.walls.guards import OPERATOR
from sarana.methods.sealing.agencies import AgencyKeys
from sarana.methods.sealing.identities import Tier

BATCH = 5_000
"""So many rows are exchanged in one transaction: others wait for a few hundredths of a second."""

type Turned = tuple[int, bytes, bytes]
"""A row, what was sealed there when it was read, and the same under the new epoch."""


ROUNDS = 5
"""So often rows that somebody saved under the keys of before in that very moment are looked for again."""


@dataclass(slots=True)
class _Done:
    """How much was sealed anew, and what does not open."""

    n: int = 0
    bad: set[UUID] = field(default_factory=set)


def rotate(actor: Actor, *, agency: UUID, progress: Progress | None = None, batch: int = 0) -> int:
    """Give an agency a new epoch and bring everything under it; gives how many rows that were.

    Cut short anywhere, both epochs open, and calling it again ends it. Whoever saves meanwhile is not overwritten: a
    row is exchanged only for what was read, so rows are read, opened and sealed while nobody waits, and only their
    exchange is a transaction. A row that does not open is passed over, and the epoch that something is left in stays.
    Nothing is destroyed here (`destroying.py`). Cost: 20 to 45 µs of CPU time a person on
    SQLite, as crowded as the machine is (`./dev bench vault`).

    Raises:
        Refused: VAULT-060 the actor does not keep the keys of this agency.
        NotYet: VAULT-082 something could not be brought under the new keys; VAULT-002, VAULT-031 the keys do not open;
            VAULT-080, VAULT-081 they are not here, or older ones are; VAULT-017 another process is changing them.
    """
    policy.check_may(actor, policy.KEYS, agency)
    keys, said, done = opening.OPENS.turned(agency, today=actor.today), progress or Silent(), _Done()
    total = sum(_left(agency, keys).values())
    for _round in range(ROUNDS):
        before = done.n
        for work in (_turn_subjects, _turn_shared):
            after = 0
            while True:
                after = work(agency, keys, after, batch or BATCH, done)
                said.report(done.n, total, "")
                if not after:
                    break
        if done.n == before:
            break
    _end(actor, agency, keys, done)
    return done.n


def _end(actor: Actor, agency: UUID, keys: AgencyKeys, done: _Done) -> None:
    """Write it down, and let the epochs rest in which nothing is left; tell where something is."""
    with transaction.atomic(), postgres.as_task(OPERATOR):
        left = _left(agency, keys)
        n_left = sum(left.values())
        record(
            actor,
            queries.TURNED,
            thing_kind=policy.KEYS,
            owner_agency_ref=agency,
            result=Entry.Result.FAILED if n_left else Entry.Result.DONE,
            code="VAULT-082" if n_left else "",
            thing_refs=sorted(done.bad),
            n_things=done.n,
        )
        opening.OPENS.retired(agency, today=actor.today, needed=left)
    if n_left:
        raise NotYet(
            "VAULT-082",
            "Some keys of people could not be brought under the new keys. All others were; the old keys that these "
            "need are kept until nothing needs them.",
            where=f"{agency}: {n_left:,}",
            cure="Tell the data-protection officer: these rows were changed or damaged. Bring them back from a backup "
            "or erase these people, and turn the keys again.",
        )


def _left(agency: UUID, keys: AgencyKeys) -> dict[int, int]:
    """For each epoch but the newest how much is sealed in it."""
    return {epoch: n for epoch, n in queries.rows_by_epoch(agency).items() if epoch != keys.file.newest}


def _turn_subjects(agency: UUID, keys: AgencyKeys, after: int, batch: int, done: _Done) -> int:
    with postgres.as_task(OPERATOR):
        rows = (
            Subject.objects.filter(agency_ref__also=agency, id__gt=after).exclude(epoch=keys.file.newest).order_by("id")
        )
        found = list(rows.values_list("id", "ref", "own_key", "epoch", "versions")[:batch])
    turned = []
    for number, ref, sealed, epoch, versions in found:
        place, was = place_of_key(ref, agency, versions), bytes(sealed)
        try:
            turned.append((number, was, keys.seal_own(keys.open_own(was, epoch, place), place)))
        except Refused:
            done.bad.add(ref)
    done.n += _exchange("vault_subject", "own_key", "", turned, keys.file.newest)
    return found[-1][0] if len(found) == batch else 0


def _turn_shared(agency: UUID, keys: AgencyKeys, after: int, batch: int, done: _Done) -> int:
    with postgres.as_task(OPERATOR):
        rows = Shared.objects.filter(recipient_ref__also=agency, id__gt=after).exclude(epoch=keys.file.newest)
        found = list(rows.select_related("basis__subject").order_by("id")[:batch])
    turned = []
    for given in found:
        basis: Basis = given.basis
        place, was = place_of_given(basis.subject.ref, basis, Tier(given.tier), given.version), bytes(given.sealed)
        way: Callable[..., bytes] = keys.open_own if given.form == Shared.Form.OWN else keys.open_given
        try:
            turned.append((given.pk, was, keys.seal_own(way(was, given.epoch, place), place)))
        except Refused:
            done.bad.add(basis.subject.ref)
    done.n += _exchange("vault_shared", "sealed", f", form = '{Shared.Form.OWN}'", turned, keys.file.newest)
    return found[-1].pk if len(found) == batch else 0


def _exchange(table: str, column: str, more: str, turned: Sequence[Turned], epoch: int) -> int:
    """Put what was sealed anew in the place of what was read, where nobody wrote meanwhile: one statement a batch.

    Gives how many rows that were.
    """
    if not turned:
        return 0
    with transaction.atomic(), postgres.as_task(OPERATOR), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            numbers, before, fresh = (list(part) for part in zip(*turned, strict=True))
            cursor.execute(
                f"UPDATE {table} AS t SET {column} = n.fresh, epoch = %s{more} "
                "FROM unnest(%s::bigint[], %s::bytea[], %s::bytea[]) AS n (id, was, fresh) "
                f"WHERE t.id = n.id AND t.{column} = n.was",
                [epoch, numbers, before, fresh],
            )
            return int(cursor.rowcount)
        cursor.executemany(
            f"UPDATE {table} SET {column} = %s, epoch = %s{more} WHERE id = %s AND {column} = %s",
            [(fresh, epoch, number, was) for number, was, fresh in turned],
        )
        return int(cursor.rowcount)
