"""A form sent after its sitting ended, or after its page was open too long, comes back with all that was typed.

Only to the browser that sent it, only from one of our own pages, and without what is secret. Nothing of it is kept on
the server, and nothing in the browser beyond the page itself.
"""

import re
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

SECRET = re.compile(r"password|passphrase|secret|token|otp|credential|csrf|^(code|pin|word)$", re.IGNORECASE)
"""Names of fields whose content is never shown again; an area's or a post code is no secret."""
UNAUTHORISED, FORBIDDEN = 401, 403


class SignInAsked(LoginRequiredMiddleware):
    """Asks for a sign-in; where a form was sent, on a page that holds what was typed."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> Any:
        """Lead to the sign-in, or show the form's words again."""
        if is_from_our_page(request):
            return again(request, UNAUTHORISED, is_ended=True)
        return super().handle_no_permission(request, view_func)


def is_from_our_page(request: HttpRequest) -> bool:
    """True for a form that one of our own pages sent: browsers say so in a header that no page can forge."""
    return request.method == "POST" and request.headers.get("Sec-Fetch-Site") == "same-origin"


@sensitive_post_parameters()
def again(request: HttpRequest, status: int, *, is_ended: bool) -> HttpResponse:
    """The page that holds what was typed, to be sent once more."""
    kept = [(name, value) for name, values in request.POST.lists() for value in values if not SECRET.search(name)]
    heading = _("Your sitting has ended") if is_ended else _("This page was open for too long")
    words = {
        "kept": kept,
        "n_kept": sum(1 for _name, value in kept if value.strip()),
        "left_out": any(SECRET.search(name) and "csrf" not in name for name in request.POST),
        "has_files": bool(request.FILES),
        "heading": heading,
        "is_ended": is_ended,
        "address": request.get_full_path(),
    }
    return render(request, "pages/again.html", words, status=status)
