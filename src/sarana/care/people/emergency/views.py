"""Pages of emergencies: whom one opens and why, what was opened, one of them with the buttons to confirm and end it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet, Refused
from sarana.care.people import policy as people
from sarana.care.people import queries as of_people
from sarana.care.people.emergency import actions, policy, queries
from sarana.care.people.emergency.forms import EmergencyForm
from sarana.care.people.emergency.models import Emergency
from sarana.care.people.models import Person
from sarana.care.people.purpose import ask_purpose
from sarana.care.people.reasons import read_reason
from sarana.ground import columns
from sarana.ground.accounts.asking import as_asked
from sarana.ground.ledger.actions import record_list, record_opening
from sarana.ground.ledger.refusals import noted

UNREADY = 422


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """Whom to open, and why. Not written down before it is sent: an empty form shows nobody."""
    actor = as_asked(request).actor
    if asked := ask_purpose(request, actor):
        return asked
    form = EmergencyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        given = form.cleaned_data
        mine = of_people.find_by_code(actor, given["code"])
        if mine is not None:
            messages.info(request, _("You may open this person without an emergency, so none was begun."))
            return redirect("people:person", ref=mine.ref)
        try:
            opened = actions.open_somebody(actor, given["code"], Emergency.Reason(given["reason"]), given["words"])
        except (Refused, NotYet) as err:
            form.add_error("code", noted(request, err))
        else:
            return redirect("people:person", ref=opened.ref)
    words = {"form": form, "n_left": queries.n_left(actor)}
    return render(request, "people/emergency/begin.html", words, status=UNREADY if form.is_bound else 200)


@require_safe
def emergencies(request: HttpRequest) -> HttpResponse:
    """What was opened in an emergency, as far as she reads about it, the newest first; page after page."""
    actor = as_asked(request).actor
    if not policy.is_officer(actor):
        people.check_has_role(actor)
    page = columns.listing(queries.emergencies_for(actor), _columns(), request.GET)
    record_list(actor, policy.EMERGENCY, [row.ref for row in page.rows], action="people.emergencies-listed")
    names = queries.names_of_staff(page.rows)
    lines = [_line(actor, row, names) for row in page.rows]
    roles = {"is_helper": people.has_role(actor), "is_officer": policy.is_officer(actor)}
    words = {"page": page, "rows": lines, **roles}
    return render(request, "people/emergency/emergencies.html", words)


@require_safe
def emergency(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One of them: who, why, until when, and what can be done now; whoever may confirm it states her purpose first."""
    actor = as_asked(request).actor
    row = _emergency_or_404(actor, ref)
    if row.waits(actor.now) and queries.may_confirm(actor, row) and (asked := ask_purpose(request, actor)):
        return asked
    record_opening(actor, policy.EMERGENCY, ref, action=queries.SEEN, owner_agency_ref=row.agency_ref)
    return _page(request, actor, row)


@require_POST
def confirm(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Confirm it, as a second person."""
    actor = as_asked(request).actor
    row = _emergency_or_404(actor, ref)
    if asked := ask_purpose(request, actor):
        return asked
    try:
        actions.confirm(actor, ref)
    except NotYet as err:
        return _page(request, actor, row, fault=noted(request, err))
    except Person.DoesNotExist as err:
        raise Http404 from err
    messages.success(request, _("Confirmed. It ends by itself, an hour after it began."))
    return redirect("people:emergency", ref=ref)


@require_POST
def end(request: HttpRequest, ref: UUID) -> HttpResponse:
    """End it at once. Needs no purpose."""
    actor = as_asked(request).actor
    row = _emergency_or_404(actor, ref)
    try:
        actions.end(actor, ref)
    except NotYet as err:
        return _page(request, actor, row, fault=noted(request, err))
    messages.success(request, _("Ended. The person is closed again."))
    return redirect("people:emergency", ref=ref)


def _page(request: HttpRequest, actor: Actor, row: Emergency, fault: str = "") -> HttpResponse:
    words = {
        **_line(actor, row, queries.names_of_staff([row])),
        "words": read_reason(row.words_sealed, row.ref),
        "may_confirm": row.waits(actor.now) and queries.may_confirm(actor, row),
        "is_mine": row.account_ref == actor.account_ref,
        "is_officer": policy.is_officer(actor),
        "fault": fault,
    }
    return render(request, "people/emergency/emergency.html", words, status=UNREADY if fault else 200)


def _line(actor: Actor, row: Emergency, names: dict[UUID, str]) -> dict[str, Any]:
    return {
        "row": row,
        "person": row.person,
        "who": names.get(row.account_ref, ""),
        "confirmed_by": names.get(row.confirmed_by_ref, "") if row.confirmed_by_ref else "",
        "ended_by": names.get(row.ended_by_ref, "") if row.ended_by_ref else "",
        "lasts": row.lasts(actor.now),
        "waits": row.waits(actor.now),
    }


def _columns() -> list[columns.Column]:
    """The columns by which emergencies can be ordered."""
    return [
        columns.Column("when", _("When"), "opened_at", natural=True, falling=True),
        columns.Column("person", _("Person"), "person__code"),
        columns.Column("reason", _("What happens"), "reason", words=Emergency.Reason.choices),
    ]


def _emergency_or_404(actor: Actor, ref: UUID) -> Emergency:
    """Hidden and absent are the same page."""
    try:
        return queries.get_emergency(actor, ref)
    except Emergency.DoesNotExist as err:
        raise Http404 from err
