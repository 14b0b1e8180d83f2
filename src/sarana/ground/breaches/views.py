"""The record of breaches: all of them, one with its deadlines, counting, noting who was told, closing."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sarana.basics.actors import Actor
from sarana.ground import columns
from sarana.ground.accounts import queries as accounts
from sarana.ground.accounts.asking import as_asked
from sarana.ground.breaches import actions, policy, queries
from sarana.ground.breaches.deadlines import words_of
from sarana.ground.breaches.forms import CountForm, IncidentForm, ToldForm
from sarana.ground.breaches.models import Duty, Incident
from sarana.ground.ledger.actions import record_list, record_opening

UNREADY = 422


@require_http_methods(["GET", "HEAD", "POST"])
def breaches(request: HttpRequest) -> HttpResponse:
    """Every incident of the officer's agencies with what is overdue, and the form for a new one."""
    actor = as_asked(request).actor
    policy.check_may_keep_any(actor)
    form = IncidentForm(queries.kept_agencies(actor), request.POST if request.method == "POST" else None)
    if form.is_valid():
        given = form.cleaned_data
        made = actions.record_incident(actor, **{**given, "agency": form.found_agencies[given["agency"]]})
        messages.success(request, _("Recorded. See whom to tell, and by when."))
        return redirect("breaches:incident", ref=made.ref)
    page = columns.listing(queries.incidents_for(actor), _columns(), request.GET)
    record_list(actor, policy.KIND, [row.ref for row in page.rows], action="breaches.read")
    shown = [{"row": row, "duties": _duties(actor, list(row.duties.all()))} for row in page.rows]
    status = UNREADY if form.is_bound else 200
    return render(request, "breaches/breaches.html", {"page": page, "rows": shown, "form": form}, status=status)


def _columns() -> list[columns.Column]:
    """The columns by which incidents can be ordered; the newest stand first."""
    return [
        columns.Column("known", _("Known since"), "known_at", natural=True, falling=True),
        columns.Column("what", _("What was readable"), "what", words=Incident.What.choices),
        columns.Column("agency", _("Agency"), accounts.name_shown("agency__")),
    ]


@require_safe
def incident(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One incident: whose data, whom to tell by when, what lay here at the time, and where to see who looked."""
    actor = as_asked(request).actor
    found = _incident_or_404(actor, ref)
    record_opening(actor, policy.KIND, ref, action="breaches.read", owner_agency_ref=found.agency.ref)
    return render(request, "breaches/incident.html", _shown(actor, found, _count_form(actor, found)))


def _count_form(actor: Actor, found: Incident) -> CountForm:
    """The form that counts people, which begins with the agency of the incident."""
    return CountForm(actor, initial={"agency": str(found.agency.ref)})


def _shown(actor: Actor, found: Incident, form: CountForm) -> dict[str, object]:
    names = accounts.agency_names(actor, get_language() or "en")
    since, until = queries.days_of(found)
    return {
        "incident": found,
        "affected": [(names.get(row.agency_ref, ""), row) for row in found.affected.all()],
        "duties": _duties(actor, sorted(found.duties.all(), key=lambda duty: duty.due_at)),
        "lay": queries.what_lay_here(actor, found),
        "form": form,
        "told": ToldForm(),
        "looked": f"since={since.isoformat()}&until={until.isoformat()}",
    }


def _duties(actor: Actor, duties: list[Duty]) -> list[dict[str, object]]:
    language = get_language() or "en"
    return [
        {
            "row": duty,
            **words_of(duty.country, duty.code, language),
            "is_overdue": duty.is_overdue(actor.now),
            "was_late": duty.was_late(),
        }
        for duty in duties
    ]


@require_POST
def count(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Say how many people it touches."""
    actor = as_asked(request).actor
    found = _incident_or_404(actor, ref)
    form = CountForm(actor, request.POST)
    if not form.is_valid():
        record_opening(actor, policy.KIND, ref, action="breaches.read", owner_agency_ref=found.agency.ref)
        return render(request, "breaches/incident.html", _shown(actor, found, form), status=UNREADY)
    given = form.cleaned_data
    actions.count_people(
        actor, found, agency_ref=form.refs[given["agency"]], tier=given["tier"], n_people=given["n_people"]
    )
    messages.success(request, _("Counted."))
    return redirect("breaches:incident", ref=ref)


@require_POST
def told(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Note that somebody was told."""
    actor = as_asked(request).actor
    try:
        duty = queries.get_duty(actor, ref)
    except Duty.DoesNotExist as err:
        raise Http404 from err
    form = ToldForm(request.POST)
    if not form.is_valid():
        found = duty.incident
        record_opening(actor, policy.KIND, found.ref, action="breaches.read", owner_agency_ref=found.agency.ref)
        messages.error(request, _("Give the day and the time at which they were told."))
        return render(
            request, "breaches/incident.html", _shown(actor, found, _count_form(actor, found)), status=UNREADY
        )
    actions.note_told(actor, duty, told_at=form.cleaned_data["told_at"])
    messages.success(request, _("Noted."))
    return redirect("breaches:incident", ref=duty.incident.ref)


@require_POST
def close(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Close an incident."""
    actor = as_asked(request).actor
    actions.close_incident(actor, _incident_or_404(actor, ref))
    messages.success(request, _("Closed. It stays on the list."))
    return redirect("breaches:incident", ref=ref)


def _incident_or_404(actor: Actor, ref: UUID) -> Incident:
    """Hidden and absent are the same page."""
    try:
        return queries.get_incident(actor, ref)
    except Incident.DoesNotExist as err:
        raise Http404 from err
