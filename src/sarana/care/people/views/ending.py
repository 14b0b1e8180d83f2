"""A person is held, or erased for good: by a supervisor or the custodian of the data, who see her code and no more."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet
from sarana.care.people import actions, policy, queries
from sarana.care.people.fields import sentence
from sarana.care.people.forms import CodeForm, EraseForm, HoldForm, SureForm
from sarana.care.people.models import Person
from sarana.care.people.purpose import offer
from sarana.care.people.showing import before_shown
from sarana.care.people.views.entering import UNREADY
from sarana.ground.accounts.asking import as_asked
from sarana.ground.vault.identities.actions.erasing import hold as hold_identity
from sarana.ground.vault.identities.actions.erasing import let_go as let_identity_go
from sarana.ground.vault.identities.actions.preserving import open_earlier
from sarana.ground.vault.identities.models import Erased, Subject
from sarana.ground.vault.identities.policy import LOOKING_BACK, agencies_kept_by, may_look_back
from sarana.ground.vault.identities.queries import has_earlier

NOT_NOW = 409


@require_http_methods(["GET", "HEAD", "POST"])
def ending(request: HttpRequest) -> HttpResponse:
    """Whom to hold or erase, by her code. Not written down: nothing is shown but the code that was typed."""
    actor = as_asked(request).actor
    queries.check_may_end(actor)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        found = queries.find_to_end(actor, form.cleaned_data["code"])
        if found is not None:
            return redirect("people:hold", ref=found.ref)
        form.add_error("code", _("Nobody of your agency has this code."))
    return render(request, "people/ending/code.html", {"form": form}, status=UNREADY if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest, ref: UUID) -> HttpResponse:
    """First the reason, then the code once more, by hand. Not written down before it is done: it shows a code."""
    actor = as_asked(request).actor
    found = _to_end_or_404(actor, ref)
    words: dict[str, Any] = {"person": found, "is_helper": policy.has_role(actor)}
    if request.method != "POST":
        return render(request, "people/ending/erase.html", {**words, "form": EraseForm()})
    first = EraseForm(request.POST)
    if not first.is_valid():
        return render(request, "people/ending/erase.html", {**words, "form": first}, status=UNREADY)
    reason = first.cleaned_data["reason"]
    words["reason"] = dict(EraseForm.REASONS)[reason]
    if "code" not in request.POST:
        sure = SureForm(code=found.code, initial={"reason": reason})
        return render(request, "people/ending/sure.html", {**words, "form": sure})
    sure = SureForm(request.POST, code=found.code)
    if not sure.is_valid():
        return render(request, "people/ending/sure.html", {**words, "form": sure}, status=UNREADY)
    try:
        actions.erase(actor, ref, Erased.Reason(reason))
    except NotYet as wrong:
        sure.add_error(None, sentence(wrong))
        return render(request, "people/ending/sure.html", {**words, "form": sure}, status=NOT_NOW)
    messages.success(request, _("Erased, with all that was kept of this person here."))
    return redirect("people:people" if words["is_helper"] else "people:ending")


@require_http_methods(["GET", "HEAD", "POST"])
def hold(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Keep her from being erased, for a reason, until a day. Not written down before it is done: it shows a code."""
    actor = as_asked(request).actor
    found = _to_end_or_404(actor, ref)
    form = HoldForm(request.POST if request.method == "POST" else None)
    held = dict(HoldForm.REASONS).get(found.subject.held, "")
    words = {"person": found, "form": form, "is_helper": policy.has_role(actor), "held": held,
             "has_earlier": has_earlier(actor, ref)}  # fmt: skip
    if form.is_valid():
        given = form.cleaned_data
        try:
            hold_identity(actor, ref, reason=Subject.Held(given["reason"]), review_on=given["review_on"])
        except NotYet as wrong:
            form.add_error("review_on" if wrong.code == "VAULT-071" else "reason", sentence(wrong))
        else:
            messages.success(request, _("Held: nobody can erase this person until the hold is ended."))
            return redirect("people:hold", ref=ref)
    return render(request, "people/ending/hold.html", words, status=UNREADY if form.is_bound else 200)


@require_POST
def let_go(request: HttpRequest, ref: UUID) -> HttpResponse:
    """End the hold."""
    actor = as_asked(request).actor
    _to_end_or_404(actor, ref)
    let_identity_go(actor, ref)
    messages.success(request, _("The hold is ended."))
    return redirect("people:hold", ref=ref)


@require_POST
def earlier(request: HttpRequest, ref: UUID) -> HttpResponse:
    """What was changed of somebody since she is held, whole, for a court: the custodian opens it, with a purpose."""
    actor = as_asked(request).actor
    found = _to_end_or_404(actor, ref)
    if agencies_kept_by(actor) and not may_look_back(actor):
        return offer(request, actor, LOOKING_BACK, back=reverse("people:hold", args=[ref]))
    shown = [before_shown(each) for each in open_earlier(actor, ref)]
    return render(request, "people/ending/earlier.html", {"person": found, "shown": shown})


def _to_end_or_404(actor: Actor, ref: UUID) -> Person:
    """Hidden and absent are the same page."""
    try:
        return queries.get_to_end(actor, ref)
    except Person.DoesNotExist as err:
        raise Http404 from err
