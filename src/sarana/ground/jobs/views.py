"""Long work: the list, one piece with how far it is, asking, stopping, going on."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sarana.basics.actors import Actor
from sarana.ground import columns
from sarana.ground.accounts.asking import as_asked
from sarana.ground.jobs import actions, policy, queries
from sarana.ground.jobs.kinds import kinds
from sarana.ground.jobs.models import Job, Receipt

A_MINUTE = 60
ALL = "all"


@require_safe
def jobs(request: HttpRequest) -> HttpResponse:
    """The work that one may see, the newest first, and the kinds for which one may ask.

    What the schedule did without anybody's asking stands there only where the address asks for `all`.

    Not written down: it tells of work, and shows nobody.
    """
    actor = as_asked(request).actor
    rows, is_all = queries.jobs_for(actor), ALL in request.GET
    page = columns.listing(rows if is_all else queries.asked_by_people(rows), _columns(), request.GET)
    words = {
        "page": page,
        "rows": [_told(actor, job) for job in page.rows],
        "kinds": queries.kinds_for(actor),
        "is_all": is_all,
        "n_hidden": 0 if is_all else rows.count() - page.n_rows,
    }
    return render(request, "jobs/jobs.html", words)


def _columns() -> list[columns.Column]:
    """The columns by which work can be ordered; the newest stands first."""
    return [
        columns.Column("asked", _("Asked for"), "asked_at", natural=True, falling=True),
        columns.Column("state", _("State"), "state", words=Job.State.choices),
    ]


def _told(actor: Actor, job: Job) -> dict[str, Any]:
    """A piece of work in words."""
    kind = kinds().get(job.kind)
    return {
        "job": job,
        "words": kind.words if kind else job.kind,
        "about": kind.about(job.args) if kind else job.about,
        "is_stuck": job.is_stuck(actor.now),
        "is_stopping": job.state == Job.State.RUNNING and job.stop_asked_at is not None,
    }


@require_safe
def job(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One piece of work: how far it is, how long it still takes, what each step did.

    Not written down: it tells of work, and shows nobody.
    """
    actor = as_asked(request).actor
    found = _job_or_404(actor, ref)
    runs = found.state in (Job.State.WAITING, Job.State.RUNNING)
    may = policy.may_change(actor, found)
    words = {
        **_told(actor, found),
        "runs": runs,
        "says": _says(actor, found),
        "step": _step(found),
        "done": _done(found),
        "may_stop": may and runs and found.stop_asked_at is None,
        "may_go_on": may and found.state in (Job.State.STOPPED, Job.State.FAILED),
    }
    return render(request, "jobs/job.html", words)


def _done(found: Job) -> list[tuple[str, Receipt, list[tuple[str, int]]]]:
    """What each step did: its name and its counts in the language of the page, as far as this version knows them."""
    kind = kinds().get(found.kind)
    steps, words = (kind.steps(found.args), kind.counts) if kind else ((), {})
    return [
        (
            str(steps[each.number].name) if each.number < len(steps) else each.name,
            each,
            [(str(words.get(name, name)), n) for name, n in each.counts.items() if isinstance(n, int)],
        )
        for each in sorted(found.receipts.all(), key=lambda receipt: receipt.number)
    ]


def _step(found: Job) -> str:
    """What is being done now."""
    kind = kinds().get(found.kind)
    steps = kind.steps(found.args) if kind else ()
    return str(steps[found.step].name) if found.step < len(steps) else ""


def _says(actor: Actor, found: Job) -> str:
    """How far the present step is, and how long it still takes."""
    if found.state != Job.State.RUNNING or not found.total:
        return ""
    left = found.seconds_left(actor.now)
    told = _("%(done)s of %(total)s") % {"done": f"{found.done:,}", "total": f"{found.total:,}"}
    if left is None:
        return told
    if left < A_MINUTE:
        return _("%(told)s; less than a minute left of this step") % {"told": told}
    return _("%(told)s; about %(minutes)s minutes left of this step") % {
        "told": told,
        "minutes": round(left / A_MINUTE),
    }


def _job_or_404(actor: Actor, ref: UUID) -> Job:
    """Hidden and absent are the same page."""
    try:
        return queries.get_job(actor, ref)
    except Job.DoesNotExist as err:
        raise Http404 from err


@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for work of a kind."""
    actor = as_asked(request).actor
    made = actions.ask(actor, request.POST.get("kind", "")[:60])
    messages.success(request, _("Asked for. You can leave this page and come back."))
    return redirect("jobs:job", ref=made.ref)


@require_POST
def stop(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Stop it."""
    return _changed(request, ref, actions.stop, _("It stops as soon as the present part is saved."))


@require_POST
def go_on(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Go on with it."""
    return _changed(request, ref, actions.go_on, _("It goes on where it was."))


def _changed(request: HttpRequest, ref: UUID, act: Any, says: str) -> HttpResponse:
    actor = as_asked(request).actor
    act(actor, _job_or_404(actor, ref))
    messages.success(request, says)
    return redirect("jobs:job", ref=ref)
