"""Writes down what was asked for and refused, or could not be done: one line, after the act itself was rolled back."""

import logging
from collections.abc import Callable
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from sarana.basics.actors import Actor
from sarana.basics.errors import SaranaError
from sarana.ground.ledger import actions
from sarana.ground.walls import postgres

HIDDEN = (Http404, PermissionDenied)
OWN_MISTAKE = 500
log = logging.getLogger(__name__)


class BreakdownMiddleware:
    """A request that broke down is written down after all that it did was taken back: it stands outside the walls."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep what comes after."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and write down what broke; what another part had an answer for broke nothing."""
        response = self.get_response(request)
        err: Exception | None = getattr(request, "broke_down", None)
        actor: Actor | None = getattr(request, "actor", None)
        if err is not None and actor is not None and response.status_code >= OWN_MISTAKE:
            with postgres.standing(account_ref=str(actor.account_ref)):
                note(request, err)
        return response


class RefusalMiddleware:
    """Every error of a request by somebody who is signed in passes here before it gets its page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep what comes after."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as the view does."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Write it down, and let the page that says it be made elsewhere; what breaks a request comes later."""
        if isinstance(exception, (SaranaError, *HIDDEN)):
            note(request, exception)
        else:
            request.broke_down = exception  # type: ignore[attr-defined]


def note(request: HttpRequest, err: Exception) -> None:
    """Write down an act of a request that ended badly; a view that shows an error in its form calls this itself.

    If nothing can be written the refusal stands all the same, and the log has the code: nothing was done or shown.
    """
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        return
    match = request.resolver_match
    refs = [value for value in (match.kwargs if match else {}).values() if isinstance(value, UUID)]
    is_hidden = isinstance(err, (*HIDDEN, ObjectDoesNotExist))
    try:
        actions.record_ended_badly(
            actor,
            err,
            thing_kind=match.view_name if match else "",
            thing_ref=refs[0] if refs else None,
            code=actions.NOT_THERE if is_hidden else "",
        )
    except SaranaError as trouble:
        log.error("%s A refusal could not be written down.", trouble.code)  # noqa: TRY400


def noted(request: HttpRequest, err: SaranaError) -> str:
    """Write it down, and give what a form says of it: the sentence and what to do, in the language of the page."""
    note(request, err)
    return f"{_(err.what)} {_(err.cure) if err.cure else ''}".strip()
