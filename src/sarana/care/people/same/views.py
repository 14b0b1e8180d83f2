"""Pages of records that may be of one person: the queue, one pair, judging, taking back; the records of a person."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sarana.basics.actors import Actor
from sarana.care.people import opening
from sarana.care.people.models import Person
from sarana.care.people.policy import KIND
from sarana.care.people.purpose import ask_purpose
from sarana.care.people.same import actions, policy, queries, showing
from sarana.care.people.same.forms import JudgeForm
from sarana.care.people.same.models import Likeness, SameJudgement, Verdict
from sarana.care.people.showing import names_shown
from sarana.care.people.values import initials
from sarana.care.people.views.changing import own_or_404
from sarana.ground.accounts.asking import as_asked
from sarana.ground.ledger.actions import record_list, record_opening

UNREADY = 422
SHOWN = 25


@require_safe
def alike(request: HttpRequest) -> HttpResponse:
    """The queue, and what was judged last."""
    actor = as_asked(request).actor
    if asked := ask_purpose(request, actor):
        return asked
    policy.check_may_judge(actor)
    waiting, judged = queries.likenesses_for(actor), list(queries.judged_for(actor)[:SHOWN])
    rows = list(waiting[:SHOWN])
    both = {each.pk: each for row in rows for each in (row.first, row.second)}
    named = opening.names_of(actor, list(both.values()), act="people.alike-seen") if both else {}
    if not both:
        record_list(actor, policy.LIKENESS, [], action="people.alike-seen")
    lines = [{**showing.line(row), **_initials(row, named)} for row in rows]
    return render(request, "people/same/alike.html", {"rows": lines, "n": waiting.count(), "judged": judged})


@require_http_methods(["GET", "HEAD", "POST"])
def pair(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Two records beside each other; who they are stands there once it was asked for."""
    actor = as_asked(request).actor
    if asked := ask_purpose(request, actor):
        return asked
    row = _likeness_or_404(actor, ref)
    named = opening.names_of(actor, [row.first, row.second])
    words = _words(row, named)
    if request.method == "POST":
        words |= _opened(actor, row)
    return render(request, "people/same/pair.html", words)


@require_POST
def judge(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Judge."""
    actor = as_asked(request).actor
    if asked := ask_purpose(request, actor):
        return asked
    row = _likeness_or_404(actor, ref)
    form = JudgeForm(request.POST, row)
    if not form.is_valid():
        named = opening.names_of(actor, [row.first, row.second])
        return render(request, "people/same/pair.html", {**_words(row, named), "form": form}, status=UNREADY)
    try:
        made = actions.judge(actor, ref, Verdict(form.cleaned_data["verdict"]), leads=form.leading())
    except Likeness.DoesNotExist as err:
        raise Http404 from err
    messages.success(request, _("Kept: %(what)s. It can be taken back.") % {"what": made.get_verdict_display()})
    return redirect("people:alike")


@require_POST
def undo(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Take a judgement back."""
    actor = as_asked(request).actor
    if asked := ask_purpose(request, actor):
        return asked
    try:
        actions.undo(actor, ref)
    except SameJudgement.DoesNotExist as err:
        raise Http404 from err
    messages.success(request, _("Taken back. Both records stand as they stood before."))
    return redirect("people:alike")


@require_safe
def joined(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The other records of a person."""
    actor = as_asked(request).actor
    if asked := ask_purpose(request, actor):
        return asked
    found = own_or_404(actor, ref)
    others = queries.joined_with(actor, found)
    record_opening(actor, KIND, ref, action="people.seen", owner_agency_ref=found.agency_ref)
    is_leading = not any(leads for _other, leads in others)
    words = {"person": found, "others": others, "is_leading": is_leading, "may_judge": policy.may_judge(actor)}
    return render(request, "people/same/joined.html", words)


def _words(row: Likeness, named: dict[UUID, Any]) -> dict[str, Any]:
    both = [
        {"ref": each.ref, "code": each.code, "entered_at": each.entered_at, "initials": _letters(each, named)}
        for each in (row.first, row.second)
    ]
    return {**showing.line(row), "both": both, "beside": showing.beside(row), "form": JudgeForm(None, row)}


def _opened(actor: Actor, row: Likeness) -> dict[str, Any]:
    """Who both are, each opened with its line; and what cannot be of one person."""
    both = (row.first, row.second)
    revealed = [opening.reveal(actor, each) for each in both]
    holds = [each.holds for each in revealed if each is not None]
    if len(holds) < 2:
        return {}
    opened = [(person.code, names_shown(names)) for person, names in zip(both, holds, strict=True)]
    return {"opened": opened, "against": showing.differences(*holds)}


def _initials(row: Likeness, named: dict[UUID, Any]) -> dict[str, str]:
    return {"first": _letters(row.first, named), "second": _letters(row.second, named)}


def _letters(person: Person, named: dict[UUID, Any]) -> str:
    return initials(named[person.ref]) if person.ref in named else ""


def _likeness_or_404(actor: Actor, ref: UUID) -> Likeness:
    """Hidden and absent are the same page."""
    try:
        return queries.get_likeness(actor, ref)
    except Likeness.DoesNotExist as err:
        raise Http404 from err
