"""People: the lists, the page of one of them, and what is sealed of her when somebody asks for it."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sarana.basics.actors import Actor
from sarana.care.people import opening, queries, showing
from sarana.care.people.conflict.policy import agencies_of, may_flag
from sarana.care.people.forms import RelationForm
from sarana.care.people.models import Person
from sarana.care.people.purpose import ask_purpose
from sarana.care.people.same.policy import may_judge
from sarana.care.people.values import initials
from sarana.care.people.where import area_called
from sarana.ground import columns
from sarana.ground.accounts.asking import as_asked
from sarana.ground.accounts.queries import agency_names
from sarana.ground.pages.shell import find_address
from sarana.ground.vault.identities.policy import ENDING, may
from sarana.methods.sealing.identities import Tier

SHOWN = 25
MINE, NEWEST, GIVEN = "mine", "newest", "given"


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """The people with whom she works, all of her agency, or those of whom another agency lets hers read."""
    actor = as_asked(request).actor
    if asked := ask_purpose(request, actor):
        return asked
    of = request.GET.get("of", MINE)
    doors = {MINE: queries.mine_for, NEWEST: queries.people_for, GIVEN: queries.given_for}
    of = of if of in doors else MINE
    page = columns.listing(doors[of](actor).order_by(), _columns(), request.GET, shown=SHOWN)
    names = opening.names_of(actor, page.rows)
    tabs = [(MINE, _("People I work with")), (NEWEST, _("Newest")), (GIVEN, _("Of other agencies"))]
    words = {
        "page": page,
        "rows": showing.listed(page.rows, names),
        "of": of,
        "tabs": tabs,
        "search": find_address("people:search"),
        "may_judge": may_judge(actor),
        "may_flag": bool(agencies_of(actor)),
    }
    return render(request, "people/people.html", words)


@require_safe
def person(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One person: what stands in the open, and the doors to what does not."""
    actor = as_asked(request).actor
    if asked := ask_purpose(request, actor):
        return asked
    return shown(request, actor, person_or_404(actor, ref))


@require_POST
def name(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The same page with who she is, once: it is written down, and counts."""
    actor = as_asked(request).actor
    if asked := ask_purpose(request, actor):
        return asked
    found = person_or_404(actor, ref)
    revealed = opening.reveal(actor, found)
    opened = {"names": showing.names_shown(revealed.holds)} if revealed else {"is_shut": Tier.NAMES}
    return shown(request, actor, found, **opened)


@require_POST
def contact(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The same page with the ways to reach her that are safe in this moment."""
    actor = as_asked(request).actor
    if asked := ask_purpose(request, actor):
        return asked
    found = person_or_404(actor, ref)
    revealed = opening.open_contact(actor, found)
    if revealed is None:
        return shown(request, actor, found, is_shut=Tier.CONTACT)
    words = showing.contact_shown(revealed.holds, actor.now)
    return shown(request, actor, found, contact={**words, "area": area_called(actor, revealed.holds.area)})


@require_POST
def story(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The same page with what she tells."""
    actor = as_asked(request).actor
    if asked := ask_purpose(request, actor):
        return asked
    found = person_or_404(actor, ref)
    revealed = opening.open_story(actor, found)
    opened = {"story": revealed.holds} if revealed else {"is_shut": Tier.STORY}
    return shown(request, actor, found, **opened)


def shown(request: HttpRequest, actor: Actor, found: Person, *, status: int = 200, **opened: Any) -> HttpResponse:
    """The page of a person, with what was opened."""
    return render(request, "people/person.html", {**person_words(actor, found), **opened}, status=status)


def person_words(actor: Actor, found: Person) -> dict[str, Any]:
    """Everything the page of a person needs while nothing is opened."""
    is_own = found.agency_ref in actor.agency_refs
    is_whole = is_own and found.emergency is None
    named = opening.names_of(actor, [found], opened=found.ref)
    working, free = queries.working_with(actor, found)
    language = get_language() or "en"
    return {
        "person": found,
        "is_own": is_own,
        "is_whole": is_whole,
        "may_write": is_whole or bool(found.emergency and found.emergency.confirmed_at),
        "initials": initials(named[found.ref]) if found.ref in named else "",
        "facts": showing.facts(found),
        "agency": "" if is_own else agency_names(actor, language).get(found.agency_ref, ""),
        "tiers": frozenset(Tier) if is_own else queries.tiers_given(actor, found),
        "versions": found.subject.versions,
        "working": working,
        "free": free,
        "relations": queries.relations_of(actor, found) if is_own else [],
        "relating": RelationForm(),
        "may_end": is_whole and may(actor, ENDING, found.agency_ref),
        "panels": showing.panels(found.ref, only=panels_of(actor, found)) if is_own else [],
    }


def panels_of(actor: Actor, found: Person) -> frozenset[str]:
    """Which pages of its own about a person of her agency the actor may open."""
    if found.emergency:
        return frozenset({"photographs"})
    all_of_them = frozenset(name for name, _words in showing.PANELS)
    return all_of_them if may_flag(actor, found.agency_ref) else all_of_them - {"conflict"}


def person_or_404(actor: Actor, ref: UUID) -> Person:
    """Hidden and absent are the same page."""
    try:
        return queries.get_person(actor, ref)
    except Person.DoesNotExist as err:
        raise Http404 from err


def _columns() -> list[columns.Column]:
    """The columns by which people can be ordered."""
    return [
        columns.Column("since", _("Entered on"), "entered_at", natural=True, falling=True, indexed=True),
        columns.Column("code", _("Code"), "code", natural=True, indexed=True),
        columns.Column("sex", _("Sex"), "sex", words=Person.Sex.choices),
        columns.Column("level", _("Opened by"), "level", words=Person.Level.choices),
    ]
