"""The page of a demonstration: choose a role and look around as it. Its addresses exist in demo mode only."""

from uuid import UUID

from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from sarana.ground.accounts import demonstration, queries
from sarana.ground.accounts.models.store import OWNER
from sarana.ground.walls import postgres

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@login_not_required
@require_safe
def choose_role(request: HttpRequest) -> HttpResponse:
    """The roles that can be tried."""
    return render(request, "accounts/demonstration.html", {"memberships": demonstration.demonstration_accounts()})


@login_not_required
@require_POST
def enter(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Sign in as a demonstration account, as if with a second factor."""
    found = next((each for each in demonstration.demonstration_accounts() if each.account.ref == ref), None)
    if found is None:
        raise Http404
    postgres.recognise(found.account.pk, found.account.ref)
    now = timezone.localtime()
    demonstration.enter_as(queries.actor_of(found.account, now, is_strong=True), found.account)
    login(request, found.account, backend=BACKEND)
    record_authentication(request, found.account, "mfa", type="demonstration")
    request.session[OWNER] = str(found.account.ref)
    return redirect("desk:today")
