"""Photographs of a person: that they are there, one shown at a time by a form that is sent, hidden in, given on."""

import base64
import os
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sarana.basics.actors import Actor
from sarana.basics.errors import BadFile, NotYet, SaranaError
from sarana.care.people.models import Person
from sarana.care.people.opening import MASKED_TAKEN
from sarana.care.people.photographs import actions, opening, queries
from sarana.care.people.photographs.forms import HandForm, KindForm, boxes_of
from sarana.care.people.photographs.models import MaskedCopy, Photograph
from sarana.care.people.photographs.showing import UNREADY, page_of, words_of_masking
from sarana.care.people.photographs.taking import Photographed
from sarana.care.people.purpose import ask_purpose
from sarana.care.people.views.looking import person_or_404
from sarana.ground.accounts.asking import as_asked
from sarana.ground.ledger import refusals
from sarana.ground.ledger.actions import record_list
from sarana.ground.pages.uploads import ATTRIBUTE
from sarana.methods.pictures.copies import MEDIA_TYPE, Box, Copy, masked
from sarana.methods.pictures.reading import Picture

WHOLE = "whole"
"""A field behind the file in its form: where it is missing, the line was cut."""


@require_safe
def photographs(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The photographs of a person, as lines without pictures: a page, or a panel of hers."""
    actor = as_asked(request).actor
    if asked := ask_purpose(request, actor):
        return asked
    return _listed(request, actor, person_or_404(actor, ref))


def _listed(request: HttpRequest, actor: Actor, person: Person, fault: str = "") -> HttpResponse:
    words = page_of(actor, person, fault)
    refs = [each.ref for each in words["seen"]]
    act, agency = "people.photographs-listed", person.agency_ref
    record_list(actor, "person", refs, action=act, owner_agency_ref=agency, thing_ref=person.ref)
    template = "people/photographs/panel.html" if as_htmx(request) else "people/photographs/photographs.html"
    return render(request, template, words, status=UNREADY if fault else 200)


def as_htmx(request: HttpRequest) -> bool:
    """Whether a page asks for this as one of its panels."""
    return bool(getattr(request, "htmx", False))


@require_POST
def add(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Keep a photograph that came with the form; of a person of one's own agency only."""
    actor = as_asked(request).actor
    if asked := ask_purpose(request, actor):
        return asked
    person = person_or_404(actor, ref)
    came, form = getattr(request, ATTRIBUTE, None), KindForm(request.POST)
    try:
        data = _came(request, came)
        if not form.is_valid():
            return _listed(request, actor, person, _("Say what the photograph shows."))
        _made, is_new = actions.add(actor, ref, form.cleaned_data["kind"], data)
    except Person.DoesNotExist as err:  # another agency's, or hers no more
        raise Http404 from err
    except (BadFile, NotYet) as err:
        return _listed(request, actor, person, _told(request, err))
    if is_new:
        messages.success(request, _("The photograph is here, sealed. Nothing but what it shows was kept of the file."))
    else:
        messages.info(request, _("This very photograph is here already. Nothing was kept twice."))
    return redirect("people:photographs", ref=ref)


def _came(request: HttpRequest, came: object) -> bytes:
    """The file of the form.

    Raises:
        BadFile: PICTURES-001 none came, or a part of it only; PICTURES-004 it was too large.
    """
    if isinstance(came, Photographed) and came.fault is not None:
        raise came.fault
    if not isinstance(came, Photographed) or not came.is_whole or WHOLE not in request.POST:
        raise BadFile("PICTURES-001", "The file is empty.", cure="Choose the picture again, and send it once more.")
    return came.data


def _told(request: HttpRequest, err: SaranaError) -> str:
    where = "" if os.sep in err.where else err.where
    return f"{where} {refusals.noted(request, err)} ({err.code})".strip()


@require_POST
def show(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Show one photograph, on this page only: it has no address of its own, and nothing keeps it."""
    actor = as_asked(request).actor
    if asked := ask_purpose(request, actor):
        return asked
    found = _photograph_or_404(actor, ref, only_to_see=True)
    is_large = "large" in request.POST
    copy = opening.to_show(opening.open_photograph(actor, found), is_large=is_large)
    words = {"photograph": found, "person": found.person, "picture": _inline(copy), "is_large": is_large}
    return render(request, "people/photographs/shown.html", words)


@require_POST
def mask(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Hide faces and marks in a photograph: boxes by numbers or by hand, a look at what would be seen, and keeping."""
    actor = as_asked(request).actor
    if asked := ask_purpose(request, actor):
        return asked
    found, boxes = _photograph_or_404(actor, ref), None
    do = request.POST.get("do", "")
    formset = boxes_of(request.POST, has_more=do == "more")
    picture = opening.open_photograph(actor, found)
    words = words_of_masking(found, formset, _inline(opening.to_show(picture)))
    if do in {"look", "keep"} and formset.is_bound and formset.is_valid():
        boxes = [box for form in formset if (box := form.box()) is not None]
        try:
            if do == "keep":
                return _kept(request, actor, found, picture, boxes)
            words["preview"] = _inline(masked(picture, boxes))
        except SaranaError as err:
            words["fault"] = _told(request, err)
    is_unready = bool(words["fault"]) or (do != "more" and formset.is_bound and not formset.is_valid())
    return render(request, "people/photographs/mask.html", words, status=UNREADY if is_unready else 200)


def _kept(request: HttpRequest, actor: Actor, found: Photograph, picture: Picture, boxes: list[Box]) -> HttpResponse:
    actions.mask(actor, found.ref, picture, boxes)
    messages.success(request, _("The masked copy is kept. Look at it once more before you give it to anybody."))
    return redirect("people:photographs", ref=found.person.ref)


@require_POST
def remove(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Remove a photograph for good."""
    actor = as_asked(request).actor
    if asked := ask_purpose(request, actor):
        return asked
    try:
        person = actions.remove(actor, ref)
    except Photograph.DoesNotExist as err:
        raise Http404 from err
    messages.success(request, _("The photograph was removed for good, with its masked copies."))
    return redirect("people:photographs", ref=person.ref)


@require_POST
def masked_show(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Show a masked copy, of one's own agency or given by another one."""
    actor = as_asked(request).actor
    if asked := ask_purpose(request, actor):
        return asked
    found = queries.find_given(actor, ref) or _masked_or_404(actor, ref)
    picture = _inline(opening.open_masked(actor, found))
    words = {"masked": found, "person": found.person, "picture": picture}
    return render(request, "people/photographs/masked.html", words)


@require_POST
def masked_take(request: HttpRequest, ref: UUID) -> HttpResponse:
    """A masked copy as a file, to be printed or handed over: the only way on which a picture leaves."""
    actor = as_asked(request).actor
    if asked := ask_purpose(request, actor):
        return asked
    found = _masked_or_404(actor, ref)
    copy = opening.open_masked(actor, found, act=MASKED_TAKEN)
    name = f"{found.person.code}-{found.ref.hex[:8]}.jpg"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    return HttpResponse(copy.data, content_type=MEDIA_TYPE, headers=headers)


@require_POST
def masked_hand(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Give a masked copy to another agency."""
    actor = as_asked(request).actor
    if asked := ask_purpose(request, actor):
        return asked
    found = _masked_or_404(actor, ref)
    form = HandForm((), request.POST)
    if not form.is_valid():
        return _listed(request, actor, found.person, _("Choose to whom the masked copy goes."))
    actions.hand(actor, ref, form.cleaned_data["basis"])
    messages.success(request, _("Given. That agency sees this copy for as long as it may; taking that back ends it."))
    return redirect("people:photographs", ref=found.person.ref)


def _inline(copy: Copy) -> str:
    """The picture as it stands within its page: it has no address that anything could keep."""
    return f"data:{MEDIA_TYPE};base64,{base64.b64encode(copy.data).decode()}"


def _photograph_or_404(actor: Actor, ref: UUID, *, only_to_see: bool = False) -> Photograph:
    try:
        return queries.get_photograph(actor, ref, only_to_see=only_to_see)
    except Photograph.DoesNotExist as err:
        raise Http404 from err


def _masked_or_404(actor: Actor, ref: UUID) -> MaskedCopy:
    try:
        return queries.get_masked(actor, ref)
    except MaskedCopy.DoesNotExist as err:
        raise Http404 from err
