"""A part of the disk is kept back: when it fills up people can still sign in, read, and be written down."""

import shutil
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from sarana.ground.pages.faults import NEARLY_FULL, page_of

RESERVE_BYTES = 32 * 1024 * 1024
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
STILL_ANSWERED = ("/sign-in/", "/switch/", "/shell/", "/me/sittings/")
"""Ways in and out, and choices that are kept in the browser: they need a few rows, or none."""


class ReserveMiddleware:
    """Refuses to save anything new while less than the reserve is free where the data lies."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep what comes after."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or say that the disk is nearly full."""
        wants_to_save = request.method not in SAFE_METHODS and not request.path.startswith(STILL_ANSWERED)
        if wants_to_save and free_bytes(Path(settings.SARANA_HOME)) < RESERVE_BYTES:
            return page_of(request, NEARLY_FULL)
        return self.get_response(request)


def free_bytes(folder: Path) -> int:
    """What is free where this folder lies."""
    return shutil.disk_usage(folder).free
