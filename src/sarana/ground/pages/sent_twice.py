"""Behind every page that changes something: a form that is sent twice is done once (see `ground/accounts/once.py`)."""

import logging
import time
from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _

from sarana.basics.errors import NotYet
from sarana.ground.accounts import actions, once
from sarana.ground.ledger import refusals
from sarana.ground.pages import sorry

WAITS, STEP = 10.0, 0.05
"""So many seconds the second sender of a form waits for the first, and how often it looks."""

log = logging.getLogger(__name__)

AS_OFTEN_AS_SENT = frozenset({"account_logout", "accounts:switch", "pages:language", "pages:scheme"})
"""What may be sent as often as one likes: it ends in the same state each time, and writes nothing about anybody."""


class OnceMiddleware:
    """Lets each form of somebody who is signed in be done once."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep what comes after."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; then keep where the answer of a form led, or let the form be sent again if it was not done."""
        response = self.get_response(request)
        mark = cast("str", getattr(request, "once_mark", ""))
        if mark:
            _finish(mark, _led_to(request, response))
        return response

    def process_view(self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any) -> HttpResponse | None:
        """Take the word of a form, or answer as the one who sent it first was answered."""
        match = request.resolver_match
        if request.method != "POST" or not request.user.is_authenticated:
            return None
        mark = once.mark_of(request.user, request.POST.get(once.FIELD, ""))
        if not mark or match is None or match.view_name in AS_OFTEN_AS_SENT:
            return None
        if actions.take_form(mark, timezone.now()):
            request.once_mark = mark  # type: ignore[attr-defined]
            return None
        return _answered_again(request, mark)


def _finish(mark: str, address: str | None) -> None:
    """Keep the answer or let the form go; what was done stands, and is told, even if this cannot be written."""
    try:
        if address is None:
            actions.let_form_go(mark)
        else:
            actions.keep_answer(mark, address)
    except DatabaseError:
        log.exception("It could not be written how a form ended; sent again, it will be said that nobody knows.")


def _led_to(request: HttpRequest, response: HttpResponse) -> str | None:
    """Where the answer of a form that was done leads; None where it was not done."""
    said: str | None = getattr(request, "once_done_at", None)
    return said or (response["Location"] if isinstance(response, HttpResponseRedirect) else None)


def _answered_again(request: HttpRequest, mark: str) -> HttpResponse | None:
    """What the second sender gets; None where the first was not done after all, so that the second is the first now."""
    until = time.monotonic() + WAITS
    while time.monotonic() < until:
        address = actions.answer_of(mark)
        if address is None and actions.take_form(mark, timezone.now()):
            request.once_mark = mark  # type: ignore[attr-defined]
            return None
        if address:
            messages.info(request, _("This was sent twice. It was done once."))
            return HttpResponseRedirect(address)
        time.sleep(STEP)
    nobody_knows = NotYet(
        "ACCOUNTS-045",
        "This was sent before, and it is not known yet whether it was done.",
        cure="Look whether it is done. If it is not, load the page anew and send it once more.",
    )
    refusals.note(request, nobody_knows)
    return sorry.page_of(request, nobody_knows)
