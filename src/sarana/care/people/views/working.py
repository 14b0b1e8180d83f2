"""Who works with a person, and how she stands to others."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sarana.basics.errors import NotYet
from sarana.care.people import actions, queries
from sarana.care.people.fields import sentence
from sarana.care.people.forms import RelationForm
from sarana.care.people.models import Relation
from sarana.care.people.purpose import ask_purpose
from sarana.care.people.views.changing import changed, own_or_404
from sarana.care.people.views.entering import UNREADY
from sarana.care.people.views.looking import shown
from sarana.ground.accounts.asking import as_asked


@require_POST
def assign(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Let somebody work with her."""
    actor = as_asked(request).actor
    if asked := ask_purpose(request, actor):
        return asked
    found = own_or_404(actor, ref)
    try:
        account = UUID(request.POST.get("account", ""))
    except ValueError:
        return shown(request, actor, found, wrong_helper=_("Choose somebody."), status=UNREADY)
    try:
        actions.assign(actor, ref, account)
    except NotYet as wrong:
        return shown(request, actor, found, wrong_helper=sentence(wrong), status=UNREADY)
    return changed(request, actor, ref)


@require_POST
def end(request: HttpRequest, ref: UUID, account: UUID) -> HttpResponse:
    """Somebody works with her no more."""
    actor = as_asked(request).actor
    if asked := ask_purpose(request, actor):
        return asked
    found = own_or_404(actor, ref)
    try:
        actions.end_assigned(actor, ref, account)
    except NotYet as wrong:
        return shown(request, actor, found, wrong_helper=sentence(wrong), status=UNREADY)
    return changed(request, actor, ref)


@require_POST
def relate(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Say how she stands to another, who is named by her code."""
    actor = as_asked(request).actor
    if asked := ask_purpose(request, actor):
        return asked
    found = own_or_404(actor, ref)
    form = RelationForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        other = queries.find_by_code(actor, given["other"])
        if other is None:
            form.add_error("other", _("Nobody whom you may open has this code."))
        else:
            try:
                actions.relate(actor, ref, other.ref, Relation.Kind(given["kind"]), may_know=given["may_know"])
            except NotYet as wrong:
                form.add_error("other", sentence(wrong))
            else:
                return changed(request, actor, ref)
    return shown(request, actor, found, relating=form, status=UNREADY)


@require_POST
def unrelate(request: HttpRequest, ref: UUID, relation: UUID) -> HttpResponse:
    """Take it back."""
    actor = as_asked(request).actor
    if asked := ask_purpose(request, actor):
        return asked
    own_or_404(actor, ref)
    try:
        actions.unrelate(actor, relation)
    except Relation.DoesNotExist as err:
        raise Http404 from err
    messages.success(request, _("Taken back."))
    return redirect("people:person", ref=ref)
