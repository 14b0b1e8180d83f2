"""Tasks: those that wait for one's role, one of them, taking it, giving it back, ending it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sarana.basics.actors import Actor
from sarana.ground import columns
from sarana.ground.accounts.asking import as_asked
from sarana.ground.ledger.actions import record_list, record_opening
from sarana.ground.tasks import actions, policy, queries
from sarana.ground.tasks.forms import EndForm
from sarana.ground.tasks.kinds import kinds
from sarana.ground.tasks.models import Task

UNREADY = 422
ALL = "all"


@require_safe
def tasks(request: HttpRequest) -> HttpResponse:
    """What waits for one's role; what has ended only where the address asks for `all`."""
    actor = as_asked(request).actor
    rows, is_all = queries.tasks_for(actor), ALL in request.GET
    if not is_all:
        rows = rows.filter(state__in=(Task.State.WAITING, Task.State.TAKEN))
    page = columns.listing(rows, _columns(), request.GET)
    record_list(actor, policy.KIND, [row.ref for row in page.rows], action="tasks.seen")
    words = {"page": page, "rows": [_told(actor, row) for row in page.rows], "is_all": is_all}
    return render(request, "tasks/tasks.html", words)


@require_safe
def task(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One task: what is to be done and why, and the page where it is done."""
    actor = as_asked(request).actor
    found = _task_or_404(actor, ref)
    record_opening(actor, policy.KIND, found.ref, action="tasks.opened", owner_agency_ref=found.agency.ref)
    return render(request, "tasks/task.html", {**_told(actor, found), "form": EndForm(kinds().get(found.kind))})


@require_POST
def take(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Take it."""
    actor = as_asked(request).actor
    actions.take(actor, _task_or_404(actor, ref))
    messages.success(request, _("It is yours now. Others of your role see that you took it."))
    return redirect("tasks:task", ref=ref)


@require_POST
def give_back(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Give it back."""
    actor = as_asked(request).actor
    actions.give_back(actor, _task_or_404(actor, ref))
    messages.success(request, _("Given back: it waits again for your role."))
    return redirect("tasks:tasks")


@require_POST
def end(request: HttpRequest, ref: UUID) -> HttpResponse:
    """End it, saying how."""
    actor = as_asked(request).actor
    found = _task_or_404(actor, ref)
    form = EndForm(kinds().get(found.kind), request.POST)
    if not form.is_valid():
        return render(request, "tasks/task.html", {**_told(actor, found), "form": form}, status=UNREADY)
    actions.end(actor, found, outcome=form.cleaned_data["outcome"])
    messages.success(request, _("Ended. It waits for nobody any more."))
    return redirect("tasks:tasks")


def _told(actor: Actor, task: Task) -> dict[str, Any]:
    """A task in words."""
    kind = kinds().get(task.kind)
    outcomes = {
        actions.RETURNED: _("it is not for this role"),
        actions.GONE: _("not done: what it leads to was withdrawn"),
        **dict(kind.outcomes if kind else ()),
    }
    return {
        "task": task,
        "words": kind.words if kind else task.kind,
        "why": kind.why if kind else "",
        "address": _address(task),
        "is_mine": task.taken_by is not None and task.taken_by.ref == actor.account_ref,
        "is_due": task.is_open and task.due_on <= actor.today,
        "outcome": outcomes.get(task.outcome, task.outcome),
    }


def _address(task: Task) -> str:
    """Where it is done; "" where no page has that name any more."""
    try:
        return reverse(task.address, args=[UUID(ref) for ref in task.args])
    except NoReverseMatch:
        return ""


def _columns() -> list[columns.Column]:
    """The columns by which tasks can be ordered; what is due stands first."""
    return [
        columns.Column("due", _("Due"), "due_on", natural=True),
        columns.Column("state", _("State"), "state", words=Task.State.choices),
    ]


def _task_or_404(actor: Actor, ref: UUID) -> Task:
    """Hidden and absent are the same page."""
    try:
        return queries.get_task(actor, ref)
    except Task.DoesNotExist as err:
        raise Http404 from err
