"""The page on which people who are helped are searched."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from sarana.basics.actors import Actor
from sarana.basics.errors import BadFile, NotYet
from sarana.care.people.finding import words
from sarana.care.people.finding.actions.searching import Hit, Hits, find
from sarana.care.people.finding.forms import SearchForm
from sarana.care.people.purpose import ask_purpose
from sarana.ground.accounts.asking import as_asked
from sarana.ground.accounts.queries import agency_names
from sarana.ground.ledger.refusals import noted
from sarana.ground.vault.identities.policy import HELPERS

UNREADY = 422


@require_http_methods(["GET", "HEAD", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """Search people of one's agency; words are posted. Not written down before they are: an empty form shows nobody."""
    actor = as_asked(request).actor
    if asked := ask_purpose(request, actor):
        return asked
    form = SearchForm(actor, _agencies(actor), request.POST if request.method == "POST" else None, request.GET)
    found: Hits | None = None
    if form.is_bound and form.is_valid():
        try:
            found = find(actor, form.agency_ref(), form.query)
        except (NotYet, BadFile) as err:
            form.add_error("words", noted(request, err))
    told = {"form": form, "found": found, "rows": [_told(hit) for hit in found.hits] if found else []}
    status = UNREADY if form.is_bound and found is None else 200
    return render(request, "people/finding/search.html", told | {"address": form.address()}, status=status)


def _agencies(actor: Actor) -> list[tuple[str, str]]:
    """The agencies in which the actor helps, by name."""
    names = agency_names(actor, get_language() or "en")
    refs = {grant.agency_ref for grant in actor.grants_as(HELPERS)}
    return sorted(((str(ref), names.get(ref, "")) for ref in refs), key=lambda each: each[1])


def _told(hit: Hit) -> dict[str, Any]:
    reasons = words.why(hit.reasons)
    return {
        "person": hit.person,
        "initials": hit.initials,
        "how": words.how_well(hit.score, hit.reasons),
        "why": reasons,
    }
