"""What a map may show in place of the index: the answers to one indicator, or one sector; and what is in the way."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from sarana.basics.errors import NotYet
from sarana.learning.population.models import AreaLevel, Run
from sarana.learning.population.queries import ALL
from sarana.learning.population.reasons import queries
from sarana.learning.population.reasons.models import Indicator, Sector
from sarana.learning.population.sets.showing import name_in, sector_in
from sarana.learning.population.showing import Choice

TELLS_NONE = "POPULATION-028"
"""The code by which it is said that a run tells no answers: the year before may tell some."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One indicator or one sector that a map shows, in words.

    Args:
        name: of the indicator or the sector.
        says: of whom the rate tells, in one sentence.
        questions: of a sector, those that make it up.
    """

    name: str
    says: str
    questions: tuple[str, ...] = ()


def find_measure(run: Run, choice: Choice, language: str) -> Measure | None:
    """What an address asks a map to show; None where it is the index.

    Raises:
        NotYet: POPULATION-024 the run tells of no such indicator; POPULATION-025 of no such sector; POPULATION-026 both
            are asked for; POPULATION-027 it is asked for with villages, a group, or the second map; POPULATION-028 the
            run tells no answers; POPULATION-029 it tells none of this level.
    """
    if choice.is_index:
        return None
    _check_goes_together(choice)
    indicators = queries.indicators_of(run)
    _check_tells_answers(indicators)
    found = _sector(run, choice, language) if choice.sector else _indicator(choice, indicators, language)
    if not queries.is_told(run, choice.level, choice.indicator, choice.sector):
        raise NotYet(
            "POPULATION-029",
            "Of areas of this kind nothing may be told of it: it is sensitive, or too few people are asked or known.",
            cure="Choose wider areas. What is sensitive is told of whole provinces only.",
        )
    return found


def _check_goes_together(choice: Choice) -> None:
    if choice.indicator and choice.sector:
        raise NotYet(
            "POPULATION-026",
            "A map shows one indicator or one sector, not both.",
            cure="Choose one of them, and leave the other as it is.",
        )
    if choice.level == AreaLevel.VILLAGE or choice.group != ALL or choice.is_without:
        raise NotYet(
            "POPULATION-027",
            "An indicator or a sector is told of everybody together, of subdistricts and wider areas: by sex, by age, "
            "of villages or beside the map without legal status it would tell of few people.",
            cure="Choose everybody, all indicators, and a wider kind of area; or go back to the index.",
        )


def _check_tells_answers(indicators: list[Indicator]) -> None:
    if not indicators:
        raise NotYet(
            "POPULATION-028",
            "This map tells no answers: beside a table that is out, exact answers would tell of few people.",
            cure="Open the map of the year before, under Population. If there is none, the run is of an earlier "
            "version: have it made again.",
        )


def _indicator(choice: Choice, indicators: list[Indicator], language: str) -> Measure:
    found = next((each for each in indicators if each.key == choice.indicator), None)
    if found is None:
        raise NotYet(
            "POPULATION-024",
            "This run tells of no such indicator.",
            cure="Choose one from the list of indicators above the map.",
        )
    name = name_in(found.name, language)
    says = _("people in need by “%(name)s” (answer 2 or 3), of those whose answer is known") % {"name": name}
    return Measure(name, says)


def _sector(run: Run, choice: Choice, language: str) -> Measure:
    found = next((each for each in queries.sectors_of(run) if each.key == choice.sector), None)
    if found is None:
        raise NotYet(
            "POPULATION-025",
            "This run tells of no such sector.",
            cure="Choose one from the list of sectors above the map. A sector that asks sensitive questions only, or "
            "of which too few people are known, is not in it.",
        )
    names = {key: name_in(name, language) for key, name in found.questions.items()}
    name = sector_name(found, language)
    says = _(
        "people with the gravest answer (3) to at least one question of “%(name)s”, of those whose answer to "
        "“%(known_by)s” is known"
    ) % {"name": name, "known_by": names.get(found.known_by, found.known_by)}
    return Measure(name, says, tuple(names.values()))


def sector_name(of: Sector, language: str) -> str:
    """A sector in the reader's language, where somebody wrote it."""
    return sector_in(of.key, of.name, language)
