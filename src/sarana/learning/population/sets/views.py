"""Indicator sets: all of them, one with every indicator and what was said of it, its file, and a note on it."""

from typing import Any
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
from sarana.ground.ledger.actions import record, record_list, record_opening
from sarana.learning.population.policy import SET
from sarana.learning.population.sets import actions, policy, queries, showing
from sarana.learning.population.sets.forms import NoteForm
from sarana.learning.population.sets.models import OwnSet, SetNote
from sarana.methods.risk.sets import list_sets, load_set
from sarana.methods.risk.shapes import IndicatorSet
from sarana.methods.risk.writing import write_set

UNREADY = 422


@require_safe
def sets(request: HttpRequest) -> HttpResponse:
    """The sets that come with Sarana, and the versions of provinces' own."""
    actor = as_asked(request).actor
    page = columns.listing(queries.sets_for(actor), _columns(), request.GET)
    record_list(actor, SET, [row.ref for row in page.rows], action="population.sets-seen")
    language = get_language() or "en"
    ours = [(of, showing.said_in(of.title, language)) for of in map(load_set, list_sets())]
    words = {"page": page, "ours": ours, "may_copy": bool(policy.changer_grants(actor))}
    return render(request, "population/sets/sets.html", words)


@require_http_methods(["GET", "HEAD", "POST"])
def ours(request: HttpRequest, name: str) -> HttpResponse:
    """A set that comes with Sarana; a note that is sent is left on it."""
    actor = as_asked(request).actor
    of = queries.find_ours(actor, name)
    if of is None:
        raise Http404
    form = _note_form(request, actor, of)
    if form is not None and form.is_valid():
        actions.note(actor, name, form.said(), agency=form.agency_chosen())
        messages.success(request, _("Your note stands beside the others."))
        return redirect("population:our-set", name=name)
    record(actor, "population.set-seen", thing_kind=SET)
    words = _whole(actor, of, name)
    return render(request, "population/sets/set.html", {**words, "form": form}, status=_status(form))


@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest, ref: UUID) -> HttpResponse:
    """A version of a province's own set; a note that is sent is left on it."""
    actor = as_asked(request).actor
    found = set_or_404(actor, ref)
    of = found.held()
    form = _note_form(request, actor, of)
    if form is not None and form.is_valid():
        actions.note(actor, str(found.ref), form.said(), agency=form.agency_chosen())
        messages.success(request, _("Your note stands beside the others."))
        return redirect("population:own-set", ref=ref)
    record_opening(actor, SET, found.ref, action="population.set-seen", owner_agency_ref=found.agency.ref)
    words = {
        **_whole(actor, of, str(found.ref)),
        "own": found,
        "form": form,
        "first": showing.first_of(found),
        "effects": showing.effects(found, queries.effects_of(found), get_language() or "en"),
        "is_draft": found.state == OwnSet.State.DRAFT,
        "is_proposed": found.state == OwnSet.State.PROPOSED,
        "may_change": policy.may_change(actor, found),
        "may_propose": policy.may_propose(actor, found),
        "may_agree": policy.may_agree(actor, found),
        "may_put_aside": policy.may_put_aside(actor, found),
        "runs": queries.runs_of(found.area) if found.state == OwnSet.State.DRAFT else [],
    }
    return render(request, "population/sets/set.html", words, status=_status(form))


@require_safe
def file(request: HttpRequest, ref: UUID) -> HttpResponse:
    """A version as a file, for whoever holds sets against each other at the machine."""
    actor = as_asked(request).actor
    found = set_or_404(actor, ref)
    record_opening(actor, SET, found.ref, action="population.set-fetched", owner_agency_ref=found.agency.ref)
    answer = HttpResponse(write_set(found.held()), content_type="application/toml")
    answer["Content-Disposition"] = f'attachment; filename="{found.set_id}-{found.number}.toml"'
    return answer


@require_POST
def take_back(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Take one's own note back."""
    actor = as_asked(request).actor
    try:
        found = queries.get_note(actor, ref)
    except SetNote.DoesNotExist as err:
        raise Http404 from err
    actions.take_back(actor, found)
    messages.success(request, _("The note was taken back."))
    if found.about in list_sets():
        return redirect("population:our-set", name=found.about)
    return redirect("population:own-set", ref=found.about)


def set_or_404(actor: Actor, ref: UUID) -> OwnSet:
    """Hidden and absent are the same page."""
    try:
        return queries.get_set(actor, ref)
    except OwnSet.DoesNotExist as err:
        raise Http404 from err


def _note_form(request: HttpRequest, actor: Actor, of: IndicatorSet) -> NoteForm | None:
    """The form for a note, for those who leave any; whoever sends one without that is refused."""
    if request.method == "POST":
        policy.check_may_argue(actor)
    if not policy.may_argue(actor):
        return None
    agencies = queries.agencies_of(actor, [grant.agency_ref for grant in policy.arguer_grants(actor)])
    return NoteForm(of, agencies, request.POST if request.method == "POST" else None)


def _whole(actor: Actor, of: IndicatorSet, about: str) -> dict[str, Any]:
    said = showing.notes(actor, queries.notes_of(about))
    may_copy = bool(policy.changer_grants(actor))
    return {**showing.whole(of, said, get_language() or "en"), "about": about, "may_copy": may_copy}


def _status(form: NoteForm | None) -> int:
    return UNREADY if form is not None and form.is_bound else 200


def _columns() -> list[columns.Column]:
    """The columns by which versions can be ordered; the newest stand first."""
    return [
        columns.Column("changed", _("Changed"), "changed_at", natural=True, falling=True),
        columns.Column("set", _("Set"), "set_id"),
        columns.Column("agency", _("Agency"), accounts.name_shown("agency__")),
        columns.Column("state", _("State"), "state", words=OwnSet.State.choices),
    ]
