"""People: the subdistricts of one's own area, the few people of one, one person, and her name when it is asked for."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sarana.basics.actors import Actor
from sarana.ground import columns
from sarana.ground.accounts.asking import as_asked
from sarana.ground.codelists.queries import purposes_open_to
from sarana.ground.ledger.actions import record_list, record_opening
from sarana.learning.population.models import Figure
from sarana.learning.population.opened import policy, queries, showing
from sarana.learning.population.opened.actions import refer_now
from sarana.learning.population.opened.budget import NAMED, OPENED, check_budget
from sarana.learning.population.opened.corrections.queries import about
from sarana.learning.population.opened.queries import NoPerson, Person
from sarana.learning.population.policy import PERSON

SHOWN = 25
AFTER = "after"


@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """The subdistricts of her own area in which people may be opened. Not written down: it shows areas, and nobody."""
    actor, language = as_asked(request).actor, get_language() or "en"
    if asked := ask_purpose(request, actor):
        return asked
    page = columns.listing(queries.places_for(actor), _columns(language), request.GET)
    rows = [showing.place_words(row, language) for row in page.rows]
    return render(request, "population/people/places.html", {"page": page, "rows": rows})


@require_safe
def people(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The few people of a subdistrict, by village; nobody's need stands beside anybody."""
    actor, language = as_asked(request).actor, get_language() or "en"
    if asked := ask_purpose(request, actor):
        return asked
    place = place_or_404(actor, ref)
    found = queries.people_of(actor, place)
    begin = _begin(found, request.GET.get(AFTER, ""))
    rows = found[begin : begin + SHOWN]
    record_list(actor, PERSON, [row.ref for row in rows], action="population.people-seen")
    words = {
        **showing.place_words(place, language),
        "rows": list(showing.listed(rows, language)),
        "n_rows": len(found),
        "onward": f"?{AFTER}={rows[-1].ref}" if begin + SHOWN < len(found) else "",
        "beginning": request.path if begin else "",
    }
    return render(request, "population/people/people.html", words)


@require_safe
def person(request: HttpRequest, area: UUID, ref: UUID) -> HttpResponse:
    """One person: why the index, what was missing, how sure the rows hold together; no name before it is asked for."""
    actor = as_asked(request).actor
    if asked := ask_purpose(request, actor):
        return asked
    place = place_or_404(actor, area)
    found = person_or_404(actor, place, ref)
    check_budget(actor, OPENED, found.ref)
    record_opening(actor, PERSON, found.ref, action=OPENED, owner_agency_ref=place.run.agency.ref)
    return render(request, "population/people/person.html", person_words(actor, place, found))


@require_POST
def name(request: HttpRequest, area: UUID, ref: UUID) -> HttpResponse:
    """The same page with her name and house, once: it is written down, and counts."""
    actor = as_asked(request).actor
    if asked := ask_purpose(request, actor):
        return asked
    place = place_or_404(actor, area)
    found = person_or_404(actor, place, ref)
    check_budget(actor, NAMED, found.ref)
    record_opening(actor, PERSON, found.ref, action=NAMED, owner_agency_ref=place.run.agency.ref)
    words = person_words(actor, place, found)
    line = found.line
    words["called"] = {"name": " ".join(filter(None, (line["given"], line["family"]))), "house": line["house"] or ""}
    return render(request, "population/people/person.html", words)


@require_POST
def refer(request: HttpRequest, area: UUID, ref: UUID) -> HttpResponse:
    """Ask for this person to be referred now: a task for the custodian, who sees the page and hands on."""
    actor = as_asked(request).actor
    if asked := ask_purpose(request, actor):
        return asked
    place = place_or_404(actor, area)
    found = person_or_404(actor, place, ref)
    if refer_now(actor, place, found.ref):
        messages.success(request, _("Asked. The custodian of the data refers this person today."))
    else:
        messages.info(request, _("This was asked already, and waits for the custodian of the data."))
    return redirect("population:person", area=area, ref=ref)


def person_words(actor: Actor, place: Figure, found: Person) -> dict[str, Any]:
    """Everything the page of a person needs."""
    language = get_language() or "en"
    said, risk = queries.explain(actor, place, found)
    return {
        **showing.place_words(place, language),
        "person": found,
        "who": showing.who(found.line),
        "village": showing.village(found.line, language),
        "initials": showing.initials(found.line["given"], found.line["family"]),
        "is_open": said.is_for_custodian,
        "said": about(actor, found.ref),
        **showing.page_words(said, risk, language),
    }


def ask_purpose(request: HttpRequest, actor: Actor) -> HttpResponse | None:
    """The page that asks for a purpose, where none is stated that opens people; None where one is.

    Raises:
        Refused: POPULATION-094 she has no door here, whatever she states.
    """
    queries.check_has_door(actor)
    if policy.has_purpose(actor):
        return None
    language = get_language() or "en"
    open_ones = [each for each in purposes_open_to(actor) if each.code in policy.PURPOSES]
    offered = [{"ref": each.ref, "name": each.called(language), "says": each.says(language)} for each in open_ones]
    back = request.path if request.method != "POST" else ""
    return render(request, "population/people/purpose.html", {"offered": offered, "back": back})


def place_or_404(actor: Actor, ref: UUID) -> Figure:
    """Hidden and absent are the same page."""
    try:
        return queries.get_place(actor, ref)
    except Figure.DoesNotExist as err:
        raise Http404 from err


def person_or_404(actor: Actor, place: Figure, ref: UUID) -> Person:
    """The same."""
    try:
        return queries.get_person(actor, place, ref)
    except NoPerson as err:
        raise Http404 from err


def _begin(found: list[Person], after: str) -> int:
    """Where the page begins that stands behind a person; at the beginning where she is not on the list any more."""
    return next((at + 1 for at, each in enumerate(found) if str(each.ref) == after), 0)


def _columns(language: str) -> list[columns.Column]:
    """The columns by which subdistricts can be ordered."""
    return [
        columns.Column("name", _("Subdistrict"), "name_local" if language == "th" else "name"),
        columns.Column("code", _("Code"), "code"),
    ]
