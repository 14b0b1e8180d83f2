"""Loading areas as long work: each country's rows in parts, then the edition in force."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sarana.basics.actors import Actor
from sarana.basics.progress import Progress, Silent
from sarana.basics.work import Args, Kind, Receipt, Step, Work
from sarana.ground.codelists import actions, policy, reading, sources
from sarana.ground.codelists.models import Area, Edition

PART = 2000
"""So many rows are stored in one transaction: others wait for it no longer than a moment."""

State = Edition.State


def countries_in(args: Args) -> list[str]:
    """The countries that are asked for; all where none is named.

    Raises:
        NotYet: CODELISTS-001 nothing is known of one.
    """
    named = [code for code in args.get("countries", "").upper().split(",") if code]
    return [sources.country_of(code).code for code in named] or list(sources.countries())


def _check(actor: Actor, args: Args) -> None:
    policy.check_may_change(actor)
    countries_in(args)


def steps(args: Args) -> Sequence[Step]:
    """Two steps for each country."""
    return [
        step
        for code in countries_in(args)
        for step in (
            Step(_("Store the areas of %(country)s") % {"country": _called(code)}, partial(_store, code)),
            Step(_("Put the areas of %(country)s in force") % {"country": _called(code)}, partial(_in_force, code)),
        )
    ]


def _called(code: str) -> str:
    """A country in the language of whoever reads."""
    return sources.country_of(code).called(get_language() or "en")


def _store(code: str, work: Work) -> Receipt:
    """Store what is not stored yet; a part that was stored before a crash is found there and not stored again."""
    country = sources.country_of(code)
    rows, changes = reading.read_areas(*sources.rows_of_areas(country), code)
    edition = actions.begin_areas(work.actor, country)
    if edition.state != State.LOADING:
        return {"country": code, "rows": 0}
    first = there = Area.objects.filter(edition=edition).count()
    while first < len(rows):
        with work.saving(min(first + PART, len(rows)), len(rows)):
            first = actions.store_areas(work.actor, edition, rows, changes, first=first, most=PART)
    with work.saving(len(rows), len(rows)):
        actions.finish_areas(work.actor, edition, len(rows))
    return {"country": code, "rows": len(rows) - there, "changes": len(changes)}


def _in_force(code: str, work: Work) -> Receipt:
    edition = actions.begin_areas(work.actor, sources.country_of(code))
    if edition.state == State.IN_FORCE:
        return {"country": code, "new": 0, "gone": 0, "renamed": 0}
    with work.saving(1, 1):
        edition = actions.put_in_force(work.actor, edition)
    return {"country": code, "new": edition.n_new, "gone": edition.n_gone, "renamed": edition.n_renamed}


LOAD_AREAS = Kind(
    code="codelists.load-areas",
    words=_("Load the areas of countries"),
    check=_check,
    thing=lambda _args: "codelists.areas",
    steps=steps,
    about=lambda args: ", ".join(_called(code) for code in countries_in(args)),
    counts={
        "rows": _("areas stored"),
        "changes": _("areas that became others"),
        "new": _("new"),
        "gone": _("left out"),
        "renamed": _("renamed"),
    },
)
KINDS = (LOAD_AREAS,)


@dataclass(slots=True)
class AtOnce:
    """The same work done by a command that waits for it: killed and given again, it goes on where it was."""

    actor: Actor
    args: Args
    progress: Progress = field(default_factory=Silent)

    @contextmanager
    def saving(self, done: int, total: int) -> Iterator[None]:
        """One transaction."""
        with transaction.atomic():
            yield
        self.progress.report(done, total, "")

    def report(self, done: int, total: int, what: str) -> None:
        """Tell whoever watches."""
        self.progress.report(done, total, what)


def load_at_once(actor: Actor, countries: Sequence[str], progress: Progress | None = None) -> list[Receipt]:
    """Load the areas of some countries, or of all, and wait for it; gives what each step did."""
    args = {"countries": ",".join(countries)}
    _check(actor, args)
    work = AtOnce(actor, args, progress or Silent())
    return [step.do(work) for step in steps(args)]
