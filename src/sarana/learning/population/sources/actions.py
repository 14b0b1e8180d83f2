"""The writing doors of sources: register one, keep a file that came, let one go, keep a profile, tell a code."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from uuid import UUID

import msgspec
from django.db import IntegrityError, transaction
from django.utils import timezone

from sarana.basics.actors import Actor
from sarana.basics.errors import BadFile, NotYet
from sarana.basics.references import new_ref
from sarana.ground.accounts.models import Agency
from sarana.ground.ledger.actions import record, record_list
from sarana.learning.population.policy import SOURCE, check_may_take_in
from sarana.learning.population.sources import policy, queries
from sarana.learning.population.sources.columns.queries import headers_of
from sarana.learning.population.sources.describing import AREA, Chosen
from sarana.learning.population.sources.incoming import Incoming, path_of
from sarana.learning.population.sources.models import CodeMeaning, HandedFile, Profile, Source
from sarana.learning.population.sources.told import columns_of, file_of
from sarana.methods.population.layouts import AREAS, layouts
from sarana.methods.questions.profile import Profile as Found

MOST_OF_A_LAYOUT = 9
KINDS = {"text": "CSV", "xlsx": "XLSX", "parquet": "Parquet"}
"""Kinds of files as people call them."""

AREA_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,29}")


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
    ref = new_ref()
    try:
        with transaction.atomic():
            Source.objects.select_for_update().get(pk=source.pk)
            found = queries.files_of(source)
            before = found.get(part)
            same = before if before is not None and before.sha256 == came.sha256 else None
            row = same or _kept(actor, source, part, came, ref=ref, before=before)
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
    _record(actor, file.source, "population.file-let-go", n_things=_let_go(actor, file))


@transaction.atomic
def let_go_of_those_over(actor: Actor) -> int:
    """Take away every file whose last day here is over; gives how many files went.

    Raises:
        Refused: POPULATION-002 it is not the machine itself.
    """
    check_may_take_in(actor)
    gone = []
    for file in queries.files_over(actor.now):
        source = Source.objects.select_for_update(of=("self",)).select_related("agency").get(pk=file.source.pk)
        if file.last_day(source) < timezone.localtime(actor.now).date() and _let_go(actor, file):
            gone.append(source.ref)
    if gone:
        record_list(actor, SOURCE, gone, action="population.file-over")
    return len(gone)


@transaction.atomic
def keep_profile(actor: Actor, source: Source, chosen: Chosen, found: Found) -> Profile:
    """Keep what was found in the files of a source.

    Raises:
        Refused: POPULATION-030 the source is not hers.
    """
    policy.check_may_change(actor, source)
    made = Profile.objects.create(
        source=source,
        made_at=actor.now,
        made_by_ref=actor.account_ref,
        files=dict(chosen.files),
        told=msgspec.to_builtins(found.files[0]),
        would_stop=found.would_stop,
    )
    _record(actor, source, "population.profiled", n_things=found.files[0].n_rows)
    return made


@transaction.atomic
def say_meanings(actor: Actor, profile: Profile, *, field: str, given: Mapping[str, str]) -> int:
    """Say what unknown codes of a field mean: codes that the profile told, and standard codes of the field or areas.

    Returns:
        Of how many codes something new was said.

    Raises:
        Refused: POPULATION-030 the source is not hers.
        NotYet: POPULATION-041 a code that the profile did not tell, or a meaning that the field cannot have.
    """
    policy.check_may_change(actor, profile.source)
    Source.objects.select_for_update().get(pk=profile.source.pk)  # two who tell one code do not meet
    headers = headers_of(profile.source)
    told = [each for each in columns_of(profile.source, file_of(profile), headers) if each.field == field]
    codes = {quoted.code for each in told for quoted in each.codes}
    targets = {"", *(target for each in told for target in each.targets)}
    is_known = given.keys() <= codes and (field == AREA or set(given.values()) <= targets)
    if not given or not is_known or any(not AREA_CODE.fullmatch(to) for to in given.values() if field == AREA):
        raise NotYet(
            "POPULATION-041",
            "This cannot be said of these codes: they were not told, or the field has no such meaning.",
            cure="Choose a meaning for at least one code of the list.",
        )
    n = sum(_say_meaning(actor, profile.source, field, code, to) for code, to in sorted(given.items()))
    _record(actor, profile.source, "population.codes-told", n_things=n)
    return n


@transaction.atomic
def take_back(actor: Actor, meaning: CodeMeaning) -> None:
    """Take back what was said of a code; that it was said stays.

    Raises:
        Refused: POPULATION-030 the source is not hers.
    """
    policy.check_may_change(actor, meaning.source)
    n = CodeMeaning.objects.filter(pk=meaning.pk, ended_at__isnull=True).update(ended_at=actor.now)
    _record(actor, meaning.source, "population.code-taken-back", n_things=n)


def _say_meaning(actor: Actor, source: Source, field: str, code: str, target: str) -> bool:
    rows = CodeMeaning.objects.filter(source=source, field=field, code=code)
    now = rows.filter(ended_at__isnull=True).first()
    if now is not None and now.target == target:
        return False
    rows.filter(ended_at__isnull=True).update(ended_at=actor.now)
    made = CodeMeaning(source=source, field=field, code=code, target=target, version=rows.count() + 1)
    made.said_at, made.said_by_ref = actor.now, actor.account_ref
    made.save(force_insert=True)
    return True


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


def _let_go(actor: Actor, file: HandedFile) -> int:
    n = HandedFile.objects.filter(pk=file.pk, let_go_at__isnull=True).update(let_go_at=actor.now)
    transaction.on_commit(partial(path_of(file.ref).unlink, missing_ok=True))
    return n


def _check_fits(source: Source, part: str, came: Incoming) -> None:
    kinds = {each.name: each.kind for each in source.laid_out().parts}
    if not came.is_whole or part not in kinds:
        raise cut()
    if kinds[part] != came.kind:
        raise BadFile(
            "POPULATION-033",
            "This file is not what the layout says of it.",
            where=f"{part}: {KINDS[kinds[part]]}, {KINDS[came.kind]}",
            cure="See that the right file was chosen, and have it saved as the layout has it.",
        )


def cut() -> BadFile:
    """What is said of a file that did not come whole."""
    return BadFile(
        "POPULATION-032",
        "No file came, or it did not come whole; nothing of it was kept.",
        cure="Choose the file and send it once more.",
    )


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
