"""Sources: all of them, one with its files, registering, changing, and handing a file over."""

import os
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet, SaranaError
from sarana.ground import columns
from sarana.ground.accounts import queries as accounts
from sarana.ground.accounts.asking import as_asked
from sarana.ground.ledger import refusals
from sarana.ground.ledger.actions import record_list, record_opening
from sarana.ground.pages.uploads import ATTRIBUTE
from sarana.learning.population.policy import SOURCE
from sarana.learning.population.sources import actions, lying, policy, queries
from sarana.learning.population.sources.columns.showing import columns_shown
from sarana.learning.population.sources.forms import RegisterForm, SourceForm
from sarana.learning.population.sources.incoming import MOST_BYTES, Incoming
from sarana.learning.population.sources.models import HandedFile, Source
from sarana.methods.population.layouts import AREAS

UNREADY = 422
WHOLE = "whole"
"""A field behind the file in its form: where it is missing, the line was cut."""


@require_safe
def sources(request: HttpRequest) -> HttpResponse:
    """The sources that one may see."""
    actor = as_asked(request).actor
    page = columns.listing(queries.sources_for(actor), _columns(), request.GET)
    record_list(actor, SOURCE, [row.ref for row in page.rows], action="population.sources-seen")
    words = {"page": page, "rows": [_row(row) for row in page.rows], "may_update": policy.may_update(actor)}
    return render(request, "population/sources/sources.html", words)


def _columns() -> list[columns.Column]:
    """The columns by which sources can be ordered."""
    return [
        columns.Column("name", _("Source"), "name"),
        columns.Column("agency", _("Agency"), accounts.name_shown("agency__")),
        columns.Column("sector", _("Sector"), "sector", words=Source.Sector.choices),
        columns.Column("as-of", _("As of"), "as_of", natural=True),
    ]


def _row(source: Source) -> dict[str, Any]:
    return {
        "source": source,
        "layout": source.laid_out().called(get_language() or "en"),
        "n_parts": len(source.laid_out().parts),
        "n_lying": len(source.lying),
    }


@require_safe
def source(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One source: what is said of it, and which of its files are here."""
    actor = as_asked(request).actor
    found = source_or_404(actor, ref)
    record_opening(actor, SOURCE, ref, action="population.source-seen", owner_agency_ref=found.agency.ref)
    return render(request, "population/sources/source.html", shown(found))


def shown(found: Source, fault: str = "") -> dict[str, Any]:
    """Everything the page of a source needs."""
    here: dict[str, HandedFile] = {row.part: row for row in found.lying}
    parts = [
        {"part": part, "file": (file := here.get(part.name)), "last_day": file and file.last_day(found)}
        for part in found.laid_out().parts
    ]
    seen = columns_shown(found)
    return {
        **_row(found),
        "parts": parts,
        "missing": [part.name for part in found.laid_out().parts if part.name not in here],
        "lying": lying.lying(found.agency.ref),
        "most_mib": MOST_BYTES // 2**20,
        "fault": fault,
        "profile": queries.find_profile_of(found),
        "meanings": queries.meanings_of(found),
        "columns": seen,
        "n_open": sum(each.n_open for each in seen),
        "may_look_through": found.layout != AREAS,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Register a source."""
    actor = as_asked(request).actor
    queries.sources_for(actor)
    form = RegisterForm(actor, queries.agencies_of(actor), request.POST if request.method == "POST" else None)
    if form.is_valid():
        given = form.cleaned_data
        agency = form.found_agencies[given["agency"]]
        try:
            made = actions.register(actor, form.said(), agency=agency, area=given["area"], layout=given["layout"])
        except NotYet as err:
            if err.code != "POPULATION-036":
                raise
            form.add_error("layout", _told(request, err))
        else:
            messages.success(request, _("Registered. Now hand its files over."))
            return redirect("population:source", ref=made.ref)
    status = UNREADY if form.is_bound else 200
    return render(request, "population/sources/register.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Change what is said of a source."""
    actor = as_asked(request).actor
    found = source_or_404(actor, ref)
    before = {name: getattr(found, name) for name in (*actions.Said.__slots__, "version")}
    form = SourceForm(request.POST if request.method == "POST" else None, initial=before)
    if form.is_valid():
        actions.change(actor, found, form.said(), version=form.cleaned_data["version"] or 0)
        messages.success(request, _("Saved."))
        return redirect("population:source", ref=ref)
    status = UNREADY if form.is_bound else 200
    return render(request, "population/sources/change.html", {"form": form, "source": found}, status=status)


@require_POST
def hand_over(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Keep a file that came with the form; it was sealed while it came."""
    actor = as_asked(request).actor
    found = source_or_404(actor, ref)
    came = getattr(request, ATTRIBUTE, None)
    try:
        if came is not None and came.fault is not None:
            raise came.fault
        if not isinstance(came, Incoming) or WHOLE not in request.POST:
            raise actions.cut()
        return _kept(request, found, came)
    except SaranaError as err:
        return _refused(request, found, err)


@require_POST
def point(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Keep a copy of a file that lies in the folder that the operator allowed."""
    actor = as_asked(request).actor
    found = source_or_404(actor, ref)
    try:
        with lying.taken(found.agency.ref, request.POST.get("name", "")) as came:
            return _kept(request, found, came)
    except SaranaError as err:
        return _refused(request, found, err)


def _kept(request: HttpRequest, found: Source, came: Incoming) -> HttpResponse:
    row, is_new = actions.keep_file(as_asked(request).actor, found, request.POST.get("part", ""), came)
    told = {"part": row.part, "bytes": f"{row.n_bytes:,}"}
    if is_new:
        messages.success(request, _("%(part)s is here: %(bytes)s bytes, sealed.") % told)
    else:
        messages.info(request, _("This very file is here already, as %(part)s. Nothing was kept twice.") % told)
    return redirect("population:source", ref=found.ref)


def _refused(request: HttpRequest, found: Source, err: SaranaError) -> HttpResponse:
    """The page of the source again, with what was in the way."""
    return render(request, "population/sources/source.html", shown(found, _told(request, err)), status=UNREADY)


def _told(request: HttpRequest, err: SaranaError) -> str:
    """What was in the way, where, and the code that the manual explains; of keys and folders only that."""
    said = refusals.noted(request, err)
    if err.code.startswith("VAULT-"):
        said = _("The keys of this installation cannot be used now. Tell its operator the code that stands here.")
    where = "" if os.sep in err.where else err.where
    return f"{where} {said} ({err.code})".strip()


@require_POST
def let_go(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Take a file away."""
    actor = as_asked(request).actor
    try:
        found = queries.get_file(actor, ref)
    except HandedFile.DoesNotExist as err:
        raise Http404 from err
    actions.let_go(actor, found)
    messages.success(request, _("The file was taken away."))
    return redirect("population:source", ref=found.source.ref)


def source_or_404(actor: Actor, ref: UUID) -> Source:
    """Hidden and absent are the same page."""
    try:
        return queries.get_source(actor, ref)
    except Source.DoesNotExist as err:
        raise Http404 from err
