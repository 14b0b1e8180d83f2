"""One request, one transaction, and in it the database knows for whom it works."""

from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from sarana.ground.walls import postgres
from sarana.ground.walls.guards import SIGN_IN

BROKEN = 500


class WallMiddleware:
    """Behind it, on PostgreSQL, a request is one transaction; it begins as a stranger's.

    A request that breaks down leaves nothing behind. One that is refused keeps what was written down about it. On
    SQLite a request takes no lock until it writes, so there each act remains a transaction of its own.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep what comes after."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer inside the wall."""
        with postgres.standing(task=SIGN_IN):
            response = self.get_response(request)
            if response.status_code >= BROKEN and postgres.is_guarded():
                transaction.set_rollback(True)
            return response
