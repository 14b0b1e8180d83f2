"""For what people may be looked at: the list with the form for a new one; ending and stating one. It shows nobody."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Case, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet
from sarana.gates.desk.purposes.forms import PurposeForm
from sarana.ground import columns
from sarana.ground.accounts import queries as accounts
from sarana.ground.accounts.asking import as_asked
from sarana.ground.codelists import actions, policy, queries
from sarana.ground.codelists.models import Purpose
from sarana.ground.ledger import refusals

UNREADY = 422
AT_THE_FORM = frozenset({"CODELISTS-013", "CODELISTS-014"})
"""What the one who filled in the form can mend; all else is a page of its own."""


@require_http_methods(["GET", "HEAD", "POST"])
def purposes(request: HttpRequest) -> HttpResponse:
    """Every purpose with what it allows, to whom, until when; for whoever keeps them, the form for a new one.

    Not written down: it shows nobody.
    """
    actor = as_asked(request).actor
    language = get_language() or "en"
    roles = {role.code: role.called(language) for role in accounts.roles()}
    is_sent = request.method == "POST"
    if is_sent:
        policy.check_may_keep_purposes(actor)
    form = PurposeForm(roles.items(), request.POST if is_sent else None, initial={"from_on": actor.today.isoformat()})
    if is_sent and form.is_valid() and _added(request, actor, form):
        messages.success(request, _("Added. It can be stated from its first day on."))
        return redirect("desk:purposes")
    asked = request.GET.copy()
    asked.setdefault(columns.ORDER, "state")
    page = columns.listing(queries.purposes_for(actor), _columns(language), asked)
    words = {
        "page": page,
        "rows": [_told(actor, each, roles, language) for each in page.rows],
        "form": form,
        "may_change": policy.may_keep_purposes(actor),
        "n_open": len(queries.purposes_open_to(actor)),
    }
    return render(request, "desk/purposes/purposes.html", words, status=UNREADY if form.errors else 200)


def _columns(language: str) -> list[columns.Column]:
    """The columns by which purposes can be ordered; by their state, those that were not ended stand first."""
    ended = Case(When(ended_at__isnull=False, then=Value(1)), default=Value(0))
    return [
        columns.Column("name", _("Purpose"), "name_th" if language == "th" else "name"),
        columns.Column("state", _("State"), ended, natural=True),
    ]


def _added(request: HttpRequest, actor: Actor, form: PurposeForm) -> bool:
    """Add it, or say at the form why not."""
    given = dict(form.cleaned_data)
    plain = {name: given.pop(name) for name in ("code", "roles", "from_on", "until_on")}
    try:
        actions.add_purpose(actor, words=given, **plain)
    except NotYet as err:
        if err.code not in AT_THE_FORM:
            raise
        form.add_error("code" if err.code == "CODELISTS-014" else None, refusals.noted(request, err))
        return False
    return True


def _told(actor: Actor, purpose: Purpose, roles: dict[str, str], language: str) -> dict[str, Any]:
    """A purpose in words."""
    is_in_force = purpose.is_in_force(actor.today)
    return {
        "row": purpose,
        "name": purpose.called(language),
        "says": purpose.says(language),
        "roles": ", ".join(roles.get(code, code) for code in purpose.roles),
        "is_in_force": is_in_force,
        "is_to_come": purpose.ended_at is None and purpose.from_on > actor.today,
        "is_stated": purpose.code == actor.purpose,
        "may_state": is_in_force and bool(actor.roles & set(purpose.roles)),
    }


@require_POST
def end(request: HttpRequest, ref: UUID) -> HttpResponse:
    """End one."""
    actor = as_asked(request).actor
    actions.end_purpose(actor, _purpose_or_404(actor, ref))
    messages.success(request, _("Ended. It stays in the list, and nobody looks at people for it any more."))
    return redirect("desk:purposes")


@require_POST
def state(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Say for what one looks at people from now on, until the sitting ends."""
    actor = as_asked(request).actor
    found = _purpose_or_404(actor, ref)
    actions.state_purpose(actor, found)
    request.session["purpose"] = found.code
    messages.success(
        request, _("Stated. It stands beside everything that you open until you sign out or state another.")
    )
    return redirect(_back(request))


def _back(request: HttpRequest) -> str:
    """The page that asked for the purpose, if it is one of ours; else the list."""
    back = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return back if ours else reverse("desk:purposes")


def _purpose_or_404(actor: Actor, ref: UUID) -> Purpose:
    """Hidden and absent are the same page."""
    try:
        return queries.get_purpose(actor, ref)
    except Purpose.DoesNotExist as err:
        raise Http404 from err
