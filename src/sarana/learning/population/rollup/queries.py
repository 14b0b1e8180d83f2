"""The reading doors: what leaves of a run, the stations that are trusted, and what is here of each province."""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import QuerySet

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet
from sarana.ground.accounts.models import Agency
from sarana.ground.codelists.queries import areas_for
from sarana.learning.population import queries as maps
from sarana.learning.population.changes.queries import n_rounded
from sarana.learning.population.models import AreaLevel, Drawing, Figure, Run, Station
from sarana.learning.population.policy import openable_by
from sarana.learning.population.reasons import queries as reasons
from sarana.learning.population.reasons.models import Answer, Better, Indicator
from sarana.learning.population.rollup import policy
from sarana.methods.disclosure.answers import Told
from sarana.methods.disclosure.sectors import ToldSector
from sarana.methods.population.protected_answers import Asked, MoreTold, Sector
from sarana.methods.population.protected_answers import Better as HeldAgainst
from sarana.methods.population.protected_tables import COUNTS, DrawnBy, ProtectedRun, Source, limits_of
from sarana.methods.population.report import shapes

STATIONS = (Agency.Kind.PROVINCIAL_CENTRE, Agency.Kind.LOCAL_GOVERNMENT)
"""Who has an installation of a province."""

PROVINCE = re.compile(r"[A-Z]{2}R?[0-9]{2,3}")
"""How P-codes of provinces are written in the countries of the region: TH50, MMR001, VN101."""

RATES = ("rate", "low", "high", "rate_without_status", "low_without_status", "high_without_status")


def wider_figures(run: Run) -> list[Figure]:
    """All rows of a run but those of villages, for whoever may hand it over."""
    return list(Figure.objects.filter(run=run).exclude(level=AreaLevel.VILLAGE).order_by("pk"))


def protected_of(run: Run, figures: Sequence[Figure]) -> ProtectedRun:
    """A run that is shown here as what may be shown of it, from these rows."""
    rows, drawing = tuple(map(_row, figures)), maps.drawing_of(run)
    return ProtectedRun(
        name=run.name,
        province=run.area[2:],
        as_of=run.as_of,
        is_invented=run.is_invented,
        indicator_set=run.indicator_set,
        sources=tuple(Source(each["name"], each["custodian"], each["as_of"]) for each in run.sources),
        fingerprint=run.fingerprint,
        table_hash=run.table_hash,
        beside=_let_out_before(run),
        rounded_to=run.rounded_to,
        threshold=run.threshold or 0,
        limits=limits_of(rows),
        rows=rows,
        drawing=_drawing(drawing),
        measured_by=run.measured_by,
        more=_more(run),
        standing=run.status,
        n_roundings=n_rounded(run),
        drawn=_drawn_by(drawing),
    )


def _drawn_by(found: Drawing | None) -> DrawnBy | None:
    """By which lines a map is drawn; None where nobody here knows."""
    if found is None or not found.drawn_from:
        return None
    is_file = found.drawn_from == Drawing.From.FILE
    return DrawnBy(is_file, found.drawn_by, found.drawn_as_of, found.drawn_sha256)


def _row(figure: Figure) -> Mapping[str, Any]:
    return {
        "level": figure.level,
        "code": figure.code,
        "parent": figure.parent or None,
        "name": figure.name,
        "name_local": figure.name_local,
        "group": figure.group,
        **{name: getattr(figure, name) for name in (*COUNTS, *RATES)},
        "class": figure.band or None,
        "class_without_status": figure.band_without_status or None,
    }


def _let_out_before(run: Run) -> frozenset[str]:
    """The tables of the province that were out when this one first came in: it was made beside all of them.

    That is what taking it in made sure of (POPULATION-005).
    """
    first = Run.objects.filter(area=run.area, table_hash=run.table_hash).order_by("pk").values("pk")[:1]
    before = Run.objects.filter(area=run.area, pk__lt=first).exclude(table_hash=run.table_hash)
    return frozenset(before.values_list("table_hash", flat=True))


def _drawing(found: Drawing | None) -> shapes.Drawing:
    if found is None:
        return shapes.Drawing(0, 0)
    areas = tuple(shapes.DrawnArea(code, path, x, y, size, 0.0) for code, _in, path, x, y, size in found.areas)
    labels = tuple((code, x, y) for code, x, y in found.labels)
    return shapes.Drawing(found.width, found.height, areas, found.borders, labels, tuple(found.on_earth))


def _more(run: Run) -> MoreTold:
    asked = Indicator.objects.filter(run=run).order_by("position")
    answers = Answer.objects.filter(run=run).order_by("pk")
    better = Better.objects.filter(run=run).order_by("pk")
    sectors = reasons.sectors_of(run)
    known_by = {one.key: one.known_by for one in sectors}
    return MoreTold(
        tuple(Asked(one.key, one.name, one.sector, one.strength, one.strength_local) for one in asked),
        tuple(Told(line.level, line.code, line.key, line.n_known, line.n_need) for line in answers),
        tuple(HeldAgainst(line.code, line.is_better) for line in better),
        tuple(Sector(one.key, one.name, one.known_by, one.questions) for one in sectors),
        tuple(
            ToldSector(line.level, line.code, line.key, known_by[line.key], line.n_known, line.n_gravest)
            for line in reasons.sector_lines_of(run)
        ),
    )


def stations_for(actor: Actor) -> QuerySet[Station]:
    """The stations of which an actor may know, those that were taken back too.

    Raises:
        Refused: POPULATION-001, POPULATION-082 she has no door here.
    """
    if not actor.is_local:
        maps.check_may_look(actor)
    policy.check_may_know_stations(actor)
    rows = Station.objects.all() if actor.is_local else Station.objects.filter(policy.stations_openable_by(actor))
    return rows.select_related("agency", "told_by").fetch_mode(models.FETCH_RAISE)


def get_station(actor: Actor, ref: UUID) -> Station:
    """One station.

    Raises:
        Refused: POPULATION-001, POPULATION-082 she has no door here.
        Station.DoesNotExist: there is none, or it is not for her.
    """
    return stations_for(actor).get(ref=ref)


def trusted_keys(actor: Actor) -> dict[str, str]:
    """By the keys that are trusted now, the province of each."""
    in_force = stations_for(actor).filter(taken_back_at__isnull=True)
    return dict(in_force.values_list("public", "area"))


def hold_station(actor: Actor, public: str) -> Station:
    """The station of a key that is trusted, held, so that files of one province come in one after the other.

    Raises:
        NotYet: POPULATION-072 it was taken back meanwhile.
    """
    found = stations_for(actor).filter(public=public, taken_back_at__isnull=True)
    station = found.select_for_update(of=("self",)).first()
    if station is None:
        raise NotYet(
            "POPULATION-072",
            "Nobody here knows the key with which this file was signed.",
            cure="Its station was taken back just now. See Stations we trust.",
        )
    return station


def newest_of(area: str, *, is_invented: bool) -> Run | None:
    """The newest run of a province that is shown, for the action that takes files in: of real people, or of invented.

    The one never stands in the way of the other.
    """
    shown = Run.objects.filter(area=area, withdrawn_at__isnull=True, is_invented=is_invented)
    return shown.order_by("-as_of", "-pk").first()


def withdrawn_of(fingerprint: str) -> Run | None:
    """The run of this fingerprint that was withdrawn last, for the action that takes files in."""
    return Run.objects.filter(fingerprint=fingerprint, withdrawn_at__isnull=False).order_by("-withdrawn_at").first()


def newest_runs(actor: Actor, country: str) -> list[Run]:
    """The newest run of each province of a country, by its code; one of invented people only where no other is here.

    Raises:
        Refused: POPULATION-001 she has no door here.
    """
    newest: dict[str, Run] = {}
    of_country = maps.runs_for(actor).filter(area__startswith=country)
    for run in of_country.order_by("is_invented", "-as_of", "-pk"):
        newest.setdefault(run.area, run)
    return [newest[area] for area in sorted(newest)]


def drawn_by_run(runs: Sequence[Run]) -> dict[int, Drawing]:
    """What is known of the lines of runs that an actor was given, by the number of the run, without the lines."""
    told = ("run_id", "drawn_from", "drawn_by", "drawn_as_of", "drawn_sha256")
    return {each.run_id: each for each in Drawing.objects.filter(run__in=runs).only(*told)}


def whole_provinces(actor: Actor, runs: Sequence[Run]) -> dict[int, Figure]:
    """The figures of all people of the province of each run, by the number of the run."""
    rows = Figure.objects.filter(openable_by(actor), run__in=runs, level=AreaLevel.PROVINCE, group=maps.ALL)
    return {row.run_id: row for row in rows.fetch_mode(models.FETCH_RAISE)}


def provinces_of(actor: Actor, country: str) -> dict[str, tuple[str, str]]:
    """The provinces of a country as the list in force has them today: by P-code, the local and the Latin name."""
    rows = areas_for(actor, country, on=actor.today).filter(level=1)
    return {row.pcode or row.code: (row.name_local, row.name_latin) for row in rows}


def countries_of(actor: Actor) -> list[str]:
    """The countries of the agencies in which an actor works, those with runs first."""
    own = Agency.objects.filter(ref__in=actor.agency_refs).order_by("country").values_list("country", flat=True)
    with_runs = {area[:2] for area in maps.runs_for(actor).values_list("area", flat=True).distinct()}
    return sorted({*own, *with_runs}, key=lambda code: (code not in own, code))


def places_of(actor: Actor) -> list[tuple[Agency, str]]:
    """The agencies at work that could be stations, each with a province of its mandate that lies in the actor's."""
    at_work = Agency.objects.filter(kind__in=STATIONS, closed_on__isnull=True).order_by("name")
    pairs = [(each, area) for each in at_work for area in each.areas if policy.may_trust(actor, area)]
    listed = {country: provinces_of(actor, country) for country in {area[:2] for _each, area in pairs}}
    return [(each, area) for each, area in pairs if _is_province(area, listed[area[:2]])]


def is_province(actor: Actor, area: str) -> bool:
    """Whether a P-code is that of a whole province, by the list in force."""
    return _is_province(area, provinces_of(actor, area[:2]))


def _is_province(area: str, listed: Mapping[str, tuple[str, str]]) -> bool:
    """By the shape of the code alone, where the list of its country was never loaded."""
    return area in listed if listed else PROVINCE.fullmatch(area) is not None
