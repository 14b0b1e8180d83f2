"""In a demonstration, the report of the chain that `./dev demo` made, within reach of those who signed in."""

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest
from django.utils.csp import CSP
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

FILE = "report.html"


@require_safe
@csp_override({"default-src": [CSP.NONE], "style-src": [CSP.UNSAFE_INLINE], "img-src": ["data:"]})
def report(request: HttpRequest) -> FileResponse:
    """The self-contained page: inline style and pictures, no script; so it has rules of its own."""
    path = settings.SARANA_HOME / FILE
    if not path.is_file():
        raise Http404
    return FileResponse(path.open("rb"), content_type="text/html; charset=utf-8")
