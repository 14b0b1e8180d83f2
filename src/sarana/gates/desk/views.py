"""Today, and Settings."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from sarana.ground.accounts import queries
from sarana.ground.accounts.asking import as_asked


@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """What must I do now."""
    return render(request, "desk/today.html", {"actor": as_asked(request).actor})


@require_safe
def settings(request: HttpRequest) -> HttpResponse:
    """The agencies and people that one may see."""
    actor = as_asked(request).actor
    return render(
        request,
        "desk/settings.html",
        {"agencies": queries.agencies_for(actor), "memberships": queries.memberships_for(actor)},
    )
