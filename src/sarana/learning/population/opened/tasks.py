"""*Refer now*: a flag of a register, or the word of somebody who met a person, becomes a task for a named role."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from sarana.basics.actors import Actor
from sarana.basics.tasks import TaskKind
from sarana.ground.tasks.actions import Wanted
from sarana.ground.tasks.queries import open_of
from sarana.learning.population.models import Figure
from sarana.learning.population.opened.laying import Flag
from sarana.learning.population.opened.queries import places_of_run, ref_of

ROLE = "data-custodian"
"""Who sees what is protected, and hands on: the custodian of the agency whose run it is."""

PAGE = "population:person"

REFER_NOW = TaskKind(
    code="population.refer-now",
    words=_("Somebody is to be referred now"),
    why=_(
        "A register, or somebody who met this person, says that help is needed today. Open the page with a purpose, "
        "and hand on to child protection or to another service the same day."
    ),
    outcomes=(
        ("handed-on", _("handed on to a service")),
        ("known", _("known already, and being helped")),
        ("not-found", _("not found where the register says; handed on to those who look")),
        ("mistaken", _("a mistake in the register")),
    ),
)
WITHOUT_PAGE = TaskKind(
    code="population.refer-now-without-page",
    words=_("People without a page here are to be referred now"),
    why=_(
        "A register says that help is needed today for people who have no page here: their subdistrict is not known, "
        "or no index is reckoned for them. Ask the operator today, who finds their rows at the machine: "
        "sarana population lay-out RUN --flags. Hand on to child protection or to another service the same day."
    ),
    outcomes=REFER_NOW.outcomes,
)
KINDS = (REFER_NOW, WITHOUT_PAGE)


def of_flags(
    actor: Actor, run_ref: UUID, places: Mapping[str, Figure], flagged: Iterable[Flag]
) -> tuple[list[Wanted], tuple[Flag, ...]]:
    """A task for each person whom a register flags, each once for a run; and those for whom no page can be opened.

    For all of the latter together there is one task.
    """
    wanted, without = [], []
    for flag in flagged:
        place = places.get(flag.place or "")
        if place is None:
            without.append(flag)
        else:
            person = ref_of(flag.person_id)
            wanted.append(_wanted(actor, place, person, f"{REFER_NOW.code}:{run_ref}:{person}"))
    if without:
        code = WITHOUT_PAGE.code
        wanted.append(Wanted(code, ROLE, run_ref, "", (), due_on=actor.today, key=f"{code}:{run_ref}"))
    return wanted, tuple(without)


def keys_of_run(run_ref: UUID) -> set[str]:
    """What waits about people of a run: of whom its registers flag, and of whom somebody met and opened there."""
    places = places_of_run(run_ref)
    return {
        key
        for key, args in open_of([kind.code for kind in KINDS])
        if f":{run_ref}" in key or (args and UUID(args[0]) in places)
    }


def of_somebody(actor: Actor, place: Figure, person: UUID) -> Wanted:
    """The task that somebody asks for who met a person; it waits once."""
    return _wanted(actor, place, person, f"{REFER_NOW.code}:asked:{person}")


def _wanted(actor: Actor, place: Figure, person: UUID, key: str) -> Wanted:
    return Wanted(
        kind=REFER_NOW.code,
        role=ROLE,
        thing_ref=person,
        address=PAGE,
        args=(place.ref, person),
        due_on=actor.today,
        key=key,
    )
