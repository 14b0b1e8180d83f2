"""The reading doors of sources, and of the files that were handed over for them."""

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.db import models
from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from sarana.basics.actors import Actor, Grant
from sarana.basics.errors import NotYet
from sarana.ground.accounts.models import Agency
from sarana.ground.accounts.queries import kinds_worked_in
from sarana.learning.population.sources import policy
from sarana.learning.population.sources.columns.queries import headers_for_reading
from sarana.learning.population.sources.columns.queries import last_said as headers_last_said
from sarana.learning.population.sources.describing import SAID_OF_A_SOURCE, Chosen
from sarana.learning.population.sources.models import CodeMeaning, HandedFile, Profile, Source
from sarana.methods.population.layouts import AREAS


def sources_for(actor: Actor) -> QuerySet[Source]:
    """The sources that an actor may see, each with its files that lie here.

    Raises:
        Refused: POPULATION-030 she has no door here.
    """
    policy.check_may_look(actor, kinds_worked_in(actor))
    lying = Prefetch("files", HandedFile.objects.filter(let_go_at__isnull=True))
    rows = Source.objects.filter(policy.openable_by(actor)).select_related("agency").prefetch_related(lying)
    return rows.fetch_mode(models.FETCH_RAISE)


def get_source(actor: Actor, ref: UUID) -> Source:
    """One source.

    Raises:
        Refused: POPULATION-030 she has no door here.
        Source.DoesNotExist: there is none, or it is not for her.
    """
    return sources_for(actor).get(ref=ref)


def get_file(actor: Actor, ref: UUID) -> HandedFile:
    """One file that lies here, with its source.

    Raises:
        Refused: POPULATION-030 she has no door here.
        HandedFile.DoesNotExist: there is none, or it is not for her.
    """
    mine = sources_for(actor).prefetch_related(None)
    rows = HandedFile.objects.filter(source__in=mine.values("pk"), let_go_at__isnull=True)
    return rows.select_related("source__agency").get(ref=ref)


def agencies_of(actor: Actor) -> list[Agency]:
    """The agencies for which she may register a source."""
    return _open_agencies(policy.grants_of(actor))


def offices_of(actor: Actor) -> list[Agency]:
    """The agencies in which she answers for a province."""
    return _open_agencies(policy.officer_grants(actor))


def _open_agencies(grants: Iterable[Grant]) -> list[Agency]:
    refs = [grant.agency_ref for grant in grants]
    return list(Agency.objects.filter(ref__in=refs, closed_on__isnull=True).order_by("name"))


def files_of(source: Source) -> dict[str, HandedFile]:
    """The files that lie here for a source, by the part that each is."""
    return {row.part: row for row in HandedFile.objects.filter(source=source, let_go_at__isnull=True)}


def files_over(now: dt.datetime) -> list[HandedFile]:
    """The files whose last day here is over, for the machine itself."""
    rows = HandedFile.objects.filter(let_go_at__isnull=True).select_related("source__agency").order_by("pk")
    return [row for row in rows if row.last_day(row.source) < timezone.localtime(now).date()]


def refs_lying() -> frozenset[str]:
    """The references of all files that should lie here, for the sweep of what nobody knows of."""
    return frozenset(
        str(ref) for ref in HandedFile.objects.filter(let_go_at__isnull=True).values_list("ref", flat=True)
    )


def get_source_or_refuse(actor: Actor, ref: UUID) -> Source:
    """One source, for work that was asked for while she could still see it.

    Raises:
        Refused: POPULATION-030 it is not hers any more.
    """
    try:
        return get_source(actor, ref)
    except Source.DoesNotExist as err:
        raise policy.not_hers() from err


def chosen_with_areas(actor: Actor, source: Source) -> tuple[Chosen, Chosen]:
    """The list of villages of its province and a source, each with all its files, as a run reads them.

    Raises:
        Refused: POPULATION-030 the source is not hers.
        NotYet: POPULATION-039 it is the list itself, or files are missing; POPULATION-040 there is no list yet.
    """
    policy.check_may_change(actor, source)
    if source.layout == AREAS:
        raise NotYet(
            "POPULATION-039",
            "The list of villages is read with each source that speaks of it.",
            cure="Look through the files of another source.",
        )
    areas = Source.objects.filter(area=source.area, layout=AREAS).first()
    if areas is None:
        raise no_areas()
    return chosen(areas), chosen(source)


def villages_beside(actor: Actor, source: Source) -> Source | None:
    """The list of villages of a source's province, where it is hers to see to as well."""
    mine = sources_for(actor).prefetch_related(None)
    return mine.filter(area=source.area, layout=AREAS).first()


def no_areas() -> NotYet:
    """What is said where a province has no list of villages yet."""
    return NotYet(
        "POPULATION-040",
        "The province's list of villages is not registered yet.",
        cure="Register it and hand it over first: all other files speak of it.",
    )


def chosen(source: Source) -> Chosen:
    """A source with all its files, as a run reads it; for doors that asked their rule.

    Raises:
        NotYet: POPULATION-039 files of it are missing.
    """
    here = files_of(source)
    missing = [part.name for part in source.laid_out().parts if part.name not in here]
    if missing:
        raise NotYet(
            "POPULATION-039",
            "Not all files of this source are here.",
            where=f"{source.name}: {', '.join(missing)}",
            cure="Hand over what is missing.",
        )
    meanings: dict[str, dict[str, str]] = {}
    for row in meanings_of(source):
        meanings.setdefault(row.field, {})[row.code] = row.target
    return Chosen(
        code=source.code,
        layout=source.layout,
        files={part: str(row.ref) for part, row in here.items()},
        said={name: getattr(source, name) for name in SAID_OF_A_SOURCE},
        meanings=meanings,
        columns=headers_for_reading(source),
        n_lines=sum(row.n_lines or 0 for row in here.values()),
    )


def meanings_of(source: Source) -> list[CodeMeaning]:
    """What was said of the codes of a source and stands now."""
    return list(CodeMeaning.objects.filter(source=source, ended_at__isnull=True).order_by("field", "code"))


def last_said(sources: Iterable[Source]) -> dict[int, dt.datetime]:
    """When a code or a header of each source was last said or taken back."""
    every = list(sources)
    found = headers_last_said(every)
    for pk, *days in CodeMeaning.objects.filter(source__in=every).values_list("source_id", "said_at", "ended_at"):
        found[pk] = max(day for day in (*days, found.get(pk)) if day is not None)
    return found


def find_profile_of(source: Source) -> Profile | None:
    """The newest profile of a source that an actor was given."""
    return Profile.objects.filter(source=source).order_by("-made_at", "-pk").first()


def get_profile(actor: Actor, ref: UUID) -> Profile:
    """One profile, with its source.

    Raises:
        Refused: POPULATION-030 she has no door here.
        Profile.DoesNotExist: there is none, or it is not for her.
    """
    mine = sources_for(actor).prefetch_related(None)
    return Profile.objects.filter(source__in=mine.values("pk")).select_related("source__agency").get(ref=ref)


def get_meaning(actor: Actor, ref: UUID) -> CodeMeaning:
    """What one code means, with its source.

    Raises:
        Refused: POPULATION-030 she has no door here.
        CodeMeaning.DoesNotExist: there is none, or it is not for her.
    """
    mine = sources_for(actor).prefetch_related(None)
    rows = CodeMeaning.objects.filter(source__in=mine.values("pk"), ended_at__isnull=True)
    return rows.select_related("source__agency").get(ref=ref)
