"""Pages that say what went wrong, why, and what to do: one look for every kind of error.

What is hidden and what does not exist are told apart by nobody: both are the same page with the same status.
"""

import sys
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from sarana.basics.errors import Busy, NotYet, Refused, SaranaError
from sarana.ground.ledger import refusals
from sarana.ground.pages import ended, faults

NOT_ALLOWED, NOT_FOUND, CONFLICT, OWN_MISTAKE = 403, 404, 409, 500


class SorryMiddleware:
    """Turns an error of ours that no view caught into its page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep what comes after."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as the view does."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Our own errors have a page; any other is a mistake of ours and goes its way to `mistake`."""
        return page_of(request, exception)


def page_of(request: HttpRequest, error: Exception) -> HttpResponse | None:
    """The page of an error of ours; None where it is not one."""
    match error:
        case Refused():
            return _sorry(request, NOT_ALLOWED, _("This is not allowed"), error)
        case Busy():
            answer = _sorry(request, faults.UNAVAILABLE, _("Not now"), error)
            answer["Retry-After"] = faults.ASK_AGAIN_SECONDS
            return answer
        case NotYet():
            return _sorry(request, CONFLICT, _("Not now"), error)
        case SaranaError():
            return _sorry(request, CONFLICT, _("This did not work"), error)
        case _:
            return None


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """There is no such page, or it is not yours to see."""
    return _page(
        request,
        NOT_FOUND,
        _("There is nothing here for you"),
        what=_("Either there is no such page, or it belongs to somebody else."),
        cure=_("See that the address is right, or ask whoever sent it to you."),
    )


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django itself refused: a form whose word has lapsed, a request from elsewhere."""
    return _page(
        request,
        NOT_ALLOWED,
        _("This is not allowed"),
        what=_("The request did not come from a page of this system, or the page was open for too long."),
        cure=_("Go back, load the page again, and send it once more."),
    )


def mistake(request: HttpRequest) -> HttpResponse:
    """A mistake of ours, or the machine failed beneath us: nothing was changed, and nothing about it is shown."""
    fault = faults.find_fault(sys.exception())
    if fault is not None:
        return faults.page_of(request, fault)
    return _page(
        request,
        OWN_MISTAKE,
        _("This is a mistake in Sarana"),
        what=_("What you did was not saved; nothing was half done."),
        cure=_("Try once more; if it comes again, tell the person who keeps this system running, with the time."),
    )


def no_token(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its word against forgery: ours, and then too old, or somebody else's, and then refused."""
    refusals.note(request, Refused("PAGES-004", "The form came without its word against forgery."))
    if ended.is_from_our_page(request):
        return ended.again(request, NOT_ALLOWED, is_ended=not request.user.is_authenticated)
    return not_allowed(request)


def _sorry(request: HttpRequest, status: int, heading: str, error: SaranaError) -> HttpResponse:
    return _page(
        request,
        status,
        heading,
        what=_(error.what),
        cure=_(error.cure) if error.cure else "",
        code=error.code,
        where=error.where,
    )


def _page(
    request: HttpRequest, status: int, heading: str, *, what: str, cure: str = "", code: str = "", where: str = ""
) -> HttpResponse:
    words = {"heading": heading, "what": what, "cure": cure, "code": code, "where": where}
    return render(request, "pages/sorry.html", words, status=status)
