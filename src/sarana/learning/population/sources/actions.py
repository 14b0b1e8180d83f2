"""The writing doors of sources: register one, change it, keep a file that came, let one go."""

import datetime as dt
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from uuid import UUID

from django.db import IntegrityError, transaction

from sarana.basics.actors import Actor
from sarana.basics.errors import BadFile, NotYet
from sarana.basics.references import new_ref
from sarana.ground.accounts.models import Agency
from sarana.ground.ledger.actions import record
from sarana.learning.population.policy import SOURCE
from sarana.learning.population.sources import policy, queries
from sarana.learning.population.sources.incoming import Incoming, folder, path_of
from sarana.learning.population.sources.models import HandedFile, Source
from sarana.methods.population.layouts import AREAS, layouts

MOST_OF_A_LAYOUT = 9
LEFT_BEHIND_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of a source, beside whose it is and how it is laid out."""

    name: str
    sector: str
    custodian: str
    legal_basis: str
    as_of: dt.date
    agreement: str = ""
    agreement_until: dt.date | None = None
    impact_assessment: str = ""
    is_invented: bool = False


@transaction.atomic
def register(actor: Actor, said: Said, *, agency: Agency, area: str, layout: str) -> Source:
    """Register a source of a province.

    Raises:
        Refused: POPULATION-030 it is not hers.
        NotYet: POPULATION-036 the province has one of this layout already, or more than it can have.
    """
    policy.check_may_register(actor, agency.ref, area)
    made = Source(agency=agency, area=area, layout=layouts()[layout].code, code=_free_code(area, layout))
    _say(made, said)
    made.registered_at, made.registered_by_ref = actor.now, actor.account_ref
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as err:
        raise _there_already() from err
    _record(actor, made, "population.source-registered")
    return made


@transaction.atomic
def change(actor: Actor, source: Source, said: Said, *, version: int) -> Source:
    """Change what is said of a source; its layout stays.

    Raises:
        Refused: POPULATION-030 it is not hers.
        NotYet: POPULATION-037 somebody changed it meanwhile.
    """
    policy.check_may_change(actor, source)
    if not Source.objects.filter(pk=source.pk, version=version).update(version=version + 1):
        raise NotYet(
            "POPULATION-037",
            "Somebody changed this source meanwhile; nothing was saved.",
            cure="See what stands there now, and change that.",
        )
    _say(source, said)
    source.version = version + 1
    source.save()
    _record(actor, source, "population.source-changed")
    return source


def keep_file(actor: Actor, source: Source, part: str, came: Incoming) -> tuple[HandedFile, bool]:
    """Keep a file that came whole; the same file again changes nothing, another one takes the place of the one before.

    Returns:
        The file, and whether it is new here.

    Raises:
        Refused: POPULATION-030 the source is not hers.
        BadFile: POPULATION-032 it was cut; POPULATION-033 it is not what the layout says.
        NoRoom: ENGINE-004 the disk is full.
    """
    policy.check_may_change(actor, source)
    _check_fits(source, part, came)
    _sweep()
    ref = new_ref()
    try:
        with transaction.atomic():
            Source.objects.select_for_update().get(pk=source.pk)
            found = queries.files_of(source)
            same = next((row for row in found.values() if row.sha256 == came.sha256), None)
            row = same or _kept(actor, source, part, came, ref=ref, before=found.get(part))
            _record(actor, source, "population.file-handed", n_things=int(same is None))
            if same is None:
                # Named before the row stands for good: a file without a row is swept, a row without a file would lie.
                came.keep(str(ref))
    except BaseException:
        path_of(ref).unlink(missing_ok=True)
        raise
    return row, same is None


@transaction.atomic
def let_go(actor: Actor, file: HandedFile) -> None:
    """Take a file away that was handed over; that it was here stays written.

    Raises:
        Refused: POPULATION-030 its source is not hers.
    """
    policy.check_may_change(actor, file.source)
    _let_go(actor, file)
    _record(actor, file.source, "population.file-let-go", n_things=1)


def _kept(
    actor: Actor, source: Source, part: str, came: Incoming, *, ref: UUID, before: HandedFile | None
) -> HandedFile:
    if before is not None:
        _let_go(actor, before)
    row = HandedFile(source=source, part=part, ref=ref, sha256=came.sha256)
    row.n_bytes, row.n_lines = came.n_bytes, came.n_lines_told
    row.handed_at, row.handed_by_ref = actor.now, actor.account_ref
    row.save(force_insert=True)
    return row


def _let_go(actor: Actor, file: HandedFile) -> None:
    HandedFile.objects.filter(pk=file.pk, let_go_at__isnull=True).update(let_go_at=actor.now)
    transaction.on_commit(partial(path_of(file.ref).unlink, missing_ok=True))


def _check_fits(source: Source, part: str, came: Incoming) -> None:
    kinds = {each.name: each.kind for each in source.laid_out().parts}
    if not came.is_whole or part not in kinds:
        raise cut()
    if kinds[part] != came.kind:
        raise BadFile(
            "POPULATION-033",
            "This file is not what the layout says of it.",
            where=f"{part}: {kinds[part]}, {came.kind}",
            cure="See that the right file was chosen, and have it saved as the layout has it.",
        )


def cut() -> BadFile:
    """What is said of a file that did not come whole."""
    return BadFile(
        "POPULATION-032",
        "No file came, or it did not come whole; nothing of it was kept.",
        cure="Choose the file and send it once more.",
    )


def _sweep() -> None:
    """Take away what lies there and no row knows: a process was killed between the file and its row."""
    known = queries.refs_lying()
    for path in folder().glob("*.sealed"):
        if path.stem not in known and _is_old(path):
            path.unlink(missing_ok=True)


def _is_old(path: Path) -> bool:
    try:
        return time.time() - path.stat().st_mtime > LEFT_BEHIND_SECONDS
    except FileNotFoundError:
        return False


def _free_code(area: str, layout: str) -> str:
    """The name of a source in a run: that of its layout, or with a number behind; of villages there is one list."""
    taken = set(Source.objects.filter(area=area, layout=layout).values_list("code", flat=True))
    names = [layout] if layout == AREAS else [layout, *(f"{layout}_{n}" for n in range(2, MOST_OF_A_LAYOUT + 1))]
    free = next((name for name in names if name not in taken), None)
    if free is None:
        raise _there_already()
    return free


def _there_already() -> NotYet:
    return NotYet(
        "POPULATION-036",
        "This province has a source of this kind already.",
        cure="Hand the file over there; where another agency keeps it, ask the provincial data officer.",
    )


def _say(source: Source, said: Said) -> None:
    source.name, source.sector, source.custodian = said.name, said.sector, said.custodian
    source.legal_basis, source.as_of, source.is_invented = said.legal_basis, said.as_of, said.is_invented
    source.agreement, source.agreement_until = said.agreement, said.agreement_until
    source.impact_assessment = said.impact_assessment


def _record(actor: Actor, source: Source, act: str, n_things: int | None = None) -> None:
    record(actor, act, thing_kind=SOURCE, thing_ref=source.ref, owner_agency_ref=source.agency.ref, n_things=n_things)
