"""Activities: those that were written down, writing one down, and taking one back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sarana.ground import columns
from sarana.ground.accounts.asking import as_asked
from sarana.ground.ledger.actions import record_list
from sarana.learning.population.policy import ACTIVITY
from sarana.learning.population.sources import policy
from sarana.learning.population.sources.queries import offices_of
from sarana.learning.population.year.doing import actions, queries
from sarana.learning.population.year.doing.forms import ActivityForm, ChoiceForm
from sarana.learning.population.year.models import Activity
from sarana.learning.population.year.queries import provinces_of

UNREADY = 422


@require_safe
def activities(request: HttpRequest) -> HttpResponse:
    """What was done, as the address chooses; small numbers are told to those of its own agency only."""
    actor = as_asked(request).actor
    rows = queries.activities_for(actor)
    years = sorted({day.year for day in rows.values_list("from_on", flat=True)}, reverse=True)
    form = ChoiceForm(years, request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    if chosen.get("kind"):
        rows = rows.filter(kind=chosen["kind"])
    if chosen.get("year"):
        rows = rows.filter(from_on__year=int(chosen["year"]))
    page = columns.listing(rows, _columns(), request.GET)
    record_list(actor, ACTIVITY, [row.ref for row in page.rows], action="population.activities-seen")
    names = dict(queries.places_of(actor, sorted({row.area for row in page.rows}), get_language() or "en"))
    lines = [
        {
            "row": row,
            "place": names.get(row.place, row.place).removeprefix("– "),
            "is_told": queries.tells_number(actor, row),
            "is_mine": policy.may_update(actor) and row.agency.ref in actor.agency_refs,
        }
        for row in page.rows
    ]
    words = {"page": page, "lines": lines, "form": form, "may_write": policy.may_update(actor)}
    return render(request, "population/year/activities.html", words)


def _columns() -> list[columns.Column]:
    """The columns by which activities can be ordered; the newest stand first."""
    return [
        columns.Column("from", _("From"), "from_on", natural=True, falling=True),
        columns.Column("organiser", _("Who organised it"), "organiser"),
        columns.Column("kind", _("What was done"), "kind", words=Activity.Kind.choices),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    """Write an activity down."""
    actor = as_asked(request).actor
    areas = provinces_of(actor)
    places = queries.places_of(actor, areas, get_language() or "en")
    form = ActivityForm(
        offices_of(actor), areas, places, actor.today, request.POST if request.method == "POST" else None
    )
    if form.is_valid():
        given: dict[str, Any] = form.cleaned_data
        agency = form.found_agencies[given["agency"]]
        actions.write_activity(actor, form.done(), agency=agency, area=given["area"])
        messages.success(request, _("Written down."))
        return redirect("population:activities")
    status = UNREADY if form.is_bound else 200
    return render(request, "population/year/activity.html", {"form": form}, status=status)


@require_POST
def take_back(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Take one back."""
    actor = as_asked(request).actor
    try:
        found = queries.get_activity(actor, ref)
    except Activity.DoesNotExist as err:
        raise Http404 from err
    actions.take_back_activity(actor, found)
    messages.success(request, _("Taken back."))
    return redirect("population:activities")
