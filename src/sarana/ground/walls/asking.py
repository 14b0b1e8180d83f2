"""One request, one transaction, and in it the database knows for whom it works."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from sarana.ground.walls import postgres
from sarana.ground.walls.guards import SIGN_IN


class WallMiddleware:
    """Behind it, on PostgreSQL, a request is one transaction; it begins as a stranger's.

    A view that raises is undone (ATOMIC_REQUESTS: a savepoint in this transaction), and what is then written down
    about it stands. On SQLite a request takes no lock until it writes, so there each act is a transaction of its own.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep what comes after."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer inside the wall."""
        with postgres.standing(task=SIGN_IN):
            return self.get_response(request)
