"""Second words: what waits, one proposal, proposing, agreeing, objecting, carrying out."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sarana.basics.actors import Actor
from sarana.ground.accounts import guarded
from sarana.ground.accounts import queries as accounts
from sarana.ground.accounts.asking import as_asked
from sarana.ground.ledger.actions import record_list, record_opening
from sarana.ground.words import actions, policy, queries, ruling
from sarana.ground.words.forms import EndForm, GiveForm, HandOverForm, PartnerForm
from sarana.ground.words.models import Proposal

SHOWN = 100


@require_safe
def words(request: HttpRequest) -> HttpResponse:
    """Everything that was proposed and that one may see, newest first."""
    actor = as_asked(request).actor
    rows = [(row, actions.ACTS[row.act].words) for row in queries.proposals_for(actor)[:SHOWN]]
    record_list(actor, "", [row.ref for row, _words in rows], action="words.read")
    return render(request, "words/words.html", {"rows": rows})


@require_safe
def proposal(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One proposal, and what the one who looks may do about it."""
    actor = as_asked(request).actor
    found = _proposal_or_404(actor, ref)
    record_opening(actor, "", ref, action="words.read", owner_agency_ref=found.agency.ref)
    return render(request, "words/proposal.html", _told(actor, found))


@require_POST
def see(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Say that one has read what one was told of. Not written down: to be told is no act, and opens nothing."""
    actor = as_asked(request).actor
    actions.see(actor, _proposal_or_404(actor, ref))
    return redirect("words:proposal", ref=ref)


def _proposal_or_404(actor: Actor, ref: UUID) -> Proposal:
    """Hidden and absent are the same page."""
    try:
        return queries.get_proposal(actor, ref)
    except Proposal.DoesNotExist as err:
        raise Http404 from err


def _told(actor: Actor, found: Proposal) -> dict[str, object]:
    agency = queries.agency_of(actor, found)
    asked = ruling.Asked(found.proposed_by.ref, found.subject.ref if found.subject else None)
    waits = found.state == Proposal.State.WAITING
    return {
        "proposal": found,
        "words": actions.ACTS[found.act].words,
        "may_speak": waits and actor.is_strong and ruling.way_of(agency, asked, actor.account_ref) is not None,
        "may_object": found.state in (Proposal.State.WAITING, Proposal.State.AGREED),
        "is_proposer": found.proposed_by.ref == actor.account_ref,
        "is_few": ruling.is_few(agency, asked),
        "n_told": len(agency.told),
        "is_at_the_machine": found.act == guarded.HAND_OVER,
        "is_unseen": queries.is_unseen(actor, found),
        "role": accounts.roles().filter(code=found.role).first(),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    """Propose one of the acts that need two."""
    actor = as_asked(request).actor
    policy.check_may_propose_somewhere(actor)
    chosen = request.POST.get("act", "")
    forms: dict[str, GiveForm | EndForm | HandOverForm] = {
        guarded.GIVE_ROLE: GiveForm(actor, request.POST if chosen == guarded.GIVE_ROLE else None),
        guarded.END_LAST: EndForm(actor, request.POST if chosen == guarded.END_LAST else None),
        guarded.CHANGE_PARTNER: PartnerForm(actor, request.POST if chosen == guarded.CHANGE_PARTNER else None),
    }
    forms[guarded.HAND_OVER] = HandOverForm(actor, request.POST if chosen == guarded.HAND_OVER else None)
    form = forms.get(chosen)
    if form is not None and form.is_valid():
        made = _propose(actor, chosen, form)
        messages.success(request, _("Proposed. Everybody who works there is told."))
        return redirect("words:proposal", ref=made.ref)
    offered = [row.ref for row in forms[guarded.GIVE_ROLE].found.values()]
    record_list(actor, "", offered, action="accounts.colleagues-seen")
    shown = [(act, actions.ACTS[act].words, each) for act, each in forms.items()]
    return render(request, "words/propose.html", {"forms": shown}, status=200 if form is None else 422)


def _propose(actor: Actor, act: str, form: GiveForm | EndForm | HandOverForm) -> Proposal:
    if isinstance(form, PartnerForm):
        agency = form.found[form.cleaned_data["agency"]]
        return actions.propose(actor, act, agency=agency, thing_ref=form.partner_ref())
    if isinstance(form, HandOverForm):
        return actions.propose(actor, act, agency=form.found[form.cleaned_data["agency"]])
    held = form.found[form.cleaned_data["membership"]]
    if isinstance(form, GiveForm):
        role = form.cleaned_data["role"]
        return actions.propose(actor, act, agency=held.agency, subject=held.account, role=role)
    return actions.propose(actor, act, agency=held.agency, thing_ref=held.ref)


@require_POST
def agree(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Give the second word."""
    actor = as_asked(request).actor
    actions.speak(actor, _proposal_or_404(actor, ref))
    messages.success(request, _("You agreed. Whoever proposed it can carry it out now."))
    return redirect("words:proposal", ref=ref)


@require_POST
def object_to(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Stop it."""
    actor = as_asked(request).actor
    actions.object_to(actor, _proposal_or_404(actor, ref))
    messages.success(request, _("You objected. It will not be done."))
    return redirect("words:proposal", ref=ref)


@require_POST
def carry_out(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Do what was agreed."""
    actor = as_asked(request).actor
    actions.carry_out(actor, _proposal_or_404(actor, ref))
    messages.success(request, _("Done."))
    return redirect("words:proposal", ref=ref)
