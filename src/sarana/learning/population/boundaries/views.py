"""Boundary files: all of them with the form for another, one that was looked through, and what is done with it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sarana.basics.actors import Actor
from sarana.basics.errors import SaranaError
from sarana.ground import columns
from sarana.ground.accounts.asking import as_asked
from sarana.ground.ledger import refusals
from sarana.ground.ledger.actions import record_list, record_opening
from sarana.ground.pages.uploads import ATTRIBUTE
from sarana.learning.population.boundaries import actions, queries, showing
from sarana.learning.population.boundaries.forms import BringForm
from sarana.learning.population.boundaries.models import BoundaryFile
from sarana.learning.population.boundaries.reading import MOST_BYTES
from sarana.learning.population.boundaries.taking import Coming
from sarana.learning.population.policy import BOUNDARIES
from sarana.learning.population.sources.actions import cut
from sarana.learning.population.sources.queries import offices_of
from sarana.learning.population.year.queries import provinces_of

UNREADY = 422
WHOLE = "whole"
"""A field behind the file in its form: where it is missing, the line was cut."""


@require_http_methods(["GET", "HEAD", "POST"])
def boundaries(request: HttpRequest) -> HttpResponse:
    """The boundary files of one's provinces, and the form for another; whatever is wrong with it, it is said."""
    actor = as_asked(request).actor
    rows = queries.boundaries_for(actor)
    areas = provinces_of(actor)
    sent = request.POST if request.method == "POST" else None
    form, fault = BringForm(offices_of(actor), areas, actor.today, sent), ""
    if form.is_valid():
        try:
            made, is_new = _brought(request, actor, form)
        except SaranaError as err:
            fault = f"{err.where} {refusals.noted(request, err)} ({err.code})".strip()
        else:
            if is_new:
                messages.success(request, _("It came whole. You can leave this page and come back."))
            else:
                messages.info(request, _("This very file is here already. Nothing was kept twice."))
            return redirect("population:boundary", ref=made.ref)
    page = columns.listing(rows, _columns(), request.GET)
    record_list(actor, BOUNDARIES, [row.ref for row in page.rows], action="population.boundaries-seen")
    words = {"page": page, "form": form, "fault": fault, "areas": areas, "most_mib": MOST_BYTES // 2**20}
    status = UNREADY if form.is_bound else 200
    return render(request, "population/boundaries/boundaries.html", words, status=status)


def _brought(request: HttpRequest, actor: Actor, form: BringForm) -> tuple[BoundaryFile, bool]:
    came = getattr(request, ATTRIBUTE, None)
    if came is not None and came.fault is not None:
        raise came.fault
    if not isinstance(came, Coming) or not came.is_whole or WHOLE not in request.POST:
        raise cut()
    given = form.cleaned_data
    agency = form.found_agencies[given["agency"]]
    return actions.bring(actor, form.said(), came.content, agency=agency, area=given["area"])


@require_safe
@gzip_page
def boundary(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One boundary file: what was found in it, and what becomes of it."""
    actor = as_asked(request).actor
    found = _or_404(actor, ref)
    record_opening(actor, BOUNDARIES, ref, action="population.boundary-seen", owner_agency_ref=found.agency.ref)
    words = {"file": found, **showing.whole(actor, found)}
    return render(request, "population/boundaries/boundary.html", words)


@require_POST
def put_in_force(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Let the next updates be drawn by it."""
    actor = as_asked(request).actor
    knows_gaps, knows_older = (bool(request.POST.get(name)) for name in ("knows", "knows_older"))
    actions.put_in_force(actor, _or_404(actor, ref), knows_gaps=knows_gaps, knows_older=knows_older)
    messages.success(request, _("In force: the next update of the province is drawn by it."))
    return redirect("population:boundary", ref=ref)


@require_POST
def put_aside(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Put it aside."""
    actor = as_asked(request).actor
    actions.put_aside(actor, _or_404(actor, ref))
    messages.success(request, _("Put aside."))
    return redirect("population:boundary", ref=ref)


def _or_404(actor: Actor, ref: UUID) -> BoundaryFile:
    """Hidden and absent are the same page."""
    try:
        return queries.get_boundary(actor, ref)
    except BoundaryFile.DoesNotExist as err:
        raise Http404 from err


def _columns() -> list[columns.Column]:
    """The columns by which files can be ordered; the newest stand first."""
    return [
        columns.Column("brought", _("Brought"), "brought_at", natural=True, falling=True),
        columns.Column("area", _("Province"), "area", natural=True),
    ]
