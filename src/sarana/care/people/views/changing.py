"""What is kept of a person is written anew: by tier, each with its version, and what was typed stays on the page.

A form that shows what is sealed is opened by a button and written down, as every opening is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet
from sarana.care.people import actions, opening, policy, queries, showing
from sarana.care.people.fields import sentence
from sarana.care.people.models import Person
from sarana.care.people.opening import Revealed
from sarana.care.people.purpose import ask_purpose
from sarana.care.people.typed import ContactTyped, NamesTyped, StoryTyped, facts_form, facts_of
from sarana.care.people.values import Tiered
from sarana.care.people.views.entering import MORE, UNREADY, lists
from sarana.care.people.views.looking import person_or_404
from sarana.care.people.where import area_called, read_area
from sarana.ground.accounts.asking import as_asked
from sarana.ground.ledger.actions import record_opening

MEANWHILE = 409
SAVED_MEANWHILE = frozenset({"VAULT-064", "PEOPLE-006"})

type Typed = NamesTyped | ContactTyped | StoryTyped


@dataclass(frozen=True, slots=True)
class Part:
    """One tier as it is changed: how it is opened, typed, checked, made into values, and shown beside."""

    template: str
    whole: str
    """A field that every form of it sends: what came without it was cut, and saves nothing."""
    opens: Callable[[Actor, Person], Revealed[Any] | None]
    typed: Callable[[Actor, Person, QueryDict | None, Any], Any]
    is_valid: Callable[[Actor, Any], bool]
    values: Callable[[Actor, Any], Tiered]
    beside: Callable[[Actor, Any], dict[str, Any]]
    needs_saved: bool = False
    """Whether what is saved is needed to save again: ways that are kept and not shown."""


NAMES = Part(
    "people/change/names.html",
    "names-n",
    opening.reveal,
    lambda _actor, _person, data, saved: NamesTyped.of(data, saved, more=_more(data)),
    lambda _actor, typed: typed.is_valid(),
    lambda actor, typed: typed.values(actor.today),
    lambda _actor, saved: {"names": showing.names_shown(saved)},
)
CONTACT = Part(
    "people/change/contact.html",
    "ways-n",
    opening.open_contact,
    lambda actor, person, data, saved: ContactTyped.of(data, saved, person=person.ref, now=actor.now, more=_more(data)),
    lambda actor, typed: typed.is_valid(lambda text: read_area(actor, text)),
    lambda actor, typed: typed.values(actor.today),
    lambda actor, saved: {
        "contact": {**showing.contact_shown(saved, actor.now), "area": area_called(actor, saved.area)}
    },
    needs_saved=True,
)
STORY = Part(
    "people/change/story.html",
    "story-health",
    opening.open_story,
    lambda _actor, _person, data, saved: StoryTyped.of(data, saved, more=_more(data)),
    lambda _actor, typed: typed.is_valid(),
    lambda _actor, typed: typed.values(),
    lambda _actor, saved: {"story": saved},
)


@require_POST
def names(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Names, birth and papers."""
    return _change(request, ref, NAMES)


@require_POST
def contact(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Ways to reach her, and where she is."""
    return _change(request, ref, CONTACT)


@require_POST
def story(request: HttpRequest, ref: UUID) -> HttpResponse:
    """What she tells, and what her health needs."""
    return _change(request, ref, STORY)


@require_http_methods(["GET", "HEAD", "POST"])
def facts(request: HttpRequest, ref: UUID) -> HttpResponse:
    """What stands in the open."""
    actor = as_asked(request).actor
    if asked := ask_purpose(request, actor):
        return asked
    found = own_or_404(actor, ref)
    record_opening(actor, policy.KIND, found.ref, action=opening.SEEN, owner_agency_ref=found.agency_ref)
    data = request.POST if request.method == "POST" else None
    form = facts_form(data, found, more=_more(data))
    words: dict[str, Any] = {"person": found, "form": form, "revision": _number(data, "revision", found.revision)}
    if data is None or _more(data):
        return render(request, "people/change/facts.html", {**words, **lists()})
    status = UNREADY
    if form.is_valid():
        try:
            actions.change_facts(actor, ref, facts_of(form), revision=words["revision"])
        except NotYet as wrong:
            words["said"] = sentence(wrong)
            if wrong.code in SAVED_MEANWHILE:
                status = MEANWHILE
                words |= {"revision": found.revision, "beside": showing.facts(found)}
        else:
            return changed(request, actor, ref)
    words["wrong"] = [form[name] for name in form.errors if name in form.fields]
    return render(request, "people/change/facts.html", {**words, **lists()}, status=status)


def own_or_404(actor: Actor, ref: UUID, *, also_in_emergency: bool = False) -> Person:
    """A person of her own agency: nobody changes one of another, and in an emergency nothing but the sealed tiers."""
    found = person_or_404(actor, ref)
    if found.agency_ref not in actor.agency_refs or (found.emergency and not also_in_emergency):
        raise Http404
    return found


def changed(request: HttpRequest, actor: Actor, ref: UUID) -> HttpResponse:
    """Back to the page of the person; to the list, where she opens for the actor no more."""
    messages.success(request, _("Saved."))
    opens = queries.those_of(actor, [ref]) or queries.in_emergency(actor, ref)
    return redirect("people:person", ref=ref) if opens else redirect("people:people")


def _change(request: HttpRequest, ref: UUID, part: Part) -> HttpResponse:
    actor = as_asked(request).actor
    if asked := ask_purpose(request, actor):
        return asked
    found = own_or_404(actor, ref, also_in_emergency=True)
    data = request.POST if {"version", part.whole} <= set(request.POST) else None
    is_written = data is not None and not _more(data)
    saved = part.opens(actor, found) if data is None or (part.needs_saved and is_written) else None
    words = {
        "person": found,
        "typed": part.typed(actor, found, data, saved.holds if saved else None),
        "version": _number(data, "version", saved.version if saved else 0),
    }
    if not is_written:
        return _form(request, part, words)
    return _saved(request, actor, part, words, saved)


def _saved(
    request: HttpRequest, actor: Actor, part: Part, words: dict[str, Any], saved: Revealed[Any] | None
) -> HttpResponse:
    """Saved, or the form again with what is wrong."""
    found, typed, version = words["person"], words["typed"], words["version"]
    if saved and saved.version != version:
        return _meanwhile(request, actor, part, words, saved)
    if not part.is_valid(actor, typed):
        wrong = [form[name] for form in typed.forms() for name in form.errors if name in form.fields]
        return _form(request, part, {**words, "wrong": wrong}, status=UNREADY)
    try:
        actions.change(actor, found.ref, part.values(actor, typed), version=version)
    except NotYet as wrong:
        if wrong.code in SAVED_MEANWHILE:
            return _meanwhile(request, actor, part, words, part.opens(actor, found))
        return _form(request, part, {**words, "said": sentence(wrong)}, status=UNREADY)
    return changed(request, actor, found.ref)


def _meanwhile(
    request: HttpRequest, actor: Actor, part: Part, words: dict[str, Any], saved: Revealed[Any] | None
) -> HttpResponse:
    """What was typed, and beside it what somebody else saved; sent once more, it takes the place of that."""
    said = [
        _("Somebody else saved this person while you were writing, so nothing of yours was saved yet."),
        _("See what was saved, and save once more: what you wrote is still here."),
    ]
    beside = part.beside(actor, saved.holds) if saved else {}
    words = {**words, "version": saved.version if saved else 0, "said": " ".join(said), "beside": beside}
    return _form(request, part, words, status=MEANWHILE)


def _form(request: HttpRequest, part: Part, words: dict[str, Any], *, status: int = 200) -> HttpResponse:
    return render(request, part.template, {**words, **lists()}, status=status)


def _more(data: QueryDict | None) -> str:
    return data.get(MORE, "") if data is not None else ""


def _number(data: QueryDict | None, name: str, otherwise: int) -> int:
    """A version that was sent; one that is none leads to what is saved now."""
    text = data.get(name, "") if data is not None else ""
    if data is None:
        return otherwise
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1
