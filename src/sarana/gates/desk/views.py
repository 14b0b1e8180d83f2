"""Today, Settings, searching, how much is done, and where agencies work."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from sarana.basics.errors import NotYet
from sarana.gates.desk import mandates, tallies
from sarana.gates.desk.installation import this_installation
from sarana.gates.desk.searching import search as find
from sarana.gates.desk.waiting import waiting_for
from sarana.ground import columns
from sarana.ground.accounts import queries
from sarana.ground.accounts.asking import as_asked
from sarana.ground.breaches import policy as breaches
from sarana.ground.ledger.actions import record_list
from sarana.ground.pages.shell import find_address
from sarana.ground.vault import policy as vault
from sarana.ground.vault.identities import policy as identities

SHORTEST, LONGEST = 2, 100
OWN, AGENCY = "own", "agency"


@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """What must I do now. Not written down: it shows one's own errands, and nobody."""
    actor = as_asked(request).actor
    lines = [
        {
            "line": line,
            "address": f"{find_address(line.address)}{line.asks}" if line.address else "",
            "is_due": line.is_due(actor.today),
        }
        for line in waiting_for(actor)
    ]
    return render(
        request, "desk/today.html", {"today": actor.today, "lines": lines, "installation": this_installation()}
    )


@require_safe
def settings(request: HttpRequest) -> HttpResponse:
    """What can be set, each with the page where it is done."""
    actor = as_asked(request).actor
    parts = [
        (_("Agencies"), _("Who works in the system, where, and under whom."), "accounts:agencies"),
        (_("Where agencies work"), _("The areas of their mandates, on a map and in a table."), "desk:map"),
        (_("Words and areas"), _("What all rooms share, and where it comes from."), "desk:lists"),
        (_("Purposes"), _("For what people may be looked at, in which roles, and until when."), "desk:purposes"),
        (_("Second words"), _("Acts that need two people: propose one, agree, or object."), "words:words"),
        (_("Long work"), _("What runs, what is stuck, and what is done."), "jobs:jobs"),
        (_("My account"), _("Language, calendar, second factors, and where you are signed in."), "accounts:me"),
        (_("How much is done"), _("Acts from day to day: your own, or all that you may read."), "desk:activity"),
    ]
    if breaches.may_keep_any(actor):
        parts.insert(
            5, (_("Breaches"), _("What could be read, and who was told by which deadline."), "breaches:breaches")
        )
    if vault.may_see(actor):
        parts.insert(5, (_("Backups"), _("Where they are, and when a drill last passed."), "desk:backups"))
    if identities.agencies_kept_by(actor):
        parts.insert(
            5, (_("Keys of your agency"), _("Since when they seal, and when they are to be changed."), "desk:keys")
        )
    found = [{"title": title, "says": says, "address": find_address(name)} for title, says, name in parts]
    held = queries.memberships_for(actor).filter(ended_at__isnull=True)
    people = columns.listing(held, _columns(), request.GET)
    record_list(actor, "", [member.ref for member in people.rows], action="accounts.colleagues-seen")
    words = {"parts": found, "people": people}
    return render(request, "desk/settings.html", words)


def _columns() -> list[columns.Column]:
    """The columns of the list of people and their roles."""
    return [
        columns.Column("name", _("Name"), "account__name"),
        columns.Column("role", _("Role"), "role__rank", natural=True),
        columns.Column("agency", _("Agency"), queries.name_shown("agency__")),
    ]


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What can be found under a few letters. Not written down before letters are given: an empty page shows nobody."""
    text = " ".join(request.GET.get("q", "").split())[:LONGEST]
    is_too_short = len(text) < SHORTEST
    found = None if is_too_short else find(as_asked(request).actor, text)
    return render(
        request, "desk/search.html", {"text": text, "found": found, "is_too_short": bool(text) and is_too_short}
    )


@require_safe
@gzip_page
def activity(request: HttpRequest) -> HttpResponse:
    """How much was done from day to day: one's own, or one's agency's. Not written down: it shows sums, and nobody."""
    scope = OWN if request.GET.get("of") != AGENCY else AGENCY
    found = tallies.tally(as_asked(request).actor, is_own=scope == OWN)
    words = {"tally": found, "scope": scope, "days": tallies.DAYS, "fewest": tallies.FEWEST_PEOPLE, "says": ""}
    if found.total and not found.is_withheld:
        try:
            words |= {"svg": tallies.drawing(found), "says": tallies.says(found)}
        except NotYet as undrawn:
            words |= {"undrawn": undrawn}
    return render(request, "desk/activity.html", words)


@require_safe
def agency_map(request: HttpRequest) -> HttpResponse:
    """Where agencies work, on a map and in a table. Not written down: it shows agencies, and nobody."""
    found = mandates.mandates_for(as_asked(request).actor, get_language() or "en")
    return render(request, "desk/map.html", {"mandates": found, "n_unshaped": sum(1 for m in found if not m.shape)})


@require_safe
def agency_shapes(request: HttpRequest) -> JsonResponse:
    """The shapes of that map. Not written down: as the map."""
    language = get_language() or "en"
    return JsonResponse(mandates.as_features(mandates.mandates_for(as_asked(request).actor, language), language))
