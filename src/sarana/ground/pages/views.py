"""Small choices of every page: its language and its colours. Both lead back to the page they came from."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.http import require_POST

from sarana.basics.actors import Actor
from sarana.ground.accounts import actions
from sarana.ground.pages.shell import SCHEME_COOKIE, SCHEMES

YEAR_SECONDS = 365 * 24 * 3600


@login_not_required
@require_POST
def choose_language(request: HttpRequest) -> HttpResponseRedirect:
    """Take this language from now on; for somebody who is signed in, wherever she signs in."""
    answer = HttpResponseRedirect(_back(request))
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES) and check_for_language(language):
        _keep(answer, settings.LANGUAGE_COOKIE_NAME, language)
        actor: Actor | None = getattr(request, "actor", None)
        if actor is not None:
            actions.choose_language(actor, language=language)
    return answer


@login_not_required
@require_POST
def choose_scheme(request: HttpRequest) -> HttpResponseRedirect:
    """Show pages light, dark, or as the device does; kept in this browser only. Not written down: it opens nothing."""
    answer = HttpResponseRedirect(_back(request))
    scheme = request.POST.get("scheme", "")
    if scheme in dict(SCHEMES):
        _keep(answer, SCHEME_COOKIE, scheme)
    return answer


def _back(request: HttpRequest) -> str:
    """The page from which the choice was made, if it is one of ours."""
    back = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return back if ours else "/"


def _keep(answer: HttpResponseRedirect, name: str, value: str) -> None:
    answer.set_cookie(
        name, value, max_age=YEAR_SECONDS, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
    )
