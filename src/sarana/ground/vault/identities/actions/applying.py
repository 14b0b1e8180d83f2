"""Erase again whom a backup brought back, end again what was taken back, and shut every door to who was erased."""

import contextlib
import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial, wraps
from typing import Any, Concatenate, cast
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from sarana.basics.actors import Actor
from sarana.basics.errors import BadFile, NotYet
from sarana.ground.ledger.actions import record
from sarana.ground.vault import places
from sarana.ground.vault.identities import policy, queries
from sarana.ground.vault.identities.actions.holding import held_in, hold_again, holds_of
from sarana.ground.vault.identities.listing import listed
from sarana.ground.vault.identities.models import Basis, Erased, Shared, Subject
from sarana.ground.vault.identities.scrubbing import scrub
from sarana.ground.walls import postgres
from sarana.ground.walls.guards import OPERATOR
from sarana.methods.sealing.erased import (
    ENDED,
    ErasedLine,
    Listed,
    is_of_erasing,
    join_erased,
    keep_line,
    list_path,
    new_line,
    no_key,
    proved,
)

LOOKED_AT, AT_ONCE = 5_000, 500
"""So many people are looked at, and so many erased, in one go: others work in between."""


def applied[**P, R](door: Callable[Concatenate[Actor, P], R]) -> Callable[Concatenate[Actor, P], R]:
    """A door as one transaction, which nobody passes who was erased, nor what was taken back.

    The list is held against the very person for whom it is asked; that what a backup brought back is erased for all is
    seen to besides, and needs not last: what another transaction takes back with it, the next one does.
    """

    @wraps(door)
    def checked(actor: Actor, *args: P.args, **named: P.kwargs) -> R:
        check_applied(actor)
        ref = args[0] if args else named.get("ref")
        if isinstance(ref, UUID):
            _check(actor, ref)
        with transaction.atomic():
            return door(actor, *args, **named)

    return cast("Callable[Concatenate[Actor, P], R]", checked)


def check_applied(actor: Actor) -> None:
    """Make sure that list and database tell the same of who was erased.

    Not written down: where it has to erase somebody again, that is an act of its own.

    Raises:
        BadFile: VAULT-066 the key of the list is not here; VAULT-067 a line of it is broken.
    """
    found = listed()
    with postgres.as_task(OPERATOR):
        n, last = queries.erased_told()
    if not found.is_whole or n != len(found.lines) or (n and last not in found.known):
        apply_erased(actor)


def apply_erased(actor: Actor) -> int:
    """Erase again whom a backup brought back, end again what was taken back, and bring list and database together.

    The machine does it, not whoever happens to come by. Gives how many people were erased.

    Raises:
        BadFile: VAULT-066, VAULT-067 as `check_applied`; VAULT-008 the key folder cannot be written.
        NotYet: VAULT-017 another process is changing the keys.
    """
    machine, store = Actor.local(actor.now), places.store()
    with postgres.as_task(OPERATOR):
        kept = [_line(row) for row in queries.erased_lines()]
    if not kept and not list_path(store).is_file():
        return 0
    was = now = listed()
    if not was.is_whole or was.known != {line.mark for line in kept}:
        with store.changing():
            was, now = join_erased(store, [line.text() for line in kept])
    if now.marks is None:
        raise no_key()
    known = _proved_of(kept, now)
    fresh = [line for line in now.lines if line.mark not in known]
    n_wrong = was.n_doubtful + was.n_rubbish + len(kept) - len(known)
    if not fresh and not n_wrong:
        return 0
    n_erased = _do_again(machine, now, fresh)
    with transaction.atomic(), postgres.as_task(OPERATOR):
        if len(kept) > len(known):
            Erased.objects.exclude(mark__in=known).delete()
        keep_rows(fresh)
        if n_wrong:
            record(machine, "vault.erased-list-mended", thing_kind=policy.KIND, n_things=n_wrong)
    return n_erased


def note(ref: UUID | str, agency: UUID, reason: str, now: dt.datetime) -> None:
    """Note in the database that somebody is erased, a basis ended, a hold set, and in the list as soon as that stands.

    Cut in between, the next who looks writes the list from the database.

    Raises:
        BadFile: VAULT-066 the key of the list is not here; VAULT-008 the key folder cannot be written.
        NotYet: VAULT-017 another process is changing the keys.
    """
    with places.store().changing():
        line = new_line(places.store(), str(ref), at=now, reason=reason, agency=str(agency))
    with postgres.as_task(OPERATOR):
        keep_rows([line])
    transaction.on_commit(partial(_keep_in_list, line))


def end(basis: Basis, now: dt.datetime) -> None:
    """End a basis; the database itself deletes what was given on it, said here too for whoever reads this.

    It needs no key. Where the list of what was ended cannot be written, it ends all the same.
    """
    Shared.objects.filter(basis=basis).delete()
    basis.ended_at = now
    basis.save(update_fields=["ended_at"])
    with contextlib.suppress(BadFile, NotYet):
        note(basis.ref, basis.agency_ref, ENDED, now)
    transaction.on_commit(scrub)


def keep_rows(lines: Sequence[ErasedLine]) -> None:
    """Rows for lines; those that another process wrote in the same moment stay as they are."""
    Erased.objects.bulk_create([_row(line) for line in lines], ignore_conflicts=True, batch_size=AT_ONCE)


def _keep_in_list(line: ErasedLine) -> None:
    with contextlib.suppress(BadFile, NotYet), places.store().changing():
        keep_line(places.store(), line)


def _proved_of(kept: Sequence[ErasedLine], now: Listed) -> frozenset[str]:
    try:
        return proved([line.text() for line in kept], now.marks).known
    except BadFile:
        return frozenset()


def _check(actor: Actor, ref: UUID) -> None:
    """Erase one person again, and end again on which basis others read her, where the list tells so."""
    found = listed()
    if not found.known:
        return
    with transaction.atomic(), postgres.as_task(OPERATOR):
        if found.has(ref):
            _erase_again(Actor.local(actor.now), [ref])
            return
        living = Basis.objects.filter(subject__ref=ref, ended_at__isnull=True)
        _end_again(
            Actor.local(actor.now), [basis for basis in living.select_related("subject") if found.has(basis.ref)]
        )


def _do_again(machine: Actor, now: Listed, fresh: Sequence[ErasedLine]) -> int:
    """All that these lines tell, in batches, each a transaction of its own."""
    wanted, n_erased = {line.mark for line in fresh}, 0
    if any(is_of_erasing(line.reason) for line in fresh):
        for refs in _marked(Subject.objects.all(), now, wanted):
            with transaction.atomic(), postgres.as_task(OPERATOR):
                n_erased += _erase_again(machine, refs)
    if any(line.reason == ENDED for line in fresh):
        for refs in _marked(Basis.objects.all(), now, wanted):
            with transaction.atomic(), postgres.as_task(OPERATOR):
                rows = Basis.objects.filter(ref__in=refs, ended_at__isnull=True).select_related("subject")
                _end_again(machine, list(rows))
    _hold_again(machine, now, holds_of(fresh))
    return n_erased


def _hold_again(machine: Actor, now: Listed, fresh: Sequence[ErasedLine]) -> None:
    """Bring holds to what the list tells, of the agencies of which it tells something new."""
    if not fresh or now.marks is None:
        return
    every, whose, after = holds_of(now.lines), {line.agency for line in fresh}, 0
    while True:
        with transaction.atomic(), postgres.as_task(OPERATOR):
            rows = Subject.objects.filter(pk__gt=after, agency_ref__also_in=whose).order_by("pk").only("ref", *HOLD)
            part = list(rows[:LOOKED_AT])
            told = [subject for subject in part if held_in(fresh, now.marks, subject.ref) is not None]
            hold_again(machine, told, every, now.marks)
        if len(part) < LOOKED_AT:
            return
        after = part[-1].pk


HOLD = ("agency_ref", "held", "held_at", "review_on")


def _marked(all_rows: QuerySet[Any], now: Listed, wanted: set[str]) -> Iterator[list[UUID]]:
    """References of rows whose mark is wanted; read a part at a time, so that nobody waits for it."""
    if now.marks is None:
        return
    after, found = 0, []
    while True:
        with postgres.as_task(OPERATOR):
            rows = all_rows.filter(pk__gt=after).order_by("pk").values_list("pk", "ref")
            part = list(rows[:LOOKED_AT])
        found += [ref for _pk, ref in part if not wanted.isdisjoint(now.marks.all_of(str(ref)))]
        if len(part) < LOOKED_AT:
            break
        after = part[-1][0]
    for first in range(0, len(found), AT_ONCE):
        yield found[first : first + AT_ONCE]


def _erase_again(machine: Actor, refs: Iterable[UUID]) -> int:
    of: dict[UUID, list[UUID]] = defaultdict(list)
    for ref, agency in Subject.objects.filter(ref__in=list(refs)).values_list("ref", "agency_ref"):
        of[agency].append(ref)
    for agency, gone in of.items():
        Subject.objects.filter(ref__in=gone).delete()
        record(
            machine,
            "vault.identities-erased-again",
            thing_kind=policy.KIND,
            thing_refs=gone,
            owner_agency_ref=agency,
        )
    if of:
        transaction.on_commit(scrub)
    return sum(map(len, of.values()))


def _end_again(machine: Actor, rows: Sequence[Basis]) -> None:
    for basis in rows:
        Shared.objects.filter(basis=basis).delete()
        basis.ended_at = machine.now
        basis.save(update_fields=["ended_at"])
        record(
            machine,
            "vault.identity-unshared-again",
            thing_kind=policy.KIND,
            thing_ref=basis.subject.ref,
            thing_refs=[basis.ref, basis.recipient_ref],
            n_things=1,
            owner_agency_ref=basis.agency_ref,
        )


def _row(line: ErasedLine) -> Erased:
    return Erased(
        mark=line.mark, at=line.at, reason=line.reason, agency_ref=UUID(line.agency), key=line.key, hash=line.hash
    )


def _line(row: Erased) -> ErasedLine:
    return ErasedLine(
        mark=row.mark, at=row.at, reason=row.reason, agency=str(row.agency_ref), key=row.key, hash=row.hash
    )
