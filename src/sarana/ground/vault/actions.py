"""The writing doors of backups: that one was made, that one was tried, and what tables lack from the journal beside."""

import logging
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from django.db import IntegrityError, transaction

from sarana.basics.actors import Actor
from sarana.basics.errors import SaranaError
from sarana.ground.ledger.actions import record
from sarana.ground.ledger.models import Entry
from sarana.ground.vault import policy
from sarana.ground.vault.identities.actions.applying import apply_erased
from sarana.ground.vault.identities.actions.sharing import sweep_lapsed
from sarana.ground.vault.journal import Made, Tried, read_standing
from sarana.ground.vault.models import Backup, Drill, LetGo

log = logging.getLogger(__name__)


@transaction.atomic
def note_backup(actor: Actor, made: Made) -> None:
    """Write down that a backup was made, or could not be."""
    policy.check_may_make(actor)
    row = Backup(
        ref=UUID(made.id),
        made_at=made.made_at,
        where=made.where[:400],
        n_bytes=made.n_bytes,
        n_rows=made.n_rows,
        sha256=made.sha256,
        sealed_to=made.sealed_to[:200],
        opens_with=made.opens_with[:400],
        code=made.code,
    )
    row.save(force_insert=True)
    record(
        actor,
        "vault.backed-up",
        thing_kind=policy.KIND,
        thing_ref=row.ref,
        result=_result(made.code),
        code=made.code,
    )


@transaction.atomic
def note_drill(actor: Actor, tried: Tried) -> None:
    """Write down that a backup was tried, or brought back, or did not stand it."""
    policy.check_may_make(actor)
    row = Drill(
        ref=UUID(tried.id),
        at=tried.at,
        file=tried.file[:200],
        backup_ref=UUID(tried.backup) if tried.backup else None,
        n_rows=tried.n_rows,
        is_restore=tried.is_restore,
        code=tried.code,
    )
    row.save(force_insert=True)
    record(
        actor,
        "vault.restored" if tried.is_restore else "vault.drilled",
        thing_kind=policy.KIND,
        thing_ref=row.backup_ref or row.ref,
        result=_result(tried.code),
        code=tried.code,
    )


@transaction.atomic
def note_let_go(actor: Actor, backups: Sequence[UUID]) -> None:
    """Write down that the files of backups had served their time and are taken away: one line for all of them."""
    policy.check_may_make(actor)
    LetGo.objects.bulk_create(LetGo(backup=row, at=actor.now) for row in Backup.objects.filter(ref__in=backups))
    record(actor, "vault.let-go", thing_kind=policy.KIND, thing_refs=backups, n_things=len(backups))


@transaction.atomic
def note_keys(actor: Actor, *, is_restore: bool) -> None:
    """Write down that the key folder was backed up, or filled from a backup; of which, no table tells."""
    policy.check_may_make(actor)
    record(actor, "vault.keys-brought-back" if is_restore else "vault.keys-backed-up", thing_kind=policy.KIND)


def _result(code: str) -> Entry.Result:
    return Entry.Result.FAILED if code else Entry.Result.DONE


def catch_up(actor: Actor, home: Path) -> int:
    """Write down what the journal tells and the tables lack, as after a restore; gives how much that was.

    Whom a restored database brought back although she was erased is erased again first; what other agencies read on
    a basis whose last day is over is taken away.

    Called again, or by two at once, it writes nothing twice: each act is one row of its reference, and is written down
    as part of an act that records itself.
    """
    try:
        apply_erased(actor)
    except SaranaError as err:
        # Whoever opens somebody is told, and nobody is opened; backups go on all the same.
        log.warning("%s", err)
    sweep_lapsed(actor.now)
    kept = read_standing(home)
    known = {
        *Backup.objects.filter(ref__in=[made.id for made in kept.made]).values_list("ref", flat=True),
        *Drill.objects.filter(ref__in=[tried.id for tried in kept.tried]).values_list("ref", flat=True),
    }
    lacking = sorted(
        [made for made in kept.made if UUID(made.id) not in known]
        + [tried for tried in kept.tried if UUID(tried.id) not in known],
        key=lambda act: act.made_at if isinstance(act, Made) else act.at,
    )
    return sum(_caught_up(actor, act) for act in lacking)


def _caught_up(actor: Actor, act: Made | Tried) -> bool:
    try:
        if isinstance(act, Made):
            note_backup(actor, act)
        else:
            note_drill(actor, act)
    except IntegrityError:
        return False  # somebody else wrote it down in the same moment
    return True
