"""The writing doors of boundary files: bring one, keep what was found in it, put it in force, put it aside."""

import datetime as dt
import gzip
import hashlib
from dataclasses import dataclass
from typing import Any

import msgspec
from django.db import IntegrityError, transaction

from sarana.basics.actors import Actor
from sarana.basics.errors import BadFile, NotYet
from sarana.ground.accounts.models import Agency
from sarana.ground.jobs import actions as jobs
from sarana.ground.ledger.actions import record
from sarana.learning.population.boundaries import queries
from sarana.learning.population.boundaries.looking import Fault, Found
from sarana.learning.population.boundaries.models import BoundaryFile
from sarana.learning.population.policy import BOUNDARIES
from sarana.learning.population.sources import policy

LOOK = "population.look-through-boundaries"
QUICK = 1
"""How hard the file is packed while it waits."""

State = BoundaryFile.State


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of a file: who drew it, and from which day it is."""

    drawn_by: str
    as_of: dt.date


def bring(actor: Actor, said: Said, content: bytes, *, agency: Agency, area: str) -> tuple[BoundaryFile, bool]:
    """Take a boundary file, and ask for the work that looks it through; nothing is drawn by it before it is in force.

    The line that is written is that of the work; what the work finds has its own.

    Returns:
        The file, and whether it is new here: the same one twice is kept once.

    Raises:
        Refused: POPULATION-030 the province is not hers.
        NotYet: POPULATION-104 the list of areas of the country is not in force.
    """
    policy.check_may_update(actor, area, agency.ref)
    sha256 = hashlib.sha256(content).hexdigest()
    found = queries.find_same(area, sha256)
    if found is not None:
        return found, False
    queries.check_known(actor, area)
    made = BoundaryFile(agency=agency, area=area, drawn_by=said.drawn_by, as_of=said.as_of, sha256=sha256)
    made.n_bytes, made.content = len(content), gzip.compress(content, QUICK, mtime=0)
    made.brought_at, made.brought_by_ref = actor.now, actor.account_ref
    try:
        with transaction.atomic():
            made.save(force_insert=True)
            made.job_ref = jobs.ask(actor, LOOK, {"file": str(made.ref), "area": area}).ref
            made.save(update_fields=["job_ref"])
    except IntegrityError:
        found = queries.find_same(area, sha256)
        if found is None:
            raise
        return found, False
    return made, True


def keep_found(actor: Actor, file: BoundaryFile, found: Found) -> None:
    """Keep what was found in a file that waited for it; the file as it came goes.

    Raises:
        Refused: POPULATION-030 the province is not hers any more.
        NotYet: POPULATION-059 it waits no more.
    """
    sketch = msgspec.to_builtins(found.sketch) if found.sketch else {}
    told = {"told": msgspec.to_builtins(found.told), "outlines": found.outlines, "drawing": sketch}
    _looked(actor, file, State.LOOKED_THROUGH, **told)
    _record(actor, file, "population.boundaries-brought")


def keep_fault(actor: Actor, file: BoundaryFile, err: BadFile) -> None:
    """Keep why a file is of no use; the file as it came goes.

    Raises:
        Refused: POPULATION-030 the province is not hers any more.
        NotYet: POPULATION-059 it waits no more.
    """
    _looked(actor, file, State.UNFIT, fault=msgspec.to_builtins(Fault.of(err)), ended_at=actor.now)
    _record(actor, file, "population.boundaries-unfit")


def fault_of(file: BoundaryFile) -> Fault:
    """Why a file is of no use."""
    return msgspec.convert(file.fault, Fault)


def _looked(actor: Actor, file: BoundaryFile, state: str, **found: Any) -> None:
    policy.check_may_update(actor, file.area)
    waiting = BoundaryFile.objects.filter(pk=file.pk, state=State.WAITING)
    if not waiting.update(state=state, content=b"", **found):
        raise moved()


def moved() -> NotYet:
    """What is said where a file was put aside before anybody had looked it through."""
    return NotYet(
        "POPULATION-059",
        "This boundary file is not waiting to be looked through: it was put aside.",
        cure="Look at the list of boundary files; bring the file again if it is still wanted.",
    )


@transaction.atomic
def put_in_force(actor: Actor, file: BoundaryFile, *, knows_gaps: bool, knows_older: bool = False) -> None:
    """Let the next updates of the province be drawn by this file; the one before is replaced.

    Raises:
        Refused: POPULATION-030 the province is not hers.
        BadFile: POPULATION-105 its areas do not lie where the country is.
        NotYet: POPULATION-062 it was not looked through; POPULATION-106 somebody put it in force or aside meanwhile;
            POPULATION-107 areas would have no outline, and nobody said that this is known; POPULATION-133 the same, of
            a file in force that is of a later day.
    """
    policy.check_may_update(actor, file.area)
    if not file.told:
        raise _not_looked_through()
    told = file.found()
    if told.wrong:
        raise BadFile(
            "POPULATION-105",
            "Areas of this file do not lie where the country is.",
            where=f"{sum(told.wrong.values()):,}",
            cure="Have the file mended, and bring it again.",
        )
    if queries.against_list(actor, file.area, told.codes).lacking and not knows_gaps:
        raise NotYet(
            "POPULATION-107",
            "Areas would have no outline on the map.",
            cure="See which ones, have the file completed, or tick that you know it.",
        )
    # The row in force is held first: of two who do this at once, the second finds what the first did.
    before = BoundaryFile.objects.select_for_update().filter(area=file.area, state=State.IN_FORCE)
    if any(each.as_of > file.as_of for each in before.defer("outlines")) and not knows_older:
        raise NotYet(
            "POPULATION-133",
            "The boundary file in force is of a later day than this one.",
            cure="See which of them is right, or tick that you know it.",
        )
    before.update(state=State.REPLACED, ended_at=actor.now)
    rows = BoundaryFile.objects.filter(pk=file.pk, state=State.LOOKED_THROUGH)
    try:
        with transaction.atomic():
            n = rows.update(state=State.IN_FORCE, in_force_at=actor.now, in_force_by_ref=actor.account_ref)
    except IntegrityError:
        n = 0
    if not n:
        raise _moved()
    _record(actor, file, "population.boundaries-in-force")


@transaction.atomic
def put_aside(actor: Actor, file: BoundaryFile) -> None:
    """Put a file aside, also one in force: then each subdistrict is a patch around its villages again.

    One that still waits to be looked through is not kept.

    Raises:
        Refused: POPULATION-030 the province is not hers.
        NotYet: POPULATION-106 somebody put it aside meanwhile.
    """
    policy.check_may_update(actor, file.area)
    rows = BoundaryFile.objects.filter(pk=file.pk, state__in=(State.WAITING, State.LOOKED_THROUGH, State.IN_FORCE))
    if not rows.update(state=State.ASIDE, ended_at=actor.now, content=b""):
        raise _moved()
    _record(actor, file, "population.boundaries-put-aside")


def _not_looked_through() -> NotYet:
    return NotYet(
        "POPULATION-062",
        "This file was not looked through yet, or is of no use.",
        cure="Wait until it was looked through, and read what was found.",
    )


def _moved() -> NotYet:
    return NotYet(
        "POPULATION-106",
        "Somebody put this file in force or aside meanwhile.",
        cure="Look at the list of boundary files again.",
    )


def _record(actor: Actor, file: BoundaryFile, act: str) -> None:
    record(actor, act, thing_kind=BOUNDARIES, thing_ref=file.ref, owner_agency_ref=file.agency.ref)
