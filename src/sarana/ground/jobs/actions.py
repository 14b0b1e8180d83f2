"""The writing doors of long work: ask for it, stop it, go on with it. Workers write through `working`."""

from collections.abc import Mapping

from django.db import IntegrityError, transaction

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet
from sarana.ground.accounts.models import Account, Agency
from sarana.ground.jobs import policy
from sarana.ground.jobs.kinds import kind_of
from sarana.ground.jobs.models import Job
from sarana.ground.ledger.actions import record

State = Job.State


def ask(actor: Actor, code: str, args: Mapping[str, str] | None = None) -> Job:
    """Ask for long work; a worker takes it as soon as one is free.

    Raises:
        NotYet: JOBS-002 there is no such work; JOBS-003 the same thing is worked on already.
        Refused: she may not ask for it.
    """
    kind, told = kind_of(code), dict(args or {})
    kind.check(actor, told)
    made = Job(kind=code, args=told, about=kind.about(told)[:200], thing=kind.thing(told), asked_at=actor.now)
    made.n_steps = len(kind.steps(told))
    made.was_strong, made.purpose = actor.is_strong, actor.purpose
    if not actor.is_local:
        made.account = Account.objects.get(ref=actor.account_ref)
        made.agency = Agency.objects.filter(ref__in=actor.agency_refs).order_by("ref").first()
    try:
        with transaction.atomic():
            made.save(force_insert=True)
            _record(actor, made, "jobs.asked")
    except IntegrityError as err:
        raise _taken() from err
    return made


@transaction.atomic
def stop(actor: Actor, job: Job) -> None:
    """Stop work: at once where it waits, at the end of the present part where it runs. What is done stays done.

    Raises:
        NotYet: JOBS-004 it does not wait or run any more.
    """
    policy.check_may_change(actor, job)
    rows = Job.objects.filter(pk=job.pk)
    waiting = rows.filter(state=State.WAITING).update(state=State.STOPPED, ended_at=actor.now)
    if not waiting and not rows.filter(state=State.RUNNING).update(stop_asked_at=actor.now):
        raise NotYet("JOBS-004", "This work does not wait or run any more.", cure="See what became of it.")
    _record(actor, job, "jobs.stop-asked")


def go_on(actor: Actor, job: Job) -> None:
    """Go on with work that was stopped or failed, from the first step that has no receipt.

    Raises:
        NotYet: JOBS-003 the same thing is worked on already; JOBS-005 it is not stopped.
    """
    policy.check_may_change(actor, job)
    kind_of(job.kind).check(actor, job.args)
    rows = Job.objects.filter(pk=job.pk, state__in=(State.STOPPED, State.FAILED))
    again = {"state": State.WAITING, "asked_at": actor.now, "ended_at": None, "stop_asked_at": None, "n_idle": 0}
    try:
        with transaction.atomic():
            if not rows.update(**again, code="", says="", cure=""):
                raise NotYet("JOBS-005", "This work is not stopped.", cure="See what became of it.")
            _record(actor, job, "jobs.gone-on")
    except IntegrityError as err:
        raise _taken() from err


def _taken() -> NotYet:
    return NotYet(
        "JOBS-003",
        "Work on the same thing waits or runs already.",
        cure="See it on the page of work: wait for it, or stop it first.",
    )


def _record(actor: Actor, job: Job, act: str) -> None:
    owner = job.agency.ref if job.agency else None
    record(actor, act, thing_kind=policy.KIND, thing_ref=job.ref, owner_agency_ref=owner)
