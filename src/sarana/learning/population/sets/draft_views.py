"""Drafts of a province's own set: copying, changing, asking for the effect, proposing, agreeing, putting aside."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sarana.basics.errors import BadSetting, NotYet
from sarana.ground.accounts.asking import as_asked
from sarana.ground.ledger import refusals
from sarana.learning.population.sets import actions, policy, queries
from sarana.learning.population.sets.forms import CopyForm, IndicatorForm, WholeForm
from sarana.learning.population.sets.models import OwnSet
from sarana.learning.population.sets.views import UNREADY, set_or_404
from sarana.methods.risk.changing import find_indicator
from sarana.methods.risk.sets import load_set

OF_FORMS = ("POPULATION-", "RISK-")
"""What is said in the form again, with all that was typed; anything else is no fault of what was typed."""


@require_http_methods(["GET", "HEAD", "POST"])
def copy(request: HttpRequest) -> HttpResponse:
    """Make a draft out of a set; the address may name which."""
    actor = as_asked(request).actor
    every = list(queries.sets_for(actor).order_by("set_id", "-number"))
    grants = policy.changer_grants(actor)
    if not grants:
        raise policy.not_hers()
    agencies = queries.agencies_of(actor, [grant.agency_ref for grant in grants])
    sent = request.POST if request.method == "POST" else None
    form = CopyForm(actor, agencies, every, sent, initial={"of": request.GET.get("of", "")})
    if form.is_valid():
        given = form.cleaned_data
        chosen = form.own.get(given["of"])
        of = load_set(given["of"]) if chosen is None else chosen.held()
        made = actions.copy(actor, of, agency=form.found_agencies[given["agency"]], area=given["area"])
        messages.success(request, _("Copied. Change what you would have otherwise."))
        return redirect("population:own-set", ref=made.ref)
    return render(request, "population/sets/copy.html", {"form": form}, status=UNREADY if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Change what holds for a draft as a whole."""
    found = _draft(request, ref)
    form = WholeForm(found.held(), _sent(request), initial={"version": found.version})
    return _changed(request, found, form, {"heading": _("Change what holds for the whole set")})


@require_http_methods(["GET", "HEAD", "POST"])
def indicator(request: HttpRequest, ref: UUID, key: str) -> HttpResponse:
    """Change one indicator of a draft, or leave it out."""
    found = _draft(request, ref)
    of = found.held()
    one = find_indicator(of, key)
    if one is None:
        raise Http404
    form = IndicatorForm(of, one, _sent(request), initial={"version": found.version})
    return _changed(request, found, form, {"heading": _("Change an indicator"), "one": one})


@require_POST
def effect(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Ask what a draft would change on a run that was made here."""
    actor = as_asked(request).actor
    found = set_or_404(actor, ref)
    policy.check_may_change(actor, found.area)
    chosen = next((each for each in queries.runs_of(found.area) if str(each.ref) == request.POST.get("run")), None)
    if chosen is None:
        messages.error(request, _("Choose a run whose files are here."))
        return redirect("population:own-set", ref=ref)
    job = actions.ask_effect(actor, found, chosen)
    messages.success(request, _("Asked for. You can leave this page and come back."))
    return redirect("jobs:job", ref=job.ref)


@require_POST
def propose(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Propose that the yearly update use a draft."""
    found = set_or_404(as_asked(request).actor, ref)
    actions.propose(as_asked(request).actor, found, version=_version(request))
    messages.success(request, _("Proposed. A data custodian or another officer of the province has to agree."))
    return redirect("population:own-set", ref=ref)


@require_POST
def agree(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Agree to a version that somebody else proposed."""
    found = set_or_404(as_asked(request).actor, ref)
    actions.agree(as_asked(request).actor, found, version=_version(request))
    messages.success(request, _("Adopted. The next yearly update can use it."))
    return redirect("population:own-set", ref=ref)


@require_POST
def put_aside(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Put a version aside."""
    found = set_or_404(as_asked(request).actor, ref)
    actions.put_aside(as_asked(request).actor, found, version=_version(request))
    messages.success(request, _("Put aside. It stays to be read and copied."))
    return redirect("population:own-set", ref=ref)


def _draft(request: HttpRequest, ref: UUID) -> OwnSet:
    actor = as_asked(request).actor
    found = set_or_404(actor, ref)
    policy.check_may_change(actor, found.area)
    return found


def _changed(
    request: HttpRequest, found: OwnSet, form: WholeForm | IndicatorForm, words: dict[str, Any]
) -> HttpResponse:
    """The draft, if all that was typed can stand; the form again, with all that was typed, if not."""
    if form.is_valid() and form.held is not None:
        try:
            actions.change(as_asked(request).actor, found, form.held, version=form.cleaned_data["version"])
        except (NotYet, BadSetting) as err:
            if not err.code.startswith(OF_FORMS):
                raise
            form.add_error(None, f"{refusals.noted(request, err)} {err.cure} ({err.code})")
        else:
            messages.success(request, _("Saved. What it changes has to be reckoned anew."))
            return redirect("population:own-set", ref=found.ref)
    status = UNREADY if form.is_bound else 200
    return render(request, "population/sets/change.html", {**words, "form": form, "own": found}, status=status)


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _version(request: HttpRequest) -> int:
    """The version that somebody saw when she pressed the button."""
    said = request.POST.get("version", "")
    return int(said) if said.isdigit() and len(said) < 9 else 0
