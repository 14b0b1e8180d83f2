"""The queue of pairs: how many wait, one pair at a time, the sure ones together, and taking back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet
from sarana.ground.accounts.asking import as_asked
from sarana.ground.ledger import refusals
from sarana.ground.ledger.actions import record_list
from sarana.learning.population.models import Run
from sarana.learning.population.pairs import actions, policy, queries, showing
from sarana.learning.population.pairs.laying import laid_out_anew
from sarana.learning.population.pairs.models import Batch, Pair, Verdict
from sarana.learning.population.policy import QUEUE

TAKEN = frozenset({"POPULATION-112", "POPULATION-113", "POPULATION-115", "POPULATION-116"})
"""What is said beside the way to the next pair; nothing of this is a fault of hers."""

CONFLICT = 409
DECIDED_AT_ONCE = (Verdict.SAME, Verdict.NOT_SAME)


@require_safe
def queues(request: HttpRequest) -> HttpResponse:
    """How many pairs wait in each province of her mandate, and what was said of others."""
    actor = as_asked(request).actor
    runs = queries.queues_for(actor)
    record_list(actor, QUEUE, [run.ref for run in runs], action="population.pairs-seen")
    words = {
        "queues": [showing.queue_words(actor, run) for run in runs],
        "purpose": None if policy.has_purpose(actor) else showing.offered_purpose(actor, get_language() or "en"),
        "has_purpose": policy.has_purpose(actor),
        "last": queries.last_of(actor),
        "budget": showing.budget_left(actor),
        "most": policy.MOST_A_DAY,
    }
    return render(request, "population/pairs/queues.html", words)


@require_POST
def take_next(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Go to the pair that is most useful now and that nobody else holds."""
    return _onward(request, as_asked(request).actor, _queue_or_404(as_asked(request).actor, ref))


@require_http_methods(["GET", "HEAD", "POST"])
def pair(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One pair, held while she looks; with an answer, that is kept and the next one comes."""
    actor = as_asked(request).actor
    try:
        if request.method == "POST" and request.POST.get("verdict") in Verdict.values:
            made = actions.judge(actor, ref, Verdict(request.POST["verdict"]))
            messages.success(request, _("Kept: %(verdict)s.") % {"verdict": made.get_verdict_display()})
            return _onward(request, actor, made.pair.run)
        found = actions.open_pair(actor, ref)
    except Pair.DoesNotExist as err:
        return _gone_or_404(request, actor, ref, err)
    except NotYet as err:
        if err.code not in TAKEN:
            raise
        return _taken(request, actor, ref, err)
    if found.content is None:
        messages.info(
            request, _("Somebody in that pair does not want to stand on any list: nobody judges it any more.")
        )
        return _onward(request, actor, found.pair.run)
    words: dict[str, Any] = {
        "pair": found.pair,
        "run": found.pair.run,
        "n_left": queries.left_for(actor, found.pair.run).count(),
        "held_minutes": int(actions.HELD.total_seconds() // 60),
        "is_unsaid": request.method == "POST",
        "page_shown": showing.pair_words(found.content, get_language() or "en"),
    }
    return render(request, "population/pairs/pair.html", words, status=422 if request.method == "POST" else 200)


@require_POST
def leave(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Leave a pair without an answer."""
    actor = as_asked(request).actor
    try:
        actions.leave_pair(actor, ref)
    except Pair.DoesNotExist as err:
        return _gone_or_404(request, actor, ref, err)
    messages.success(request, _("Left as it was. The pair waits for whoever comes next."))
    return redirect("population:pairs")


@require_http_methods(["GET", "HEAD", "POST"])
def sure(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The sure pairs of a kind (in the address): how many, a few to look at, asked once more, decided together."""
    actor = as_asked(request).actor
    run = _queue_or_404(actor, ref)
    kind = next((each for each in DECIDED_AT_ONCE if each.value == request.GET.get("kind")), None)
    if kind is None:
        raise Http404
    if request.method == "POST" and request.POST.get("n", "").isdigit():
        n, seen = int(request.POST["n"]), request.POST.get("seen", "")[:64]
        if request.POST.get("step") == "do":
            made = actions.decide_sure(actor, run, kind, seen=seen)
            messages.success(request, _said_of_many(made))
            return redirect("population:pairs")
        return render(request, "population/pairs/ask.html", {"run": run, "kind": kind, "n": n, "seen": seen})
    found = actions.sample_sure(actor, run, kind)
    samples = [showing.pair_words(content, get_language() or "en") for content in found.samples]
    words = {"run": run, "kind": kind, "n": found.n, "seen": found.mark, "samples": samples}
    return render(request, "population/pairs/sure.html", words)


@require_POST
def take_back(request: HttpRequest) -> HttpResponse:
    """Take her last answer back."""
    found = actions.take_back_last(as_asked(request).actor, request.POST.get("judgement", ""))
    messages.success(request, _("Taken back. The pair waits again; that it was judged stays written."))
    return redirect("population:pair", ref=found.ref)


@require_POST
def take_back_batch(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Take a decision on many pairs back as a whole."""
    actor = as_asked(request).actor
    try:
        n = actions.take_back_batch(actor, queries.get_batch(actor, ref))
    except Batch.DoesNotExist as err:
        raise Http404 from err
    words = ngettext(
        "Taken back: %(count)s pair waits again.",
        "Taken back: %(count)s pairs wait again.",
        n,
    )
    messages.success(request, words % {"count": n})
    return redirect("population:pairs")


def _onward(request: HttpRequest, actor: Actor, run: Run) -> HttpResponse:
    found = queries.left_for(actor, run).first()
    if found is None:
        messages.success(request, _("No pair waits for you just now."))
        return redirect("population:pairs")
    return redirect("population:pair", ref=found.ref)


def _taken(request: HttpRequest, actor: Actor, ref: UUID, err: NotYet) -> HttpResponse:
    """What is said when the pair is somebody else's, with the way to the next one."""
    said = request.POST.get("verdict", "")
    try:
        run: Run | None = queries.get_pair(actor, ref).run
    except Pair.DoesNotExist:  # the queue was laid out anew at this very moment
        run = None
    words = {
        "run": run,
        "is_gone": err.code == "POPULATION-115",
        "says": refusals.noted(request, err),
        "answer": Verdict(said).label if said in Verdict.values else "",
        "again": ref if err.code == "POPULATION-116" else None,
    }
    return render(request, "population/pairs/taken.html", words, status=CONFLICT)


def _gone_or_404(request: HttpRequest, actor: Actor, ref: UUID, err: Pair.DoesNotExist) -> HttpResponse:
    """What is said of a pair that left the queue while she had it open; hidden and absent are the same page."""
    if not queries.is_gone(actor, ref):
        raise Http404 from err
    return _taken(request, actor, ref, laid_out_anew())


def _said_of_many(batch: Batch) -> str:
    words = ngettext(
        "%(count)s pair was judged: %(verdict)s. It can be taken back as a whole.",
        "%(count)s pairs were judged: %(verdict)s. They can be taken back as a whole.",
        batch.n_pairs,
    )
    return words % {"count": batch.n_pairs, "verdict": batch.get_verdict_display()}


def _queue_or_404(actor: Actor, ref: UUID) -> Run:
    """Hidden and absent are the same page."""
    try:
        return queries.get_queue(actor, ref)
    except Run.DoesNotExist as err:
        raise Http404 from err
