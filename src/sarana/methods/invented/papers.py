"""Thai national IDs for invented people: thirteen digits whose last checks the others; nobody bears another's."""

import numpy as np
from numpy.typing import NDArray

from sarana.methods.invented.draws import chosen, stream
from sarana.methods.invented.people import People
from sarana.methods.invented.places import Places
from sarana.methods.invented.settings import ProvinceSettings

FIRST_OF_1984 = int(np.datetime64("1984-01-01", "D").astype(np.int64))
"""From this day on, births are entered under the first digit 1; those who were here before bear a 3."""

WEIGHTS = np.arange(13, 1, -1)


def make_ids(settings: ProvinceSettings, people: People, places: Places) -> NDArray[np.int64]:
    """Each person's ID as a number of thirteen digits; 0 for people without one.

    The first digit tells how somebody was entered, the next four the district, seven count, the last checks.

    Source: Ministry of Interior rule on the civil registration number; weights 13 to 2, (11 - sum mod 11) mod 10.
    """
    rng = stream(settings.seed, "papers")
    n = len(people.sex)
    kind = np.where(people.birth >= FIRST_OF_1984, 1, 3)
    kind = np.where(chosen(rng, 0.05, n), 2, kind)
    kind = np.where(chosen(rng, 0.02, n), 5, kind)
    kind = np.where(people.highland & chosen(rng, 0.25, n), 8, kind)
    home = places.subdistrict_code[places.subdistrict[people.village]] // 100
    district = np.where(chosen(rng, 0.18, n), rng.integers(10, 97, n) * 100 + rng.integers(1, 13, n), home)
    head = (kind * 10_000 + district) * 10_000_000
    body = head + rng.integers(0, 10_000_000, n)
    while True:
        _, first = np.unique(body, return_index=True)
        if len(first) == n:
            break
        again = np.ones(n, dtype=np.bool_)
        again[first] = False
        body[again] = head[again] + rng.integers(0, 10_000_000, int(again.sum()))
    return np.where(people.stateless, 0, body * 10 + check_digits(body))


def check_digits(body: NDArray[np.int64]) -> NDArray[np.int64]:
    """The thirteenth digit that belongs to numbers of twelve."""
    total = np.zeros(len(body), dtype=np.int64)
    rest = body.copy()
    for weight in WEIGHTS[::-1]:
        total += rest % 10 * weight
        rest //= 10
    return (11 - total % 11) % 10
