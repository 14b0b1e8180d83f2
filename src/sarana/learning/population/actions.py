"""The writing door: take the protected tables of a finished run in, and withdraw what was taken in wrongly."""

from collections.abc import Iterator
from typing import Any

from django.db import transaction

from sarana.basics.actors import Actor
from sarana.basics.errors import BadSetting, NotYet, Refused
from sarana.ground.accounts.models import Agency
from sarana.ground.ledger.actions import record, record_list
from sarana.ground.tasks.actions import end_gone
from sarana.learning.population import policy, queries
from sarana.learning.population.backtests.actions import call_by_verdict
from sarana.learning.population.models import AreaLevel, Drawing, Figure, Run, Station
from sarana.learning.population.opened import shelves
from sarana.learning.population.opened.tasks import keys_of_run
from sarana.learning.population.reasons import actions as reasons
from sarana.learning.population.reasons import queries as reason_queries
from sarana.learning.population.rollup.drawing import outline_of
from sarana.methods.population.protected_tables import COUNTS, ProtectedRun

BATCH, MOST_WHO = 500, 200
RATES = ("rate", "low", "high", "rate_without_status", "low_without_status", "high_without_status")


@transaction.atomic
def take_in(actor: Actor, found: ProtectedRun, *, agency: str = "") -> tuple[Run, bool]:
    """Take in what a finished run may show; the same run taken in again changes nothing.

    Args:
        actor: the operator.
        found: the run, checked by `read_protected`.
        agency: the name or the reference of whose it is; the provincial centre of its province where none is named.

    Returns:
        The run, and whether it is new here.

    Raises:
        Refused: POPULATION-002 it is not the operator; POPULATION-005 another table of the province is here, and this
            one was not made beside it; POPULATION-020 its table is here with other answers; POPULATION-019 the
            province is not in the mandate of the agency.
        NotYet: POPULATION-006 it cannot be told whose it is.
    """
    policy.check_may_take_in(actor)
    run = queries.find_taken_in(found.fingerprint)
    is_new = run is None
    if run is None:
        owner = queries.get_agency_called(agency) if agency else _centre_of(found.province)
        _check_has_in_mandate(owner, found.province)
        run = make_run(actor, found, owner)
    record(
        actor,
        "population.taken-in",
        thing_kind=policy.KIND,
        thing_ref=run.ref,
        owner_agency_ref=run.agency.ref,
        n_things=len(found.rows) if is_new else 0,
    )
    return run, is_new


@transaction.atomic
def withdraw(actor: Actor, fingerprint: str, *, because: str) -> Run:
    """Withdraw a run that was taken in wrongly: it is shown nowhere from now on, and nothing of it is deleted.

    Its table was let out, so it still counts where another table of the province is to be taken in. The same run may
    be taken in anew.

    Args:
        actor: the operator.
        fingerprint: of the run, or how it begins.
        because: a value of `Run.Reason`.

    Raises:
        Refused: POPULATION-002 it is not the operator.
        BadSetting: POPULATION-008 the reason is none of the list.
        NotYet: POPULATION-007 no run that is shown has this fingerprint.
    """
    policy.check_may_take_in(actor)
    if because not in Run.Reason.values:
        raise BadSetting(
            "POPULATION-008",
            "This is no reason for which a run is withdrawn.",
            where="--because",
            cure="Say one of: wrong-files, wrong-settings, wrong-agency, source-asked.",
        )
    run = queries.get_shown(fingerprint)
    run.withdrawn_at, run.withdrawn_because = actor.now, because
    run.save(update_fields=["withdrawn_at", "withdrawn_because"])
    end_gone(actor, keys_of_run(run.ref))
    transaction.on_commit(lambda: shelves.let_go(run.ref), robust=True)
    record(actor, "population.withdrawn", thing_kind=policy.KIND, thing_ref=run.ref, owner_agency_ref=run.agency.ref)
    return run


@transaction.atomic
def list_taken_in(actor: Actor) -> list[Run]:
    """All runs that were ever taken in, with what became of them, for the operator.

    Raises:
        Refused: POPULATION-002 it is somebody else.
    """
    policy.check_may_take_in(actor)
    found = queries.all_taken_in()
    record_list(actor, policy.KIND, [run.ref for run in found], action="population.taken-in-seen")
    return found


def make_run(actor: Actor, found: ProtectedRun, agency: Agency, station: Station | None = None) -> Run:
    """Write the rows of a run, as part of an act that records itself.

    Raises:
        Refused: POPULATION-005 another table of the province is here, and this one was not made beside it;
            POPULATION-020 its table is here with other answers.
    """
    area = f"{agency.country}{found.province}"
    _check_made_beside(found, area)
    _check_answers_alike(found, area)
    run = Run(
        agency=agency,
        name=found.name[:120],
        area=area,
        as_of=found.as_of,
        is_invented=found.is_invented,
        indicator_set=found.indicator_set[:80],
        sources=[{"name": s.name, "custodian": s.custodian, "as_of": s.as_of} for s in found.sources],
        limits={level: [limit.mid_from, limit.high_from] for level, limit in found.limits.items()},
        opens_at=_opens_at(found),
        rounded_to=found.rounded_to,
        n_roundings=found.n_roundings,
        status=found.standing,
        threshold=found.threshold,
        measured_by=found.measured_by,
        fingerprint=found.fingerprint,
        table_hash=found.table_hash,
        taken_in_at=actor.now,
        station=station,
    )
    drawing = _drawing(run, found)
    run.outline = outline_of(drawing, found.province)
    run.save(force_insert=True)
    drawing.save(force_insert=True)
    Figure.objects.bulk_create(_figures(run, found), batch_size=BATCH)
    reasons.keep(run, found.more)
    call_by_verdict(run)
    return run


def _drawing(run: Run, found: ProtectedRun) -> Drawing:
    drawn, by = found.drawing, found.drawn
    parents = {row["code"]: row["parent"] for row in found.rows if row["level"] == AreaLevel.SUBDISTRICT}
    return Drawing(
        run=run,
        width=drawn.width,
        height=drawn.height,
        areas=[[e.code, parents.get(e.code, ""), e.path, e.x, e.y, e.symbol] for e in drawn.areas],
        borders=drawn.borders,
        labels=[list(label) for label in drawn.labels],
        on_earth=list(drawn.on_earth),
        drawn_from="" if by is None else Drawing.From.FILE if by.is_file else Drawing.From.CELLS,
        drawn_by=by.who[:MOST_WHO] if by else "",
        drawn_as_of=by.as_of if by else None,
        drawn_sha256=by.sha256 if by else "",
        villages=dict(found.places),
    )


def _figures(run: Run, found: ProtectedRun) -> Iterator[Figure]:
    country = run.area[:2]
    for row in found.rows:
        figures: dict[str, Any] = {name: row[name] for name in (*COUNTS, *RATES)}
        yield Figure(
            run=run,
            level=row["level"],
            code=row["code"],
            area=f"{country}{row['code']}",
            parent=row["parent"] or "",
            name=row["name"] or row["code"],
            name_local=row["name_local"],
            group=row["group"],
            band=row["class"] or "",
            band_without_status=row["class_without_status"] or "",
            **figures,
        )


def _check_has_in_mandate(agency: Agency, province: str) -> None:
    """The country of a run is that of its agency: one that has nothing there would hide its tables from each other.

    Raises:
        Refused: POPULATION-019 neither the province nor a part of it is in the mandate.
    """
    area = f"{agency.country}{province}"
    if not any(area.startswith(each) or each.startswith(area) for each in agency.areas if each):
        raise Refused(
            "POPULATION-019",
            "The province of this run is not in the mandate of this agency.",
            cure="Name the agency whose province it is, or write the province, or the country, into its mandate on "
            "the page Agencies.",
        )


def _check_made_beside(found: ProtectedRun, area: str) -> None:
    """Two tables of one province would tell of few people by subtraction, unless the later was made beside the other.

    A table that was let out before, and withdrawn, tells nothing new: whatever came after it was made beside it.

    Raises:
        Refused: POPULATION-005 it was not.
    """
    let_out = queries.tables_of(area, is_invented=found.is_invented)
    if found.table_hash not in let_out and let_out - found.beside:
        raise Refused(
            "POPULATION-005",
            "Another table of this province is here already, and this run was not made beside it: the one less the "
            "other would tell of few people.",
            cure="Do the run again with --after and the folder of each run that was taken in, those that were "
            "withdrawn too, and take that one in.",
        )


def _check_answers_alike(found: ProtectedRun, area: str) -> None:
    """Answers lie in a table of their own: the same areas do not make them the same, and both would be exact.

    Raises:
        Refused: POPULATION-020 the same table of areas was let out with other answers.
    """
    told = {(line.level, line.code, line.indicator, line.n_known, line.n_need) for line in found.more.answers}
    of_sectors = {(line.level, line.code, line.sector, line.n_known, line.n_gravest) for line in found.more.of_sectors}
    answers = reason_queries.answers_let_out(area, found.table_hash) if told else []
    sectors = reason_queries.sectors_let_out(area, found.table_hash) if of_sectors else []
    if any(told != before for before in answers) or any(of_sectors != before for before in sectors):
        raise Refused(
            "POPULATION-020",
            "The table of areas of this run was here before with other answers: the one less the other would tell of "
            "few people.",
            cure="Do the run again with --after and the folder of each run that was taken in, those that were "
            "withdrawn too, and take that one in.",
        )


def _centre_of(province: str) -> Agency:
    """The one provincial centre that has the province in its mandate.

    Raises:
        NotYet: POPULATION-006 there is none, or there are several.
    """
    found = queries.centres_of(province)
    if len(found) != 1:
        raise NotYet(
            "POPULATION-006",
            "It cannot be told to which agency this run belongs.",
            cure="Name it: --agency with its name or its reference, as the page Agencies shows it.",
        )
    return found[0]


def _opens_at(found: ProtectedRun) -> AreaLevel:
    """Subdistricts where the map says something of most of them, districts where it does not."""
    bands = [row["class"] for row in found.rows if row["level"] == "subdistrict" and row["group"] == "all"]
    said = sum(band is not None for band in bands)
    return AreaLevel.SUBDISTRICT if 2 * said > len(bands) else AreaLevel.DISTRICT
