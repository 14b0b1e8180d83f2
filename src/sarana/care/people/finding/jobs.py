"""Keep what finds people: every minute what still waits is brought in, every day each file is looked through."""

import contextlib
import datetime as dt
import logging
from collections.abc import Iterator
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from sarana.basics.actors import Actor
from sarana.basics.errors import Refused, SaranaError
from sarana.basics.progress import Progress
from sarana.basics.work import Args, Due, Kind, Receipt, Step, Work
from sarana.care.people.finding import files, queries
from sarana.care.people.finding.actions.building import keep
from sarana.care.people.finding.actions.feeding import feed

EVERY_DAY, AGAIN = dt.timedelta(days=1), dt.timedelta(minutes=5)
"""So often each file is looked through; and so soon again while one is missing."""

log = logging.getLogger(__name__)


def _check(actor: Actor, _args: Args) -> None:
    if not actor.is_local:
        raise Refused(
            "PEOPLE-035",
            "What finds people is kept by the machine itself.",
            cure="Nothing has to be done; the operator makes it anew with sarana people rebuild-search.",
        )


def _keep(work: Work) -> Receipt:
    """Look through the file of each agency; one that cannot be kept does not keep the others."""
    agencies, n_made, n_mended, failed = queries.agencies_with_people(), 0, 0, list[SaranaError]()
    for agency in agencies:
        with contextlib.suppress(SaranaError):
            feed(work.actor, agency)
        try:
            kept = keep(work.actor, agency, _Beat(work))
        except SaranaError as err:
            log.warning("%s A search file could not be kept.", err.code)
            failed.append(err)
        else:
            n_made += kept.is_made
            n_mended += 0 if kept.is_made else kept.n_put + kept.n_dropped
    if failed and len(failed) == len(agencies):
        raise failed[0]
    return {"files": len(agencies) - len(failed), "made": n_made, "mended": n_mended, "failed": len(failed)}


class _Beat(Progress):
    """Tells the work how far it is, so that no other worker takes it over."""

    def __init__(self, work: Work) -> None:
        """Keep the work."""
        self.work = work

    def report(self, done: int, total: int, what: str) -> None:
        """Take note."""
        self.work.report(done, total, what)


KEEP = Kind(
    code="people.keep-search",
    words=_("Look through what finds people"),
    check=_check,
    thing=lambda _args: "people.search",
    steps=lambda _args: (Step(_("Compare it with the people who are kept, and mend it or make it anew"), _keep),),
    counts={
        "files": _("Files looked through"),
        "made": _("Files made anew"),
        "mended": _("People put in or taken out"),
        "failed": _("Files that could not be kept"),
    },
)
KINDS = (KEEP,)


def due(actor: Actor) -> Iterator[Due]:
    """Bring in what still waits; look each file through once a day, and soon where one is missing."""
    for agency in queries.agencies_waiting():
        with contextlib.suppress(SaranaError):  # told again in a minute, and by the work of the day
            feed(actor, agency)
    if agencies := queries.agencies_with_people():
        yield Due(KEEP.code, AGAIN if any(_is_missing(actor, agency) for agency in agencies) else EVERY_DAY)


def _is_missing(actor: Actor, agency: UUID) -> bool:
    """Whether the file of the newest keys is not there, or does not open; nobody knows where the keys do not."""
    try:
        path, _key = files.newest_path(actor, agency)
        return path not in {file.path for file in files.open_files(actor, agency)}
    except SaranaError:
        return False
