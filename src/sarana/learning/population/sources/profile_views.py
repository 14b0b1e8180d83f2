"""Views of profiles: asking for one, reading it, and saying what codes mean that nobody knew."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sarana.basics.actors import Actor
from sarana.ground.accounts.asking import as_asked
from sarana.ground.jobs import actions as jobs
from sarana.ground.ledger.actions import record_opening
from sarana.learning.population.policy import SOURCE
from sarana.learning.population.sources import actions, queries, told
from sarana.learning.population.sources.columns import queries as columns
from sarana.learning.population.sources.jobs import PROFILE
from sarana.learning.population.sources.models import CodeMeaning, Profile
from sarana.learning.population.sources.views import source_or_404

TO = "to-"
MISSING = "-"
"""What is chosen where a code means that nothing is known."""


@require_POST
def ask(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Ask for a profile of a source; where one is being made, nothing more is asked."""
    actor = as_asked(request).actor
    found = source_or_404(actor, ref)
    queries.chosen_with_areas(actor, found)
    made = jobs.ask(actor, PROFILE, {"source": str(found.ref)})
    messages.success(request, _("Asked for. You can leave this page and come back."))
    return redirect("jobs:job", ref=made.ref)


@require_safe
def profile(request: HttpRequest, ref: UUID) -> HttpResponse:
    """What the files of a source are like."""
    actor = as_asked(request).actor
    found = _profile_or_404(actor, ref)
    record_opening(actor, SOURCE, ref, action="population.profile-seen", owner_agency_ref=found.source.agency.ref)
    words = told.shown(found, columns.headers_of(found.source), get_language() or "en")
    return render(request, "population/sources/profile.html", words)


@require_POST
def mean(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Say what unknown codes of a field mean."""
    actor = as_asked(request).actor
    found = _profile_or_404(actor, ref)
    given = {
        name.removeprefix(TO): "" if value == MISSING else value
        for name in request.POST
        if name.startswith(TO) and (value := request.POST.get(name, "").strip())
    }
    n = actions.say_meanings(actor, found, field=request.POST.get("field", ""), given=given)
    words = ngettext(
        "%(count)s code was told. Look through the files again.",
        "%(count)s codes were told. Look through the files again.",
        n,
    )
    messages.success(request, words % {"count": n})
    return redirect("population:source", ref=found.source.ref)


@require_POST
def forget(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Take back what was said of a code."""
    actor = as_asked(request).actor
    try:
        found = queries.get_meaning(actor, ref)
    except CodeMeaning.DoesNotExist as err:
        raise Http404 from err
    actions.take_back(actor, found)
    messages.success(request, _("Taken back."))
    return redirect("population:source", ref=found.source.ref)


def _profile_or_404(actor: Actor, ref: UUID) -> Profile:
    """Hidden and absent are the same page."""
    try:
        return queries.get_profile(actor, ref)
    except Profile.DoesNotExist as err:
        raise Http404 from err
