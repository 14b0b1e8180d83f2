"""Corrections and objections: recording one on a person's page; the custodian's list, one of them, settling it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sarana.basics.actors import Actor
from sarana.basics.policy import Access
from sarana.ground import columns
from sarana.ground.accounts.asking import as_asked
from sarana.ground.ledger.actions import record_list, record_opening
from sarana.learning.population.opened import policy
from sarana.learning.population.opened.corrections import actions, queries
from sarana.learning.population.opened.corrections.forms import CorrectionForm, SettleForm
from sarana.learning.population.opened.models import Correction
from sarana.learning.population.opened.queries import code_of
from sarana.learning.population.opened.showing import place_words
from sarana.learning.population.opened.views import ask_purpose, person_or_404, place_or_404
from sarana.learning.population.policy import PERSON

UNREADY = 422


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, area: UUID, ref: UUID) -> HttpResponse:
    """Write down what is said of a person's page. Not written down before it is sent: the form shows a code only."""
    actor = as_asked(request).actor
    if asked := ask_purpose(request, actor):
        return asked
    place = place_or_404(actor, area)
    found = person_or_404(actor, place, ref)
    form = CorrectionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        made = actions.record_correction(actor, place, found, form.said())
        if made.kind == Correction.Kind.OBJECTION:
            messages.success(request, _("Written down. From now on this person stands on no list."))
            return redirect("population:people", ref=area)
        messages.success(request, _("Written down. The custodian of the data settles it."))
        if made.kind == Correction.Kind.OTHER_PERSON:
            messages.info(request, _what_comes(len(found.line["people"])))
        return redirect("population:person", area=area, ref=ref)
    words = {**place_words(place, request.LANGUAGE_CODE), "person": found, "form": form}
    status = UNREADY if form.is_bound else 200
    return render(request, "population/people/correct.html", words, status=status)


@require_safe
def corrections(request: HttpRequest) -> HttpResponse:
    """The corrections and objections of one's area, the newest first."""
    actor = as_asked(request).actor
    if asked := ask_purpose(request, actor):
        return asked
    page = columns.listing(queries.corrections_for(actor), _columns(), request.GET)
    record_list(actor, PERSON, [row.person_ref for row in page.rows], action="population.corrections-seen")
    words = {"page": page, "rows": [_row(actor, row) for row in page.rows]}
    return render(request, "population/people/corrections.html", words)


@require_safe
def correction(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One of them with its words, and the form that settles it."""
    actor = as_asked(request).actor
    if asked := ask_purpose(request, actor):
        return asked
    found = correction_or_404(actor, ref)
    record_opening(
        actor, PERSON, found.person_ref, action="population.correction-seen", owner_agency_ref=found.agency.ref
    )
    return render(request, "population/people/correction.html", {**_told(found), "form": SettleForm()})


@require_POST
def settle(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Settle it."""
    actor = as_asked(request).actor
    if asked := ask_purpose(request, actor):
        return asked
    found = correction_or_404(actor, ref)
    form = SettleForm(request.POST)
    if not form.is_valid():
        return render(request, "population/people/correction.html", {**_told(found), "form": form}, status=UNREADY)
    actions.settle(actor, found, outcome=form.cleaned_data["outcome"])
    messages.success(request, _("Settled."))
    return redirect("population:corrections")


def _what_comes(n_rows: int) -> str:
    """What becomes of it that a row is of somebody else: where there is one only, nobody has two to compare."""
    if n_rows > 1:
        return _(
            "Two other people compare the rows. Only if both say that it is not the same person are the rows kept "
            "apart, in the next update."
        )
    return _("This person has one row only, so nobody compares rows. The custodian of the data asks the register.")


def correction_or_404(actor: Actor, ref: UUID) -> Correction:
    """Hidden and absent are the same page."""
    try:
        return queries.get_correction(actor, ref)
    except Correction.DoesNotExist as err:
        raise Http404 from err


def _row(actor: Actor, row: Correction) -> dict[str, Any]:
    """A line of the list; it leads on where the actor may settle it."""
    may_settle = policy.access_to(actor, row.area) >= Access.OPEN
    return {"row": row, "code": code_of(row.person_ref), "may_settle": may_settle}


def _told(found: Correction) -> dict[str, Any]:
    return {"row": found, "code": code_of(found.person_ref), "words": queries.words_of(found)}


def _columns() -> list[columns.Column]:
    """The columns by which corrections can be ordered."""
    return [
        columns.Column("recorded", _("Written down"), "recorded_at", natural=True, falling=True),
        columns.Column("kind", _("What is wrong"), "kind", words=Correction.Kind.choices),
    ]
