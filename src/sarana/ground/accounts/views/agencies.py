"""Agencies: the list, one with its people, making and changing it, closing and opening."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet
from sarana.ground import columns
from sarana.ground.accounts import actions, openid, policy, queries
from sarana.ground.accounts.asking import as_asked
from sarana.ground.accounts.forms import AgencyForm, NewAgencyForm, VersionForm
from sarana.ground.accounts.models import Agency
from sarana.ground.countries import COUNTRIES
from sarana.ground.ledger import refusals
from sarana.ground.ledger.actions import record_list


def agency_or_404(actor: Actor, ref: UUID) -> Agency:
    """An agency that an actor may see; what she may not see does not exist."""
    try:
        return queries.get_agency(actor, ref)
    except Agency.DoesNotExist as err:
        raise Http404 from err


@require_safe
def agencies(request: HttpRequest) -> HttpResponse:
    """The agencies that work here, in the order asked for. Not written down: it shows agencies, and nobody in them."""
    shown = queries.agencies_for(as_asked(request).actor)
    return render(request, "accounts/agencies.html", {"agencies": columns.listing(shown, _columns(), request.GET)})


def _columns() -> list[columns.Column]:
    """The columns of the list of agencies, by the words that a reader sees."""
    return [
        columns.Column("name", _("Name"), queries.name_shown()),
        columns.Column("kind", _("Kind"), "kind", words=Agency.Kind.choices),
        columns.Column("under", _("Under"), queries.name_shown("parent__")),
        columns.Column("country", _("Country"), "country", words=list(COUNTRIES.items())),
    ]


@require_safe
def agency(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One agency: what it is, and for its administrators who works in it."""
    actor = as_asked(request).actor
    found = agency_or_404(actor, ref)
    memberships = list(queries.memberships_for(actor).filter(agency=found))
    refs = [membership.ref for membership in memberships]
    # No kind of thing: it opens no record of a person who is helped, and is not counted with those.
    record_list(actor, "", refs, action="accounts.colleagues-seen", owner_agency_ref=found.ref)
    words = {
        "agency": found,
        "memberships": memberships,
        "invitations": queries.open_invitations_for(actor, found),
        "may_change": policy.may_change_agency(actor, found),
        "may_invite": policy.may_invite(actor, found) and found.closed_on is None,
        "may_close": policy.may_close_agency(actor, found),
        "has_services": bool(openid.offered()),
        "version": VersionForm(initial={"version": found.version}),
    }
    return render(request, "accounts/agency.html", words)


@require_http_methods(["GET", "HEAD", "POST"])
def make_agency(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Make an agency under this one. Not written down before it is sent: an empty form shows nobody."""
    actor = as_asked(request).actor
    above = agency_or_404(actor, ref)
    policy.check_may_change_agency(actor, above)
    form = NewAgencyForm(request.POST if request.method == "POST" else None, initial={"once": uuid4()})
    if request.method == "POST" and form.is_valid():
        given: dict[str, Any] = form.cleaned_data
        try:
            made = actions.make_agency(
                actor,
                ref=given["once"],
                name=given["name"],
                name_local=given["name_local"],
                kind=Agency.Kind(given["kind"]),
                country=given["country"],
                areas=given["areas"],
                parent=above,
            )
        except NotYet as err:
            form.add_error(None, refusals.noted(request, err))
        else:
            messages.success(request, _("The agency was made."))
            return redirect("accounts:agency", ref=made.ref)
    return render(request, "accounts/make_agency.html", {"form": form, "above": above})


@require_http_methods(["GET", "HEAD", "POST"])
def change_agency(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Change what an agency is called, its areas, its partner.

    Not written down before it is sent: the form shows agencies, and nobody who works in them.
    """
    actor = as_asked(request).actor
    found = agency_or_404(actor, ref)
    policy.check_may_change_agency(actor, found)
    kept = {
        "version": found.version,
        "name": found.name,
        "name_local": found.name_local,
        "areas": " ".join(found.areas),
        "partner": found.partner.ref if found.partner else None,
    }
    partners = queries.agencies_for(actor).filter(closed_on__isnull=True).exclude(pk=found.pk)
    form = AgencyForm(request.POST if request.method == "POST" else None, initial=kept, partners=partners)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_agency(actor, found, **form.cleaned_data)
        except NotYet as err:
            form.add_error(None, refusals.noted(request, err))
        else:
            messages.success(request, _("Saved."))
            return redirect("accounts:agency", ref=ref)
    return render(request, "accounts/change_agency.html", {"form": form, "agency": found})


@require_POST
def close_agency(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Close an agency."""
    actor = as_asked(request).actor
    actions.close_agency(actor, agency_or_404(actor, ref), version=version_of(request))
    messages.success(request, _("The agency is closed."))
    return redirect("accounts:agency", ref=ref)


@require_POST
def open_agency(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Open a closed agency again."""
    actor = as_asked(request).actor
    actions.open_agency(actor, agency_or_404(actor, ref), version=version_of(request))
    messages.success(request, _("The agency is open again."))
    return redirect("accounts:agency", ref=ref)


def version_of(request: HttpRequest) -> int:
    """The version that the person saw; one that cannot be read is older than all."""
    form = VersionForm(request.POST)
    return int(form.cleaned_data["version"]) if form.is_valid() else 0
