"""People of an agency: inviting them, giving and ending roles, the way back, ending an account."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet
from sarana.ground.accounts import actions, addresses, once, policy, queries
from sarana.ground.accounts.asking import as_asked
from sarana.ground.accounts.forms import GiveRoleForm, InviteForm, VersionForm
from sarana.ground.accounts.models import Invitation, Membership
from sarana.ground.accounts.views.agencies import agency_or_404, version_of
from sarana.ground.ledger import refusals
from sarana.ground.ledger.actions import record_opening


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Invite a person into an agency; the link is shown once, on the page that follows.

    Not written down before it is sent: an empty form shows nobody.
    """
    actor = as_asked(request).actor
    agency = agency_or_404(actor, ref)
    policy.check_may_invite(actor, agency)
    form = InviteForm(request.POST if request.method == "POST" else None, initial={"once": uuid4()})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made, word = actions.invite(actor, ref=given["once"], agency=agency, role=given["role"], name=given["name"])
        except NotYet as err:
            form.add_error(None, refusals.noted(request, err))
        else:
            return _show_link(request, made, word)
    return render(request, "accounts/invite.html", {"form": form, "agency": agency})


@require_POST
def withdraw(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Make an invitation worthless."""
    actor = as_asked(request).actor
    try:
        found = queries.get_invitation(actor, ref)
    except Invitation.DoesNotExist as err:
        raise Http404 from err
    actions.withdraw_invitation(actor, found)
    messages.success(request, _("The invitation is withdrawn; its link opens nothing any more."))
    return redirect("accounts:agency", ref=found.agency.ref)


@require_http_methods(["GET", "HEAD", "POST"])
def give_role(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Give a role to somebody who has an account. Not written down before it is sent: an empty form shows nobody."""
    actor = as_asked(request).actor
    agency = agency_or_404(actor, ref)
    policy.check_may_invite(actor, agency)
    form = GiveRoleForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.give_role(
                actor, account=given["sign_in_name"], agency=agency, role=given["role"], until=given["until"]
            )
        except NotYet as err:
            form.add_error(None, refusals.noted(request, err))
        else:
            messages.success(request, _("The role is given."))
            return redirect("accounts:agency", ref=ref)
    return render(request, "accounts/give_role.html", {"form": form, "agency": agency})


@require_safe
def membership(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One role of one person, and what may be done about it."""
    actor = as_asked(request).actor
    found = membership_or_404(actor, ref)
    record_opening(actor, "", ref, action="accounts.colleagues-seen", owner_agency_ref=found.agency.ref)
    running = queries.running_of(found.account)
    words = {
        "membership": found,
        "may_change": policy.may_change_membership(actor, found) and found.account.ref != actor.account_ref,
        "may_answer": policy.may_answer_for(actor, found.account, running) and found.account.ref != actor.account_ref,
        "version": VersionForm(initial={"version": found.version}),
    }
    return render(request, "accounts/membership.html", words)


@require_POST
def end_membership(request: HttpRequest, ref: UUID) -> HttpResponse:
    """End a role now."""
    actor = as_asked(request).actor
    found = membership_or_404(actor, ref)
    actions.end_membership(actor, found, version=version_of(request))
    messages.success(request, _("The role has ended, and every sitting of this person with it."))
    return redirect("accounts:agency", ref=found.agency.ref)


@require_POST
def end_account(request: HttpRequest, ref: UUID) -> HttpResponse:
    """End the account of a person and all her roles."""
    actor = as_asked(request).actor
    found = membership_or_404(actor, ref)
    actions.end_account(actor, found.account, agency_ref=found.agency.ref)
    messages.success(request, _("The account has ended, with every role and every sitting."))
    return redirect("accounts:agency", ref=found.agency.ref)


@require_POST
def way_back(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Make a link for somebody who lost what she signs in with."""
    actor = as_asked(request).actor
    made, word = actions.offer_way_back(actor, membership_or_404(actor, ref))
    return _show_link(request, made, word)


def membership_or_404(actor: Actor, ref: UUID) -> Membership:
    """A membership that an actor may see; what she may not see does not exist."""
    try:
        return queries.get_membership(actor, ref)
    except Membership.DoesNotExist as err:
        raise Http404 from err


def _show_link(request: HttpRequest, made: Invitation, word: str) -> HttpResponse:
    once.is_done(request, reverse("accounts:agency", kwargs={"ref": made.agency.ref}))
    words = {"invitation": made, "link": addresses.invitation_link(word)}
    return render(request, "accounts/link.html", words)
