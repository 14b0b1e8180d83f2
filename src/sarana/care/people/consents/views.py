"""What a person agreed to: given, taken back, over; what was decided by law; and what others let us read."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet
from sarana.care.consent import actions
from sarana.care.consent.models import Consent
from sarana.care.people import queries as people
from sarana.care.people.conflict.queries.reading import check_not_kept_out
from sarana.care.people.consents import queries, showing
from sarana.care.people.consents.forms import TakeBackForm
from sarana.care.people.models import Person
from sarana.care.people.purpose import ask_purpose
from sarana.ground import columns
from sarana.ground.accounts.asking import as_asked
from sarana.ground.ledger import refusals
from sarana.ground.ledger.actions import record_list
from sarana.ground.vault.identities.actions.sharing import end_basis, share
from sarana.ground.vault.identities.models import Basis


@require_safe
def consents(request: HttpRequest, ref: UUID) -> HttpResponse:
    """What a person agreed to, and what was decided by law: a page, or a panel of hers."""
    actor = as_asked(request).actor
    return _page(request, actor, known_or_404(actor, ref))


def _page(request: HttpRequest, actor: Actor, person: Person, **given: Any) -> HttpResponse:
    seen = queries.agreed_by(actor, person)
    record_list(
        actor,
        "consent",
        [each.ref for each in seen],
        action="people.consents-listed",
        owner_agency_ref=person.agency_ref,
        thing_ref=person.ref,
    )
    words = showing.page_of(actor, person, seen, **given)
    is_part = bool(getattr(request, "htmx", False))
    template = "people/consents/panel.html" if is_part else "people/consents/consents.html"
    return render(request, template, words, status=showing.UNREADY if given else 200)


@require_POST
def give(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Write down what a person agreed to."""
    actor = as_asked(request).actor
    if asked := ask_purpose(request, actor):
        return asked
    person = known_or_404(actor, ref)
    form = showing.agreed_form(actor, person, request.POST)
    if not form.is_valid():
        return _page(request, actor, person, form=form)
    try:
        check_not_kept_out(person, form.cleaned_data["recipient"])
        actions.give(actor, ref, form.agreed())
    except NotYet as err:
        return _page(request, actor, person, form=form, fault=_told(request, err))
    messages.success(request, _("Written down. From this moment that agency reads what was agreed to."))
    return redirect("people:consents", ref=ref)


@require_POST
def take_back(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Take a consent back: it is done when the page says so. Needs no purpose and no key."""
    actor = as_asked(request).actor
    try:
        _found, person = queries.get_consent(actor, ref)
    except (Consent.DoesNotExist, Person.DoesNotExist) as err:
        raise Http404 from err
    form = TakeBackForm(request.POST)
    if not form.is_valid():
        return _page(request, actor, person, fault=_("Say how it was taken back."))
    actions.withdraw(actor, ref, how=Consent.Way(form.cleaned_data["how"]))
    messages.success(request, _("Taken back. That agency reads nothing on it any more."))
    return redirect("people:consents", ref=person.ref)


@require_POST
def decide(request: HttpRequest, ref: UUID) -> HttpResponse:
    """A supervisor lets another agency read because a law says so."""
    actor = as_asked(request).actor
    if asked := ask_purpose(request, actor):
        return asked
    person = known_or_404(actor, ref)
    form = showing.law_form(actor, person, request.POST)
    if not form.is_valid():
        return _page(request, actor, person, law_form=form)
    try:
        check_not_kept_out(person, form.cleaned_data["recipient"])
        share(actor, ref, form.terms(), ground=Basis.Ground(form.cleaned_data["ground"]))
    except NotYet as err:
        return _page(request, actor, person, law_form=form, fault=_told(request, err))
    messages.success(request, _("Decided. From this moment that agency reads what you named."))
    return redirect("people:consents", ref=ref)


@require_POST
def end(request: HttpRequest, ref: UUID) -> HttpResponse:
    """End what was decided by law. Needs no purpose and no key."""
    actor = as_asked(request).actor
    try:
        _found, person = queries.get_by_law(actor, ref)
    except (Basis.DoesNotExist, Person.DoesNotExist) as err:
        raise Http404 from err
    end_basis(actor, ref)
    messages.success(request, _("Ended. That agency reads nothing on it any more."))
    return redirect("people:consents", ref=person.ref)


@require_safe
def given(request: HttpRequest) -> HttpResponse:
    """What other agencies let us read: of whom, what, for what and until when."""
    actor = as_asked(request).actor
    if asked := ask_purpose(request, actor):
        return asked
    page = columns.listing(people.given_for(actor), _columns(), request.GET)
    record_list(actor, "person", [row.ref for row in page.rows], action="people.given-listed")
    return render(request, "people/consents/given.html", {"page": page, "rows": showing.given_rows(actor, page.rows)})


def _columns() -> list[columns.Column]:
    """The columns by which they can be ordered."""
    return [
        columns.Column("since", _("Entered on"), "entered_at", natural=True, falling=True),
        columns.Column("code", _("Code"), "code"),
    ]


def _told(request: HttpRequest, err: NotYet) -> str:
    return f"{refusals.noted(request, err)} ({err.code})"


def known_or_404(actor: Actor, ref: UUID) -> Person:
    """Hidden and absent are the same page."""
    try:
        return queries.get_known(actor, ref)
    except Person.DoesNotExist as err:
        raise Http404 from err
