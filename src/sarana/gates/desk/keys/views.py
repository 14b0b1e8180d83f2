"""The keys of an agency: since when they seal, how many people with which, what goes when; and changing them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sarana.basics.actors import Actor
from sarana.ground.accounts import queries as accounts
from sarana.ground.accounts.asking import as_asked
from sarana.ground.jobs import actions as jobs
from sarana.ground.jobs import queries as work
from sarana.ground.vault import places
from sarana.ground.vault.identities import policy
from sarana.ground.vault.identities.jobs import CODE, args_for, thing
from sarana.ground.vault.identities.standing import standing_of


@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """The keys of the agencies whose custodian one is. Not written down: it counts, and shows nobody."""
    actor = as_asked(request).actor
    policy.check_may_keep_keys(actor)
    names = accounts.agency_names(actor, get_language() or "en")
    words = {
        "agencies": [_told(actor, ref, names.get(ref, "")) for ref in policy.agencies_kept_by(actor)],
        "opens_by_itself": places.opens_by_itself(),
    }
    return render(request, "desk/keys/keys.html", words)


def _told(actor: Actor, ref: UUID, name: str) -> dict[str, Any]:
    return {"name": name, "keys": standing_of(actor, ref), "running": work.find_under_way(actor, thing(ref))}


@require_POST
def change(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Ask for new keys of an agency; hidden and absent agencies are the same page."""
    actor = as_asked(request).actor
    policy.check_may_keep_keys(actor)
    if ref not in policy.agencies_kept_by(actor):
        raise Http404
    made = jobs.ask(actor, CODE, args_for(ref))
    messages.success(request, _("Asked for. You can leave this page and come back; others go on working meanwhile."))
    return redirect("jobs:job", ref=made.ref)
