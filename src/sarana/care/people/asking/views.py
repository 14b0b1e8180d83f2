"""Pages of asking: agreements; the question on a person's page; what reached one's own agency."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sarana.basics.actors import Actor
from sarana.care.people.asking import actions, policy, queries
from sarana.care.people.asking.forms import AgreementForm, DecisionForm, YesForm
from sarana.care.people.asking.models import Agreement, Reached
from sarana.care.people.conflict.queries.hiding import agencies_kept_out
from sarana.care.people.models import Person
from sarana.care.people.policy import KIND
from sarana.care.people.purpose import ask_purpose
from sarana.care.people.views.changing import own_or_404
from sarana.ground.accounts.asking import as_asked
from sarana.ground.accounts.queries import agency_names
from sarana.ground.ledger.actions import record_list, record_opening

UNREADY = 422


@require_http_methods(["GET", "HEAD", "POST"])
def agreements(request: HttpRequest) -> HttpResponse:
    """The agreements of one's agencies, and proposing one. Not written down: it shows agencies, and no person."""
    actor, language = as_asked(request).actor, get_language() or "en"
    if asked := ask_purpose(request, actor):
        return asked
    names = agency_names(actor, language)
    form = _form(request, actor, names)
    if form is not None and form.is_valid():
        told = form.cleaned_data
        until, a_day = told["until"], told["a_day"]
        actions.propose(actor, UUID(told["agency"]), UUID(told["partner"]), until=until, a_day=a_day)
        messages.success(request, _("Proposed. It holds once a supervisor of the other agency signed."))
        return redirect("people:agreements")
    rows = [_line(actor, row, names) for row in queries.agreements_for(actor)]
    status = UNREADY if form is not None and form.is_bound else 200
    return render(request, "people/asking/agreements.html", {"rows": rows, "form": form}, status=status)


@require_POST
def sign(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Sign an agreement."""
    actor = as_asked(request).actor
    if asked := ask_purpose(request, actor):
        return asked
    _agreement_or_404(actor, ref)
    actions.sign(actor, ref)
    messages.success(request, _("Signed. Both agencies may ask from now on, about those who say yes."))
    return redirect("people:agreements")


@require_POST
def end(request: HttpRequest, ref: UUID) -> HttpResponse:
    """End an agreement."""
    actor = as_asked(request).actor
    if asked := ask_purpose(request, actor):
        return asked
    _agreement_or_404(actor, ref)
    actions.end(actor, ref)
    messages.success(request, _("Ended. Its key is gone, and nothing that was asked reaches anybody."))
    return redirect("people:agreements")


@require_safe
def question(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Does another agency know this person? Under which agreements she may be asked about, and what was asked."""
    actor = as_asked(request).actor
    if asked := ask_purpose(request, actor):
        return asked
    person = own_or_404(actor, ref)
    record_opening(actor, KIND, ref, action="people.questions-seen", owner_agency_ref=person.agency_ref)
    return render(request, "people/asking/question.html", _about(actor, person))


@require_POST
def say_yes(request: HttpRequest, ref: UUID, agreement: UUID) -> HttpResponse:
    """Write down her yes."""
    actor = as_asked(request).actor
    if asked := ask_purpose(request, actor):
        return asked
    person, form = own_or_404(actor, ref), YesForm(request.POST)
    _agreement_or_404(actor, agreement)
    if not form.is_valid():
        words = {**_about(actor, person), "wrong": form, "wrong_for": agreement}
        return render(request, "people/asking/question.html", words, status=UNREADY)
    actions.say_yes(actor, ref, agreement, until=form.cleaned_data["until"])
    messages.success(request, _("Written down. It may be taken back at any time."))
    return redirect("people:question", ref=ref)


@require_POST
def take_back(request: HttpRequest, ref: UUID, agreement: UUID) -> HttpResponse:
    """Take her yes back."""
    actor = as_asked(request).actor
    if asked := ask_purpose(request, actor):
        return asked
    own_or_404(actor, ref)
    _agreement_or_404(actor, agreement)
    actions.take_back(actor, ref, agreement)
    messages.success(request, _("Taken back. Nobody asks about this person any more, and no question finds them."))
    return redirect("people:question", ref=ref)


@require_POST
def ask(request: HttpRequest, ref: UUID, agreement: UUID) -> HttpResponse:
    """Ask. The answer is always the same sentence."""
    actor = as_asked(request).actor
    if asked := ask_purpose(request, actor):
        return asked
    own_or_404(actor, ref)
    _agreement_or_404(actor, agreement)
    actions.ask(actor, ref, agreement)
    messages.success(request, said())
    return redirect("people:question", ref=ref)


@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """Where another agency asked about people whom one helps."""
    actor, language = as_asked(request).actor, get_language() or "en"
    if wanted := ask_purpose(request, actor):
        return wanted
    names = agency_names(actor, language)
    rows = list(queries.reached_for(actor)[:100])
    record_list(actor, KIND, [row.person.ref for row in rows], action="people.asked-seen")
    told = [{"row": row, "asker": names.get(row.asker_ref, "")} for row in rows]
    return render(request, "people/asking/asked.html", {"rows": told})


@require_http_methods(["GET", "HEAD", "POST"])
def reached(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One of them: what to ask her, and what she decides."""
    actor, language = as_asked(request).actor, get_language() or "en"
    if wanted := ask_purpose(request, actor):
        return wanted
    found = _reached_or_404(actor, ref)
    form = DecisionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        actions.decide(actor, ref, Reached.Outcome(form.cleaned_data["outcome"]))
        messages.success(request, _("Written down. The agency that asked learns nothing of it from here."))
        return redirect("people:asked")
    record_opening(actor, KIND, found.person.ref, action="people.asked-seen", owner_agency_ref=found.agency_ref)
    asker = agency_names(actor, language).get(found.asker_ref, "")
    words = {"row": found, "asker": asker, "form": form}
    return render(request, "people/asking/reached.html", words, status=UNREADY if form.is_bound else 200)


def said() -> str:
    """The one sentence that whoever asks gets, whether or not anybody knows her."""
    return _(
        "Asked. If they know this person, and the person wishes it, somebody from there calls your agency within two "
        "weeks. If nobody calls, that tells nothing."
    )


def _form(request: HttpRequest, actor: Actor, names: dict[UUID, str]) -> AgreementForm | None:
    own = {ref: name for ref, name in names.items() if policy.may_sign(actor, ref)}
    if not own:
        return None
    others = {ref: name for ref, name in names.items() if ref not in own}
    return AgreementForm(request.POST if request.method == "POST" else None, own=own, others=others)


def _line(actor: Actor, row: Agreement, names: dict[UUID, str]) -> dict[str, Any]:
    is_open = row.ended_at is None
    speaks = [ref for ref in (row.agency_ref, row.partner_ref) if policy.may_sign(actor, ref)]
    return {
        "row": row,
        "first": names.get(row.agency_ref, ""),
        "second": names.get(row.partner_ref, ""),
        "holds": row.holds(actor.today),
        "may_sign": is_open and row.signed_at is None and row.partner_ref in speaks,
        "may_end": is_open and bool(speaks),
    }


def _about(actor: Actor, person: Person) -> dict[str, Any]:
    names = agency_names(actor, get_language() or "en")
    yes, kept_out = queries.askable_of(actor, person), agencies_kept_out(person)
    lines = []
    for row in queries.in_force(actor, person.agency_ref):
        other = row.partner_ref if row.agency_ref == person.agency_ref else row.agency_ref
        if other in kept_out:
            continue
        lines.append({"row": row, "other": names.get(other, ""), "yes": yes.get(row.pk), "form": YesForm()})
    past = list(queries.questions_about(actor, person)[:20])
    return {"person": person, "lines": lines, "past": past}


def _agreement_or_404(actor: Actor, ref: UUID) -> Agreement:
    try:
        return queries.get_agreement(actor, ref)
    except Agreement.DoesNotExist as err:
        raise Http404 from err


def _reached_or_404(actor: Actor, ref: UUID) -> Reached:
    try:
        return queries.get_reached(actor, ref)
    except Reached.DoesNotExist as err:
        raise Http404 from err
