"""What the questions of one sector say together of each person: unprotected, never written anywhere."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from sarana.methods.areas.answers import is_wide_only, read_scores
from sarana.methods.engine import Engine
from sarana.methods.risk.coded import Codes
from sarana.methods.risk.shapes import IndicatorSet

GRAVEST, OTHER = 3, 1
"""At least one answer is 3, or none."""


def questions_of_sectors(of: IndicatorSet, off: Collection[str] = ()) -> Mapping[str, tuple[str, ...]]:
    """By sector the questions that make it up, in the order of the set; a sector without one is left out.

    Only what may be told of small areas: sensitive questions and those about others of a household are not among them,
    for the sector less its other questions would tell of them. Nor is legal status, which has a map of its own.

    Args:
        of: the indicator set.
        off: indicators that are not asked in the run.
    """
    found: dict[str, tuple[str, ...]] = {}
    for key in of.sectors:
        asked = (each.id for each in of.indicators if each.sector == key)
        told = tuple(one for one in asked if one not in off and one != of.legal_status and not is_wide_only(of, one))
        if told:
            found[key] = told
    return found


def read_sector(engine: Engine, questions: Sequence[str], known_by: str) -> Codes:
    """What everyone's answers to the questions of a sector say together, in the order of `persons`.

    Args:
        engine: holds `scores`.
        questions: of the sector.
        known_by: the one of them whose answer has to be known for anybody to be counted.

    Returns:
        Shape (people,): 3 where any of the answers is 3; 1 where none is; 0 and -1 as the answer to `known_by` is.
    """
    asked = read_scores(engine, known_by)
    is_gravest = asked == GRAVEST
    for name in questions:
        if name != known_by:
            is_gravest |= read_scores(engine, name) == GRAVEST
    found: Codes = np.where(asked > 0, np.where(is_gravest, GRAVEST, OTHER), asked)
    return found
