"""For machines that watch: is it up, and does the database answer? Tells nothing else."""

from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

UNAVAILABLE = 503


@login_not_required
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """`ok`, or 503 and `not ok` where the database does not answer. Not written down: it shows nobody."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except Error:
        return HttpResponse("not ok", content_type="text/plain", status=UNAVAILABLE)
    return HttpResponse("ok", content_type="text/plain")
