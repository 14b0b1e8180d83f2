"""The writing doors: whose key is trusted, taking that back, and taking in what a station signed."""

from collections.abc import Mapping

from django.db import IntegrityError, transaction

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet, Refused
from sarana.ground.accounts.models import Account, Agency
from sarana.ground.ledger.actions import record
from sarana.ground.walls import postgres
from sarana.ground.walls.guards import OPERATOR
from sarana.learning.population import queries as maps
from sarana.learning.population.actions import make_run
from sarana.learning.population.models import Run, Station
from sarana.learning.population.policy import KIND, STATION, check_may_take_in
from sarana.learning.population.rollup import policy, queries
from sarana.learning.population.rollup.packing import packed, seen_of
from sarana.methods.population.package.keys import read_public_file
from sarana.methods.population.package.reading import HandedOver, read_package
from sarana.methods.population.protected_tables import ProtectedRun
from sarana.methods.sealing.signing import SigningKey, same_digits

LATER: Mapping[Run.Status, frozenset[str]] = {
    Run.Status.UNVALIDATED: frozenset({Run.Status.NOT_PASSED.value, Run.Status.PASSED.value}),
    Run.Status.PASSED: frozenset({Run.Status.NOT_PASSED.value}),
    Run.Status.NOT_PASSED: frozenset(),
}
"""What a province may say of a run after it handed it over, by what it said before: an older file tells nothing new."""

HANDED_OVER = "population.handed-over"
"""The act of the ledger by which a run becomes a file for the nation."""


@transaction.atomic
def trust(actor: Actor, *, agency: Agency, area: str, key: bytes, heard: str) -> Station:
    """Trust the key of a province from now on: the file came one way, and its digits were heard another way.

    Args:
        actor: the national officer, or the operator.
        agency: whose installation it is; what it hands over belongs to it here.
        area: the P-code of its province.
        key: the file with the public half.
        heard: the forty digits as they were read out over the telephone.

    Raises:
        Refused: POPULATION-082 the province is not in her mandate; POPULATION-084 the digits are not those of the key.
        BadFile: POPULATION-085 the file holds no key.
        NotYet: POPULATION-086 the province has a key that is trusted, or the key a province; POPULATION-089 the agency
            has not this province in its mandate; POPULATION-022 it is no province.
    """
    queries.stations_for(actor)
    policy.check_may_trust(actor, area)
    _check_has_province(actor, agency, area)
    public = read_public_file(key)
    if not same_digits(public, heard):
        raise Refused(
            "POPULATION-084",
            "The digits that you heard are not those of the key in the file; nothing was accepted.",
            cure="Have them read out once more, by somebody whom you know, over a number that you knew before. If they "
            "differ again, the file is not from there: do not use it, and tell the data-protection officer.",
        )
    made = Station(agency=agency, area=area, public=public, told_at=actor.now, told_by=_who(actor))
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as err:
        raise NotYet(
            "POPULATION-086",
            "A key of this province is trusted already, or this key is that of another province.",
            cure="Take the trust in the one that is not used any more back first.",
        ) from err
    record(actor, "population.station-trusted", thing_kind=STATION, thing_ref=made.ref, owner_agency_ref=agency.ref)
    return made


@transaction.atomic
def take_back(actor: Actor, station: Station) -> None:
    """Trust a key no more: nothing that it signed comes in from now on; what came in stays.

    Raises:
        Refused: POPULATION-082 the province is not in her mandate.
        NotYet: POPULATION-088 it was taken back already.
    """
    policy.check_may_trust(actor, station.area)
    rows = Station.objects.filter(pk=station.pk, taken_back_at__isnull=True)
    if not rows.update(taken_back_at=actor.now, taken_back_by=_who(actor)):
        raise NotYet(
            "POPULATION-088", "The trust in this key was taken back already.", cure="See the list of stations."
        )
    record(
        actor,
        "population.station-taken-back",
        thing_kind=STATION,
        thing_ref=station.ref,
        owner_agency_ref=station.agency.ref,
    )


@transaction.atomic
def hand_over(actor: Actor, fingerprint: str, key: SigningKey) -> tuple[Run, bytes]:
    """The signed file for the nation of a run that is shown, for the operator; on the web it is long work.

    Args:
        actor: the operator.
        fingerprint: of the run, or how it begins.
        key: signs it.

    Raises:
        Refused: POPULATION-002 it is not the operator; POPULATION-083 the run came from another station.
        NotYet: POPULATION-007 no run that is shown has this fingerprint; POPULATION-087 it cannot be handed over.
    """
    check_may_take_in(actor)
    run = maps.get_shown(fingerprint)
    policy.check_may_hand_over(actor, run)
    found, numbers = seen_of(run)
    content = packed(run, found, key)
    record(
        actor,
        HANDED_OVER,
        thing_kind=KIND,
        thing_ref=run.ref,
        owner_agency_ref=run.agency.ref,
        n_things=len(numbers),
    )
    return run, content


def read(actor: Actor, content: bytes) -> HandedOver:
    """Read a file by the keys that an actor trusts. Not written down: nothing is kept of it, and nothing shown.

    Raises:
        Refused: POPULATION-001, POPULATION-082 she has no door here.
        And the faults of `read_package`.
    """
    return read_package(content, queries.trusted_keys(actor))


@transaction.atomic
def take_in_handed(actor: Actor, handed: HandedOver, *, year: int) -> Run:
    """Take in what a province handed over, whole or not at all.

    Of a run that the same province handed over before, only what a back-test said of it meanwhile is taken: a first
    word, or that it failed. Whether one that failed counts as passed after all, the operator decides.

    Args:
        actor: the national officer, or the operator.
        handed: what was read of its file.
        year: of which year the tables should be, in the common era.

    Raises:
        Refused: POPULATION-082 the province is not in her mandate; POPULATION-005 another table of the province is
            here, and this one was not made beside it; POPULATION-020 its table is here with other answers;
            POPULATION-021 the operator withdrew it.
        NotYet: POPULATION-072 its key is trusted no more; POPULATION-078 it is of another year; POPULATION-079 a later
            one is here; POPULATION-080 it is here already.
    """
    found = handed.run
    station = queries.hold_station(actor, handed.signed_by)
    policy.check_may_trust(actor, station.area)
    run = maps.find_taken_in(found.fingerprint)
    if run is not None and _tells_of_a_back_test(found, run, station):
        return _note_standing(actor, run, found.standing)
    _check_is_next(actor, found, station.area, year)
    # Rows of protected tables are the machine's to write; that somebody may have them written was asked above.
    with postgres.as_task(OPERATOR):
        run = make_run(actor, found, station.agency, station)
    record(
        actor,
        "population.handed-in",
        thing_kind=KIND,
        thing_ref=run.ref,
        owner_agency_ref=station.agency.ref,
        n_things=len(found.rows),
    )
    return run


def _who(actor: Actor) -> Account | None:
    """Whoever acts; nobody, where it is the operator."""
    return None if actor.is_local else Account.objects.get(ref=actor.account_ref)


def _check_has_province(actor: Actor, agency: Agency, area: str) -> None:
    if not queries.is_province(actor, area):
        raise NotYet(
            "POPULATION-022",
            "A key is trusted for a whole province, and this is none.",
            cure="Choose the agency of the province; a district hands nothing to the nation by itself.",
        )
    if agency.country != area[:2] or area not in agency.areas:
        raise NotYet(
            "POPULATION-089",
            "This agency has not this province in its mandate.",
            cure="Choose the agency of the province, or have it made under Agencies with the province as its mandate.",
        )


def _tells_of_a_back_test(found: ProtectedRun, run: Run, station: Station) -> bool:
    """Whether all that is new in a file of a run that is here is what a back-test said of it."""
    is_same = run.station is not None and run.area == station.area and run.table_hash == found.table_hash
    return is_same and found.standing in LATER[Run.Status(run.status)]


def _note_standing(actor: Actor, run: Run, standing: str) -> Run:
    with postgres.as_task(OPERATOR):
        run.status = standing
        run.save(update_fields=["status"])
    record(
        actor,
        "population.handed-in",
        thing_kind=KIND,
        thing_ref=run.ref,
        owner_agency_ref=run.agency.ref,
        n_things=0,
    )
    return run


def _check_was_not_withdrawn(actor: Actor, found: ProtectedRun) -> None:
    """What the operator withdrew, nobody else puts back."""
    gone = queries.withdrawn_of(found.fingerprint)
    if gone is None or gone.withdrawn_at is None or actor.is_local:
        return
    raise Refused(
        "POPULATION-021",
        "The operator withdrew this very table here; nothing was taken in.",
        where=f"{gone.withdrawn_at.date()}: {gone.get_withdrawn_because_display()}.",
        cure="Ask the operator why. If it should be shown after all, she takes the file in by command.",
    )


def _check_is_next(actor: Actor, found: ProtectedRun, area: str, year: int) -> None:
    """Not here yet, not withdrawn, of the year that was asked for, and not older than what is here."""
    _check_was_not_withdrawn(actor, found)
    if maps.find_taken_in(found.fingerprint) is not None:
        raise NotYet(
            "POPULATION-080",
            "This very table is here already; nothing was changed.",
            cure="See it under the whole country. If the province meant to send another one, ask it.",
        )
    if found.as_of.year != year:
        raise NotYet(
            "POPULATION-078",
            "The file is of another year than the one that you asked for; nothing of it was taken in.",
            where=f"{found.as_of.year}",
            cure="Choose its year if you want that one, or ask the province for the year that you want.",
        )
    newest = queries.newest_of(area, is_invented=found.is_invented)
    if newest is not None and newest.as_of >= found.as_of:
        raise NotYet(
            "POPULATION-079",
            "What is here of this province is as new or newer; nothing was taken in.",
            where=f"{newest.as_of}",
            cure="Keep what is here. If it is wrong, have the operator withdraw it first.",
        )
