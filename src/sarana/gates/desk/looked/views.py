"""Who looked and what was done. Every page here is written down before it is shown."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from sarana.basics.actors import Actor
from sarana.gates.desk.looked import words
from sarana.gates.desk.looked.forms import LooksForm
from sarana.ground.accounts.asking import as_asked
from sarana.ground.ledger import anchors, policy, queries, spoken
from sarana.ground.ledger.actions import record_list, record_opening
from sarana.ground.ledger.models import Entry
from sarana.ground.ledger.queries import Page

FILTERS = frozenset({"person", "act", "agency", "thing", "purpose", "since", "until", "refused"})


@require_safe
def looked(request: HttpRequest) -> HttpResponseBase:
    """The officer's list, with filters in the address; anybody else is led to her own acts."""
    actor = as_asked(request).actor
    if not policy.may_read_all(actor):
        return redirect("desk:looked-mine")
    names = words.names_for(actor)
    asked = {name: request.GET[name] for name in FILTERS & set(request.GET)}
    form = LooksForm(names, asked)
    page = Page()
    if not form.is_bound or form.is_valid():
        page = queries.entries_for(actor, form.looks(actor.now.tzinfo), after=_after(request))
    record_list(actor, policy.KIND, [entry.ref for entry in page.entries], action="ledger.read")
    return _shown(
        request, "list", actor, form=form, page=page, lines=words.lines(names, page.entries), is_filtered=bool(asked)
    )


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What one did oneself."""
    actor = as_asked(request).actor
    page = queries.own_entries(actor, after=_after(request))
    record_list(actor, policy.KIND, [entry.ref for entry in page.entries], action="ledger.own-read")
    return _shown(request, "mine", actor, page=page, lines=words.lines(words.names_for(actor), page.entries))


@require_safe
def act(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One entry."""
    actor = as_asked(request).actor
    try:
        entry = queries.get_entry(actor, ref)
    except Entry.DoesNotExist as err:
        raise Http404 from err
    record_opening(actor, policy.KIND, ref, action="ledger.entry-read", owner_agency_ref=entry.owner_agency_ref)
    (line,) = words.lines(words.names_for(actor), [entry])
    return _shown(request, "act", actor, line=line, entry=entry)


@require_safe
def thing(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Who looked at one thing: roles and agencies, for the person whom it is about."""
    actor = as_asked(request).actor
    report = queries.access_report(actor, ref)
    record_opening(actor, "access-report", ref, action="ledger.report-made")
    return _shown(request, "thing", actor, ref=ref, lines=words.report_lines(words.names_for(actor), report))


@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    """What is worth a question."""
    actor = as_asked(request).actor
    found = queries.worth_a_question(actor)
    record_list(actor, "question", [], action="ledger.questions-read", n_things=len(found))
    return _shown(request, "questions", actor, lines=words.question_lines(words.names_for(actor), found))


@require_safe
def team(request: HttpRequest) -> HttpResponse:
    """How often each did what, for herself and for the leader of her team."""
    actor = as_asked(request).actor
    found = queries.counts_of_workers(actor)
    record_list(actor, policy.COUNT, [], action="ledger.counts-read", n_things=len(found))
    return _shown(request, "team", actor, lines=words.count_lines(words.names_for(actor), found))


@require_safe
def kept(request: HttpRequest) -> HttpResponse:
    """What is written down, what is not, and how it is proved. Not written down: it tells of nobody.

    How many acts there are is for officers: whoever counted them could tell by it what another agency does.
    """
    actor = as_asked(request).actor
    chain, is_officer = queries.standing_of_the_chain(), policy.may_read_all(actor)
    found = anchors.head() if is_officer else None
    line = anchors.line_of(found) if found else ""
    head = {"line": line, "words": spoken.words_of_head(line), "picture": spoken.picture_of(line)} if line else None
    shown = {"chain": chain if is_officer else None, "key_lies_here": chain.verification_key_lies_here}
    return _shown(request, "kept", actor, head=head, **shown)


def _shown(request: HttpRequest, name: str, actor: Actor, **found: Any) -> HttpResponse:
    """A page with the ways to the pages beside it that are open to this person."""
    beside = {
        "where": name,
        "is_officer": policy.may_read_all(actor),
        "is_leader": bool(policy.leader_agencies(actor)),
        "is_later": "after" in request.GET,
    }
    return render(request, f"desk/looked/{name}.html", {**beside, **found})


def _after(request: HttpRequest) -> UUID | None:
    """The entry after which the page begins; a broken reference begins at the newest."""
    try:
        return UUID(request.GET.get("after", ""))
    except ValueError:
        return None
