"""The sealer: every few seconds it seals what was written down, in order, one sealer at a time.

Whoever writes waits for nobody here: entries are sealed in the order in which the sealer finds them, not in that of
their numbers, so that it does not matter in which order PostgreSQL lets transactions through.

Order of the steps, so that a machine may stop between any two: seal and list of the waiting in one transaction; then
the new key in the place of the old. A stop in between leaves a key that has sealed already: it is taken forward first.
"""

import dataclasses
import datetime as dt
import logging
import threading
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from sarana.basics.errors import NotYet, SaranaError
from sarana.ground.ledger import anchors, keys, rows
from sarana.ground.ledger.keys import SealKey
from sarana.ground.ledger.models import Seal
from sarana.ground.ledger.rows import SealRow
from sarana.ground.ledger.seals import NO_HASH, Mark, Member, digest, hash_of, packed
from sarana.ground.ledger.writing import is_ours_row
from sarana.ground.walls.guards import SEALING
from sarana.ground.walls.postgres import as_task

AT_ONCE = 5_000
"""Entries in one seal, at most."""

EVERY_SECONDS = 2.0
"""How often the sealer looks; what is written stands unsealed for less than five seconds."""

AFTER_TROUBLE_SECONDS = 15.0
POSTGRESQL_LOCK = 7_302_193_514
log = logging.getLogger(__name__)


def seal_all(now: dt.datetime | None = None, *, after_loss: bool = False) -> int:
    """Seal all that waits; gives how many entries were sealed, and does nothing while another sealer is at work.

    With `after_loss` it goes on although seals or the key were lost: the numbers leave a gap, or the new key begins
    with the next number, and every later check tells of it.

    Raises:
        NotYet: LEDGER-004 the key is missing; LEDGER-006 key and ledger do not belong together.
    """
    sealed = 0
    while n := seal_some(now or timezone.now(), after_loss=after_loss):
        sealed += n
    return sealed


def seal_some(now: dt.datetime, *, after_loss: bool = False) -> int:
    """Seal the next entries that wait, at most as many as one seal holds."""
    with as_task(SEALING):
        if not rows.waiting(1):
            return 0
    folder = Path(settings.SARANA_KEYS)
    with keys.alone(folder) as is_alone:
        if not is_alone:
            return 0
        with transaction.atomic(durable=True), as_task(SEALING):
            if not _holds_the_lock():
                return 0
            last = rows.last_seal()
            key = _key_after_loss(folder, last) if after_loss else _fitting_key(folder, last)
            seal = _next_seal(last, key, now)
            if seal is not None:
                _store(seal)
        if seal is None:
            return 0
        keys.write_seal_key(folder, key.at(key.number + 1))
        return seal.n_entries


def _holds_the_lock() -> bool:
    """One sealer at a time: SQLite's transaction is the only one that writes; PostgreSQL has a lock for it."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", (POSTGRESQL_LOCK,))
        (is_ours,) = cursor.fetchone()
    return bool(is_ours)


def _fitting_key(folder: Path, last: SealRow | None) -> SealKey:
    """The key for the next seal, taken forward where the machine stopped before the last step.

    Raises:
        NotYet: LEDGER-006 the ledger is shorter than the key says, or was sealed with another key.
    """
    key = keys.read_seal_key(folder)
    n_seals = last.number if last else 0
    if key.number == n_seals + 1:
        return key
    if last is None or key.number > last.number + 1:
        raise NotYet(
            "LEDGER-006",
            "The key has sealed more often than the ledger has seals: seals are missing.",
            where=f"seal {n_seals} of {key.number - 1}",
            cure="Call the data-protection officer, and run `sarana ledger verify`: it says what is missing.",
        )
    then = _key_at(key, last.number)
    if then is None or then.mac(last.hash) != last.mac:
        raise NotYet(
            "LEDGER-006",
            "The last seal was not made with the key that lies in the key folder.",
            where=f"seal {last.number}",
            cure="Call the data-protection officer, and bring back the key folder that belongs to this database.",
        )
    forward = then.at(last.number + 1)
    keys.write_seal_key(folder, forward)
    return forward


def _key_after_loss(folder: Path, last: SealRow | None) -> SealKey:
    """The key that fits, or the one with which to go on: at its own number, or begun anew after the last seal."""
    try:
        return _fitting_key(folder, last)
    except NotYet as err:
        if err.code != "LEDGER-006":
            raise
    key = keys.read_seal_key(folder)
    if last is None or key.number > last.number + 1:
        return key
    begun = SealKey(last.number + 1, key.key)
    keys.write_first_key(folder, begun)
    keys.write_seal_key(folder, begun)
    return begun


def _key_at(key: SealKey, number: int) -> SealKey | None:
    """The key of a later seal; None for a number that no honest ledger has."""
    try:
        return key.at(number)
    except ValueError:
        return None


def _next_seal(last: SealRow | None, key: SealKey, now: dt.datetime) -> SealRow | None:
    """The seal over what waits now, not stored yet."""
    ids = rows.waiting(AT_ONCE)
    if not ids:
        return None
    found = {int(row[0] or 0): row for row in rows.entries(ids)}
    members = packed(_member(number, found.get(number)) for number in ids)
    bare = SealRow(
        number=key.number,
        sealed_at=now.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S.%f"),
        n_entries=len(ids),
        n_before=last.n_before + last.n_entries if last else 0,
        members=members,
        previous_hash=last.hash if last else NO_HASH,
        hash=b"",
        mac=b"",
    )
    seal_hash = hash_of(bare)
    rows.no_longer_waiting(ids)
    return dataclasses.replace(bare, hash=seal_hash, mac=key.mac(seal_hash))


def _member(number: int, row: tuple[int | str | None, ...] | None) -> Member:
    if row is None:
        return Member(number, Mark.GONE, bytes(32))
    return Member(number, Mark.OURS if is_ours_row(row) else Mark.NOT_OURS, digest(row))


def _store(seal: SealRow) -> None:
    values = dataclasses.asdict(seal)
    values["sealed_at"] = dt.datetime.fromisoformat(seal.sealed_at).replace(tzinfo=dt.UTC)
    Seal(**values).save(force_insert=True)


def seal_what_waits() -> None:
    """Seal what waits, once, for a process that ends; trouble is told, and the next process seals."""
    _seal_once(keeps_day=False)


def start_sealing(stop: threading.Event) -> threading.Thread:
    """Seal in a thread of this process until told to stop; what waits then is sealed before the thread ends."""
    thread = threading.Thread(target=_seal_until, args=(stop,), name="ledger-sealer", daemon=True)
    thread.start()
    return thread


def _seal_until(stop: threading.Event) -> None:
    pause = EVERY_SECONDS
    while not stop.wait(pause):
        pause = _seal_once()
    _seal_once()


def _seal_once(*, keeps_day: bool = True) -> float:
    """Seal, keep the day's head, give the seconds until the next time; trouble is told and never ends the sealer."""
    try:
        seal_all()
        if keeps_day:
            anchors.keep_daily(timezone.now())
    except SaranaError as err:
        log.error("%s", err)  # noqa: TRY400  # the code and the cure say it; a trace says nothing more
        return AFTER_TROUBLE_SECONDS
    except Exception as err:  # a sealer that ends in silence is worse than any error
        log.error("LEDGER-007 The ledger could not be sealed (%s); it is tried again.", type(err).__name__)  # noqa: TRY400
        return AFTER_TROUBLE_SECONDS
    finally:
        connection.close()
    return EVERY_SECONDS
