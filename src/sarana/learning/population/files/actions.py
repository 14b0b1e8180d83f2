"""The writing doors of files of maps: ask for one, note that it was made, fetch it, take it away."""

from collections.abc import Mapping
from uuid import UUID

from django.db import IntegrityError, transaction

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet, Refused
from sarana.ground.accounts.models import Account, Agency
from sarana.ground.jobs import actions as jobs
from sarana.ground.ledger.actions import record
from sarana.learning.population import policy
from sarana.learning.population.files import folder, queries
from sarana.learning.population.files.writing import FORMATS
from sarana.learning.population.looking import Look, look
from sarana.learning.population.models import AreaLevel, MapFile, Run
from sarana.learning.population.queries import ALL, places_of_villages
from sarana.learning.population.rollup.actions import HANDED_OVER
from sarana.learning.population.rollup.policy import check_may_hand_over

MAKE = "population.make-file"
"""The work that makes a file."""

MOST = 20
"""So many files of one person lie there at most, asked for or made."""

MADE: Mapping[str, str] = {
    "": "population.file-made",
    MapFile.Reason.PROGRAMME: "population.villages-taken-to-plan",
    MapFile.Reason.TALKS: "population.villages-taken-to-talk",
    MapFile.Reason.SOURCES: "population.villages-taken-to-check",
    MapFile.Reason.EFFECT: "population.villages-taken-to-study",
}
"""The act of the ledger by the reason for which a file was asked; the line itself says for what villages left."""


@transaction.atomic
def ask_for_file(actor: Actor, seen: Look, *, kind: str, reason: str = "") -> MapFile:
    """Ask for a map as a file, as it stands; the same one that was asked for before and is still there is given.

    Not written down: the work that it begins is, and so is the file when it is made.

    Args:
        actor: who asks.
        seen: what she sees of the map.
        kind: a value of `MapFile.Kind`.
        reason: a value of `MapFile.Reason`, for villages.

    Raises:
        NotYet: POPULATION-010 villages without a reason; POPULATION-011 there is nothing to take along; POPULATION-012
            of no village is a place known; POPULATION-018 she has as many files as may lie there; POPULATION-024 to
            POPULATION-029 the indicator or the sector cannot be told.
    """
    is_village = seen.choice.level == AreaLevel.VILLAGE
    _check_may_take(seen, kind, reason)
    told = {"kind": kind, **seen.choice.as_data(), "language": seen.language, "reason": reason if is_village else ""}
    return _asked_once(actor, seen.run, told)


@transaction.atomic
def ask_for_nation(actor: Actor, run: Run) -> MapFile:
    """Ask for the signed file by which a run is handed to the nation; one that is still there is given.

    One that was made before a back-test is another file: the nation has to learn what was found.

    Not written down: the work that it begins is, and so is the file when it is made.

    Raises:
        Refused: POPULATION-083 it is not hers to hand over.
        NotYet: POPULATION-087 the run cannot be handed over; POPULATION-018 she has as many files as may lie there.
    """
    check_may_hand_over(actor, run)
    told = {"kind": MapFile.Kind.NATION.value, "level": AreaLevel.SUBDISTRICT.value, "within": ALL, "group": ALL}
    told |= {"indicator": "", "sector": ""}
    return _asked_once(
        actor,
        run,
        {**told, "which": "" if run.status == Run.Status.UNVALIDATED else run.status, "language": "", "reason": ""},
    )


def _asked_once(actor: Actor, run: Run, told: Mapping[str, str]) -> MapFile:
    """The file of this choice that is there, or a new one with the work that makes it."""
    _let_go_of_own(actor)
    same = queries.find_same(actor, run, told)
    if same is not None:
        return same
    _check_has_room(actor)
    made = MapFile(run=run, asked_at=actor.now, **told)
    made.account = Account.objects.get(ref=actor.account_ref)
    made.agency = Agency.objects.filter(ref__in=actor.agency_refs).order_by("ref").first()
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        twin = queries.find_same(actor, run, told)
        if twin is None:
            raise
        return twin
    made.job = jobs.ask(actor, MAKE, {"file": str(made.ref), "kind": made.kind, "level": made.level})
    made.save(update_fields=["job"])
    return made


@transaction.atomic
def note_made(actor: Actor, file: MapFile, *, n_rows: int, n_bytes: int, sha256: str, seen_hash: str) -> None:
    """Note that a file was made and can be fetched, for as long as files lie here.

    Raises:
        NotYet: POPULATION-009 it was taken away meanwhile, or its run was withdrawn.
    """
    rows = MapFile.objects.filter(pk=file.pk, gone_at__isnull=True, run__withdrawn_at__isnull=True)
    told = {"n_rows": n_rows, "n_bytes": n_bytes, "sha256": sha256, "seen_hash": seen_hash}
    if not rows.update(made_at=actor.now, until=actor.now + folder.KEPT, **told):
        raise not_there()
    record(
        actor,
        HANDED_OVER if file.kind == MapFile.Kind.NATION else MADE[file.reason],
        thing_kind=policy.FILES,
        thing_ref=file.ref,
        owner_agency_ref=file.run.agency.ref,
        n_things=n_rows,
    )


@transaction.atomic
def fetch(actor: Actor, file: MapFile) -> bytes:
    """The file, if she who asked may still see all that stands in it.

    Raises:
        NotYet: POPULATION-015 it is not made yet, gone, or of a run that was withdrawn.
        Refused: POPULATION-017 what she may see has changed since; POPULATION-083 it is not hers to hand over any more.
        BadFile: POPULATION-016 it is not what was made.
    """
    if file.until is None or file.is_over(actor.now):
        raise NotYet(
            "POPULATION-015",
            "This file is not made yet, or it has been taken away.",
            cure="See what became of it under Population, Files; ask for it anew on the page of the map.",
        )
    _check_still_sees(actor, file)
    content = folder.read(file.ref, file.sha256)
    record(
        actor,
        "population.file-fetched",
        thing_kind=policy.FILES,
        thing_ref=file.ref,
        owner_agency_ref=file.run.agency.ref,
        n_things=file.n_rows,
    )
    return content


@transaction.atomic
def take_away(actor: Actor, file: MapFile) -> None:
    """Take one's own file away before its day; that it was there stays."""
    MapFile.objects.filter(pk=file.pk, gone_at__isnull=True).update(gone_at=actor.now)
    record(
        actor,
        "population.file-taken-away",
        thing_kind=policy.FILES,
        thing_ref=file.ref,
        owner_agency_ref=file.run.agency.ref,
    )
    folder.drop([file.ref])


@transaction.atomic
def let_go(actor: Actor) -> int:
    """Take away all files whose time is over, and what was left behind of others; gives how many files went.

    Raises:
        Refused: POPULATION-002 it is not the installation itself.
    """
    policy.check_may_take_in(actor)
    late = queries.over(actor)
    refs: list[UUID] = list(late.values_list("ref", flat=True))
    late.update(gone_at=actor.now)
    record(actor, "population.files-gone", thing_kind=policy.FILES, thing_refs=refs, n_things=len(refs))
    folder.drop((folder.lying() - queries.living()) | set(refs))
    return len(refs)


def check_is_as_asked(seen: Look, file: MapFile) -> None:
    """Make sure that what somebody sees now is the choice for which she asked, and not what stands in its place.

    Raises:
        Refused: POPULATION-017 what she may see has changed since.
    """
    if seen.fault is not None or seen.choice.as_data() != file.as_asked():
        raise _changed_since()


def _check_still_sees(actor: Actor, file: MapFile) -> None:
    """What a file holds is what its owner sees now; a file for the nation is still hers to hand over."""
    if file.kind == MapFile.Kind.NATION:
        check_may_hand_over(actor, file.run)
        return
    seen = look(actor, file.run, file.as_asked(), file.language)
    check_is_as_asked(seen, file)
    if seen.hash_of(seen.figures) != file.seen_hash:
        raise _changed_since()


def not_there() -> NotYet:
    """The error of work on a file that nobody asked for, or that is gone."""
    return NotYet(
        "POPULATION-009",
        "There is no such file to be made: it was taken away, or its run is shown no more.",
        cure="Ask for it on the page of the map.",
    )


def _changed_since() -> Refused:
    return Refused(
        "POPULATION-017",
        "What you may see of this map has changed since the file was asked for.",
        cure="Take the file away, and ask for it anew on the page of the map.",
    )


def _let_go_of_own(actor: Actor) -> None:
    """Take away what is late of one's own files; what cannot be taken away now, the schedule takes."""
    late = queries.over(actor).filter(account__ref=actor.account_ref)
    refs: list[UUID] = list(late.values_list("ref", flat=True))
    late.update(gone_at=actor.now)
    transaction.on_commit(lambda: folder.drop(refs), robust=True)


def _check_has_room(actor: Actor) -> None:
    if queries.files_for(actor).filter(gone_at__isnull=True).count() >= MOST:
        raise NotYet(
            "POPULATION-018",
            "You have as many files of maps as may lie here for one person.",
            cure="Take those away that you fetched, under Population, Files, and ask again.",
        )


def _check_may_take(seen: Look, kind: str, reason: str) -> None:
    if seen.fault is not None:
        raise seen.fault
    is_village = seen.choice.level == AreaLevel.VILLAGE
    if is_village and FORMATS[kind].has_outlines and not places_of_villages(seen.run):
        raise NotYet(
            "POPULATION-012",
            "It is not known where any village of this run lies, so they cannot be a map layer.",
            cure="Take them along as a table: CSV or XLSX.",
        )
    if is_village and reason not in MapFile.Reason.values:
        raise NotYet(
            "POPULATION-010",
            "Figures of villages leave the system only for a reason of the list.",
            cure="Choose the reason, or take a wider level along.",
        )
    if not seen.figures.exists():
        raise NotYet(
            "POPULATION-011",
            "Nothing may be said here for this choice, so there is nothing to take along.",
            cure="Choose everybody, a wider level, or an area of your own mandate.",
        )
