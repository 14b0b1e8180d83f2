"""What may be set for a linkage run; all of it counts in the settings hash."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LinkSettings:
    """How widely to look, how sure to be.

    Args:
        sources: names of the sources, in the order of SOURCES.toml.
        accept: probability above which two rows may be held to be one person.
        likely: the same while pairs are weighed for the first time, and what they show is still rough.
        review_from: probability from which an unjoined pair goes to the review table.
        review_until: probability under which a joined pair goes there too, to be confirmed.
        block_rows: most rows that may share one blocking key; wider keys are left out.
        away_rows: most rows of the country that may share a key without a place for those of unlike provinces to meet.
        doubt: probability under which two rows of one ID show that it is no proof for either.
        taught_rows: about how many rows with an ID have it hidden, to teach the weights.
        near_id_points, far_id_points, same_id_points: what a nearly equal, another, or an equal ID adds,
            in hundredths of log-odds; set by us, because an ID cannot be taught by pairs it defines.
        unseen_points: what a pair counts inside a cluster when no blocking key brought it together.
    """

    sources: tuple[str, ...]
    accept: float = 0.5
    likely: float = 0.62
    review_from: float = 0.10
    review_until: float = 0.90
    block_rows: int = 60
    away_rows: int = 12
    doubt: float = 0.73
    taught_rows: int = 200_000
    near_id_points: int = 600
    far_id_points: int = -150
    same_id_points: int = 400
    unseen_points: int = -600


def points_of(probability: float) -> int:
    """A probability as points, hundredths of log-odds."""
    return round(100 * math.log(probability / (1 - probability)))
