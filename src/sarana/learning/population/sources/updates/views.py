"""Yearly updates: those that were asked for, and the form that asks for one."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sarana.ground import columns
from sarana.ground.accounts.asking import as_asked
from sarana.ground.ledger.actions import record_list
from sarana.learning.population.policy import UPDATE
from sarana.learning.population.sources.forms import UpdateForm
from sarana.learning.population.sources.queries import offices_of
from sarana.learning.population.sources.updates import actions as update_actions
from sarana.learning.population.sources.updates import queries as update_queries
from sarana.learning.population.year.ticking import why_not_ticked

UNREADY = 422


@require_http_methods(["GET", "HEAD", "POST"])
def updates(request: HttpRequest) -> HttpResponse:
    """The updates of one's province, the newest first, and the form for another."""
    actor = as_asked(request).actor
    rows = update_queries.updates_for(actor)
    complete = update_queries.complete_sources(actor)
    why_not = why_not_ticked(actor, complete)
    form = UpdateForm(actor, offices_of(actor), complete, why_not, request.POST if request.method == "POST" else None)
    if form.is_valid():
        given: dict[str, Any] = form.cleaned_data
        chosen = [source for source in complete if str(source.ref) in given["sources"]]
        agency = form.found_agencies[given["agency"]]
        job = update_actions.start_update(actor, form.wanted(), agency=agency, area=given["area"], sources=chosen)
        messages.success(request, _("Asked for. You can leave this page and come back."))
        return redirect("jobs:job", ref=job.ref)
    page = columns.listing(rows, _columns(), request.GET)
    record_list(actor, UPDATE, [row.ref for row in page.rows], action="population.updates-seen")
    told = update_queries.with_courses(page.rows)
    words = {"page": page, "told": told, "form": form, "complete": complete, "asker": actor.account_ref}
    return render(request, "population/sources/updates.html", words, status=UNREADY if form.is_bound else 200)


def _columns() -> list[columns.Column]:
    """The columns by which updates can be ordered; the newest stand first."""
    return [
        columns.Column("asked", _("Asked for"), "asked_at", natural=True, falling=True),
        columns.Column("name", _("Update"), "name"),
    ]
