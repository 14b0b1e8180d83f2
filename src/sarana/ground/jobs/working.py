"""A worker: takes work, does its steps one after the other, and leaves a receipt for each.

It runs as a thread of the serving process, or as `sarana work` beside it; any number of workers may run.
"""

import logging
import os
import socket
import threading
import time

from django.db import DatabaseError, connection, transaction
from django.db.models.functions import Now
from django.utils import timezone, translation
from django.utils.translation import gettext, gettext_noop

from sarana.basics.actors import Actor
from sarana.basics.errors import SaranaError
from sarana.basics.work import Receipt as Counts
from sarana.basics.work import Step
from sarana.ground.accounts import queries as accounts
from sarana.ground.jobs import schedule
from sarana.ground.jobs.holding import MOST_IDLE, Ending, Held, Lost, Stopped, take
from sarana.ground.jobs.kinds import kind_of
from sarana.ground.jobs.models import Job, Receipt
from sarana.ground.jobs.policy import KIND
from sarana.ground.ledger.actions import record
from sarana.ground.walls import postgres

EVERY_SECONDS = 2.0
State = Job.State
log = logging.getLogger(__name__)


def start_working(stop: threading.Event) -> threading.Thread:
    """Work in a thread of this process until told to stop; what runs then is gone on with by the next process."""
    thread = threading.Thread(target=work_until, args=(stop,), name="jobs-worker", daemon=True)
    thread.start()
    return thread


def work_until(stop: threading.Event) -> None:
    """Take work as it comes, and ask for what is due; trouble of the machine is told and waited out."""
    looks_at = 0.0
    while not stop.is_set():
        try:
            if time.monotonic() >= looks_at:
                looks_at = time.monotonic() + schedule.EVERY_SECONDS
                schedule.ask_for_due()
            found = work_once(stop)
        except (DatabaseError, MemoryError) as err:
            log.error("JOBS-006 Work could not be taken (%s); it is tried again.", type(err).__name__)  # noqa: TRY400
            found = False
        finally:
            connection.close()
        if not found:
            stop.wait(EVERY_SECONDS)


def work_once(stop: threading.Event, worker: str = "") -> bool:
    """Take one piece of work and bring it as far as it goes; False where none waited."""
    job = take(worker or f"{socket.gethostname()}:{os.getpid()}:{threading.get_native_id()}")
    if job is None:
        return False
    with translation.override(job.account.language if job.account else "en"):
        _bring_on(Held(job, _asker(job), stop))
    return True


def _asker(job: Job) -> Actor:
    """Whoever asked for it, with the roles that she has now and the certainty with which she was signed in then."""
    now = timezone.localtime()
    if job.account is None:
        return Actor.local(now)
    with postgres.standing(account=str(job.account.pk), account_ref=str(job.account.ref)):
        return accounts.actor_of(job.account, now, purpose=job.purpose, is_strong=job.was_strong)


def _bring_on(held: Held) -> None:
    job = held.job
    try:
        if job.n_idle > MOST_IDLE:
            _fail(held, "JOBS-007", gettext_noop("Its worker ended several times before it came any further."), TELL)
            return
        kind = kind_of(job.kind)
        kind.check(held.actor, held.args)
        for number, step in enumerate(kind.steps(held.args)):
            _do(held, number, step)
        _end(held, State.DONE, "jobs.done", may_be_stopped=False)
    except Lost:
        log.warning("JOBS-008 Work %s was taken over by another worker; this one wrote nothing more.", job.ref)
    except Ending:
        _let_go(held)
    except Stopped:
        _end(held, State.STOPPED, "jobs.stopped", may_be_stopped=False)
    except SaranaError as err:
        _fail(held, err.code, err.what, err.cure, where=err.where)
    except DatabaseError as err:
        log.error("JOBS-006 Work %s met trouble of the database (%s); it is taken again.", job.ref, type(err).__name__)  # noqa: TRY400
    except MemoryError:
        log.error("JOBS-009 Work %s needs more memory than there is; it wrote nothing more.", job.ref)  # noqa: TRY400
        _fail(held, "JOBS-009", SHORT, gettext_noop("Go on with it when less runs on the machine, or give it more."))
    except Exception as err:
        log.exception("COMMAND-001 Work %s ended by a mistake of ours (%s).", job.ref, type(err).__name__)
        _fail(held, "COMMAND-001", gettext_noop("This is a mistake in Sarana, not in what you asked for."), TELL)


TELL = gettext_noop("Tell the operator: the log of the program says more.")
SHORT = gettext_noop("The machine has too little memory for this work; what was done before is kept.")


def _do(held: Held, number: int, step: Step) -> None:
    """One step, unless it has its receipt; the receipt stands in a transaction that checks whose the work is."""
    job = held.job
    with held.standing():
        if Receipt.objects.filter(job=job, number=number).exists():
            return
    began = timezone.now()
    so_far = job.done if job.step == number else 0
    total = job.total if job.step == number else 0
    with transaction.atomic(), held.standing():
        held.keep(step=number, step_began_at=began, done_before=so_far, done=so_far, total=total)
    counts: Counts = step.do(held)
    with held.saving(1, 1):
        Receipt.objects.create(
            job=job,
            number=number,
            name=str(step.name)[:200],
            began_at=began,
            ended_at=timezone.now(),
            fence=job.fence,
            counts=counts,
        )


def _end(held: Held, state: str, act: str, *, may_be_stopped: bool, **values: str) -> None:
    """The last word about the work, written down with it; nothing where another worker has it."""
    job = held.job
    try:
        with transaction.atomic(), held.standing():
            held.keep(may_be_stopped=may_be_stopped, state=state, ended_at=timezone.now(), stop_asked_at=None, **values)
            owner = job.agency.ref if job.agency else None
            record(held.actor, act, thing_kind=KIND, thing_ref=job.ref, owner_agency_ref=owner)
    except Lost:
        log.warning("JOBS-008 Work %s was taken over by another worker; this one wrote nothing more.", job.ref)


def _fail(held: Held, code: str, says: str, cure: str, *, where: str = "") -> None:
    """Say it in the language of whoever asked."""
    told, help_ = f"{where} {gettext(says)}".strip(), gettext(cure) if cure else ""
    _end(held, State.FAILED, "jobs.failed", may_be_stopped=False, code=code, says=told[:400], cure=help_[:400])


def _let_go(held: Held) -> None:
    """Give the work back at once, so that the next process need not wait for the lease to run out."""
    with transaction.atomic(), held.standing():
        rows = Job.objects.filter(pk=held.job.pk, fence=held.job.fence, state=State.RUNNING)
        rows.update(lease_until=Now(), n_idle=0)
