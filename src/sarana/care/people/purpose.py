"""The page that asks for a purpose, where none is stated that opens people."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from sarana.basics.actors import Actor
from sarana.care.people import policy
from sarana.ground.codelists.queries import purposes_open_to
from sarana.ground.vault.identities.policy import PURPOSES


def ask_purpose(request: HttpRequest, actor: Actor) -> HttpResponse | None:
    """The page that asks, where she has a door and stated no purpose; None where she did.

    Raises:
        Refused: PEOPLE-003 she has no door here, whatever she states.
    """
    policy.check_has_role(actor)
    if policy.has_purpose(actor):
        return None
    return offer(request, actor, PURPOSES, back=request.path if request.method != "POST" else "")


def offer(request: HttpRequest, actor: Actor, codes: frozenset[str], *, back: str) -> HttpResponse:
    """The page with those of some purposes that are open to her; `back` is where it leads once one is stated."""
    language = get_language() or "en"
    open_ones = [each for each in purposes_open_to(actor) if each.code in codes]
    offered = [{"ref": each.ref, "name": each.called(language), "says": each.says(language)} for each in open_ones]
    return render(request, "people/purpose.html", {"offered": offered, "back": back})
