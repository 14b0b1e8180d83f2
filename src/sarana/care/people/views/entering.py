"""Somebody is entered: everything on one page, few fields at first, and nothing that was typed is lost."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet
from sarana.care.people import actions, world
from sarana.care.people.entering import Alike, alike
from sarana.care.people.fields import sentence
from sarana.care.people.forms import FactsForm
from sarana.care.people.purpose import ask_purpose
from sarana.care.people.typed import ContactTyped, NamesTyped, StoryTyped, facts_form, facts_of
from sarana.care.people.where import read_area
from sarana.ground.accounts.asking import as_asked
from sarana.ground.accounts.queries import agency_names
from sarana.ground.vault.identities.policy import HELPERS

UNREADY = 422
MORE, NOBODY_OF_THESE = "more", "nobody-of-these"


@dataclass(slots=True)
class Typed:
    """All that is typed of somebody who is entered."""

    names: NamesTyped
    contact: ContactTyped
    story: StoryTyped
    facts: FactsForm

    @classmethod
    def of(cls, actor: Actor, data: QueryDict | None) -> "Typed":
        """From what was sent, or empty."""
        more = data.get(MORE, "") if data is not None else ""
        return cls(
            NamesTyped.of(data, more=more),
            ContactTyped.of(data, person=None, now=actor.now, more=more),
            StoryTyped.of(data, more=more),
            facts_form(data, more=more),
        )

    def is_valid(self, actor: Actor) -> bool:
        """Whether all of it is; all of it is looked at."""
        return all(
            [
                self.names.is_valid(),
                self.contact.is_valid(lambda text: read_area(actor, text)),
                self.story.is_valid(),
                self.facts.is_valid(),
            ]
        )

    def wrong(self) -> list[Any]:
        """The fields at which something is wrong, in the order of the page."""
        forms = [*self.names.forms(), self.facts, *self.contact.forms(), *self.story.forms()]
        return [form[name] for form in forms for name in form.errors if name in form.fields]


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Enter somebody. Not written down before it is sent: an empty form shows nobody."""
    actor = as_asked(request).actor
    if asked := ask_purpose(request, actor):
        return asked
    data = request.POST if request.method == "POST" else None
    typed = Typed.of(actor, data)
    if data is None or data.get(MORE):
        return _form(request, actor, typed)
    if not typed.is_valid(actor):
        return _form(request, actor, typed, status=UNREADY)
    agency = _agency(actor, data)
    names = typed.names.values(actor.today)
    if not data.get(NOBODY_OF_THESE) and (found := alike(actor, agency, names)):
        return _form(request, actor, typed, found=found)
    try:
        made = actions.enter(
            actor, agency, facts_of(typed.facts), names, typed.contact.values(actor.today), typed.story.values()
        )
    except NotYet as wrong:
        return _form(request, actor, typed, said=sentence(wrong), status=UNREADY)
    messages.success(request, _("Entered. You work with this person now."))
    return redirect("people:person", ref=made.ref)


def lists() -> dict[str, Any]:
    """Countries and languages that forms offer."""
    return {"countries": world.countries(), "languages": world.languages()}


def _form(
    request: HttpRequest,
    actor: Actor,
    typed: Typed,
    *,
    status: int = 200,
    said: str = "",
    found: list[Alike] | None = None,
) -> HttpResponse:
    words = {
        "typed": typed,
        "wrong": typed.wrong() if status == UNREADY else [],
        "said": said,
        "found": found,
        "agencies": _agencies(actor),
        "agency": request.POST.get("agency", ""),
        **lists(),
    }
    return render(request, "people/new.html", words, status=status)


def _agencies(actor: Actor) -> list[tuple[str, str]]:
    """The agencies for which she enters people; she is asked where there are several."""
    helping = {grant.agency_ref for grant in actor.grants_as(HELPERS)}
    names = agency_names(actor, get_language() or "en")
    return sorted(((str(ref), names.get(ref, "")) for ref in helping), key=lambda each: each[1])


def _agency(actor: Actor, data: QueryDict) -> UUID:
    offered = [ref for ref, _name in _agencies(actor)]
    asked = data.get("agency", "")
    return UUID(asked if asked in offered else offered[0])
