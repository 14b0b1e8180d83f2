"""What the page of one area says: its figures, how sure they are, how it stands beside others, what lies in it."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sarana.basics.actors import Actor
from sarana.basics.ordering import sort_key
from sarana.learning.population import queries
from sarana.learning.population.boundaries.queries import ended_among
from sarana.learning.population.boundaries.showing import gone_in_words
from sarana.learning.population.changes.showing import since_last_year
from sarana.learning.population.models import AreaLevel, Figure, Run
from sarana.learning.population.reasons.showing import why
from sarana.learning.population.showing import BANDS, GROUPS, NONE, class_of


@dataclass(frozen=True, slots=True)
class Group:
    """One group of the people of an area."""

    words: Any
    figure: Figure


def area(actor: Actor, found: Figure, wider: list[Figure], language: str) -> dict[str, Any]:
    """Everything that the page of an area says, of one that lies in these wider ones."""
    groups = {row.group: row for row in queries.groups_in(actor, found, GROUPS)}
    is_subdistrict = found.level == AreaLevel.SUBDISTRICT
    inside = _ordered(list(queries.inside(actor, found)), language)
    band = class_of(found, found.run)
    return {
        "run": found.run,
        "area": found,
        "band": band,
        "band_words": BANDS[band],
        "band_without": BANDS[found.band_without_status or NONE],
        "without_code": found.band_without_status or NONE,
        "share_scored": _share_scored(found),
        "says": _says(found, wider, language),
        "place": _place(*queries.count_rates(actor, found)) if found.rate is not None else "",
        "groups": [Group(words, groups[code]) for code, words in GROUPS.items() if code in groups],
        "inside": [_lying_in(row, found.run, language) for row in inside],
        "inside_level": AreaLevel(inside[0].level).label if inside else "",
        "gone": gone_in_words(ended_among(actor, found.run.area, {found.area})) if is_subdistrict else [],
        **why(found, wider, language),
        **since_last_year(actor, found, language),
    }


def _lying_in(row: Figure, run: Run, language: str) -> tuple[Figure, str, str, str]:
    """An area that lies in another one, its name, its class, and that in words."""
    band = class_of(row, run)
    return row, row.called(language), band, str(BANDS[band])


def _ordered(rows: list[Figure], language: str) -> list[Figure]:
    """The highest rates first, and by name where they are alike."""
    return sorted(rows, key=lambda row: (-(row.rate if row.rate is not None else -1), sort_key(row.called(language))))


def _share_scored(found: Figure) -> int | None:
    """For how many of a hundred people enough is known to say a band; None where either number is withheld."""
    if not found.n_people or found.n_scored is None:
        return None
    return round(100 * found.n_scored / found.n_people)


def _says(found: Figure, wider: list[Figure], language: str) -> str:
    """How sure the rate is, set beside the widest area of which one is said."""
    beside = next((row for row in wider if row.rate is not None), None)
    if found.rate is None or found.low is None or found.high is None:
        return _("Too few people are known here, or too few of them are in a band: a rate would tell of them.")
    if beside is None or beside.rate is None:
        return _("Chance alone moves a rate of so few people between the two ends of the interval.")
    told = {"area": beside.called(language), "rate": f"{beside.rate:,.1f}"}
    if found.low > beside.rate:
        return _("Higher than in %(area)s as a whole (%(rate)s per 1,000), by more than chance explains.") % told
    if found.high < beside.rate:
        return _("Lower than in %(area)s as a whole (%(rate)s per 1,000), by more than chance explains.") % told
    return _("By chance alone it could be as in %(area)s as a whole (%(rate)s per 1,000).") % told


def _place(n_said: int, n_higher: int) -> str:
    """How many areas of its level have a higher rate, of those of which one is said."""
    if n_said < 2:
        return ""
    told = {"count": n_higher, "of": f"{n_said:,}"}
    return (
        ngettext(
            "%(count)s area of this level has a higher rate, of %(of)s of which one is said.",
            "%(count)s areas of this level have a higher rate, of %(of)s of which one is said.",
            n_higher,
        )
        % told
    )
