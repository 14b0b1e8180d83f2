"""When the machine fails beneath a page: one clear sentence that needs no database to be said.

A full disk, a disk that cannot be read, a database that was stopped and one that is busy are no mistakes of ours and
no refusals: what was sent was not saved, and the same page works again as soon as the machine does.
"""

import errno
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from sarana.ground.pages.shell import scheme_of

UNAVAILABLE = 503
ASK_AGAIN_SECONDS = "10"

SQLITE_FULL, SQLITE_BUSY, SQLITE_LOCKED, SQLITE_NO_MEMORY = 13, 5, 6, 7
SQLITE_STORAGE = frozenset({8, 10, 11, 14, 26})
"""Read-only, input or output, malformed, cannot be opened, no database."""
SQLITE_PRIMARY = 0xFF

POSTGRESQL_FULL = "53100"
POSTGRESQL_BUSY = frozenset({"55P03", "40P01", "40001", "53300", "57014"})
POSTGRESQL_STORAGE = frozenset({"58030", "XX001", "XX002", "25006"})

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Fault:
    """What failed, in words for the person at the page."""

    code: str
    heading: Any
    what: Any
    cure: Any


FULL = Fault(
    "FAULT-001",
    _("The disk is full"),
    _("There is no room left on the machine that runs Sarana. What you sent was not saved; nothing was half done."),
    _("Tell the person who keeps this system running. Once there is room, send it again: nothing else is needed."),
)
AWAY = Fault(
    "FAULT-002",
    _("The database does not answer"),
    _("It was stopped or is starting again. If you sent something, look whether it is there before you send it again."),
    _("Wait a minute and load the page again; if it stays, tell the person who keeps this system running."),
)
BUSY = Fault(
    "FAULT-003",
    _("Too many people are saving at the same moment"),
    _("Yours had to wait for too long and was not saved; nothing was half done."),
    _("Send it again in a moment."),
)
STORAGE = Fault(
    "FAULT-004",
    _("The disk cannot be read or written"),
    _("The machine that runs Sarana has trouble with its disk. What you sent was not saved; nothing was half done."),
    _("Tell the person who keeps this system running at once: the disk may be failing."),
)
NEARLY_FULL = Fault(
    "FAULT-005",
    _("The disk is nearly full"),
    _("New things are not saved any more, so that signing in, reading and the ledger go on. Yours was not saved."),
    _("Tell the person who keeps this system running. Once there is room, send it again: nothing else is needed."),
)

SHORT = Fault(
    "FAULT-006",
    _("The machine has too little memory"),
    _("There was not enough for this page. What you sent was not saved; nothing was half done."),
    _("Ask for less at once, or try again later; if it stays, tell the person who keeps this system running."),
)


def find_fault(error: BaseException | None) -> Fault | None:
    """What failed beneath this error, or None where it is something else."""
    return next((fault for each in _behind(error) if (fault := _fault_of(each)) is not None), None)


def page_of(request: HttpRequest, fault: Fault) -> HttpResponse:
    """The page that says it: made without the session, the account or anything else that the database holds."""
    log.error("%s on %s", fault.code, request.method)
    words = {"fault": fault, "scheme": scheme_of(request)}
    headers = {"Retry-After": ASK_AGAIN_SECONDS, "Cache-Control": "no-store"}
    return HttpResponse(render_to_string("pages/fault.html", words), status=UNAVAILABLE, headers=headers)


def _behind(error: BaseException | None) -> Iterator[BaseException]:
    """An error and those that it was raised from; each once, for a chain may lead in a circle."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _fault_of(error: BaseException) -> Fault | None:
    if isinstance(error, OSError):
        return {errno.ENOSPC: FULL, errno.EDQUOT: FULL, errno.EIO: STORAGE}.get(error.errno or 0)
    if not isinstance(error, DatabaseError | InterfaceError):
        return SHORT if isinstance(error, MemoryError) else None
    cause = error.__cause__
    number = getattr(cause, "sqlite_errorcode", None)
    return _of_sqlite(number & SQLITE_PRIMARY) if number is not None else _of_postgresql(error, cause)


def _of_sqlite(number: int) -> Fault | None:
    if number in SQLITE_STORAGE:
        return STORAGE
    return {SQLITE_FULL: FULL, SQLITE_BUSY: BUSY, SQLITE_LOCKED: BUSY, SQLITE_NO_MEMORY: SHORT}.get(number)


def _of_postgresql(error: BaseException, cause: BaseException | None) -> Fault | None:
    """By the state that the server gave; a connection that broke, or was never had, has none."""
    state = str(getattr(cause, "sqlstate", None) or "")
    if state == POSTGRESQL_FULL:
        return FULL
    if state in POSTGRESQL_BUSY:
        return BUSY
    if state in POSTGRESQL_STORAGE:
        return STORAGE
    stopped = state[:2] in {"57", "08"} or not state
    return AWAY if stopped and isinstance(error, OperationalError | InterfaceError) else None
