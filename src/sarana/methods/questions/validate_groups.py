"""The groups between which the errors of a back-test are compared: sex, legal status, district."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from sarana.methods.engine import Engine
from sarana.methods.risk.settings import RiskSettings

SEX, LEGAL_STATUS, DISTRICT = "sex", "status", "district"
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Division:
    """One way to divide people.

    Attributes:
        name: `sex`, `status` or `district`.
        keys: the groups: standard codes, scores of the legal-status indicator, district codes; `unknown` last.
        names: for each group its name and its local name, empty but for districts.
        group: shape (people,), the place of everyone's group.
        barred: shape (groups,), true where the protected table of areas does not tell how many people there are.
    """

    name: str
    keys: tuple[str, ...]
    names: tuple[tuple[str, str], ...]
    group: NDArray[np.int64]
    barred: NDArray[np.bool_]


def divisions(engine: Engine, settings: RiskSettings, status: NDArray[np.int8]) -> tuple[Division, ...]:
    """All divisions.

    Args:
        engine: reads `persons` (in the order of `scores`), `areas`, `area_names`, `villages`.
        settings: of the run.
        status: shape (people,), scores of the legal-status indicator, 0 or -1 where not known.
    """
    withheld = {
        (level, code, group)
        for level, code, group in engine.rows(
            """SELECT level, code, "group" FROM areas WHERE level IN ('province', 'district') AND n_people IS NULL"""
        )
    }
    withheld_groups = {group for level, _, group in withheld if level == "province"}
    sexes = ("female", "male", UNKNOWN)
    codes = [code for (code,) in engine.rows("SELECT DISTINCT district_code FROM villages ORDER BY 1") if code]
    named = {
        code: (name or "", local or "")
        for code, name, local in engine.rows(
            "SELECT code, name, name_local FROM area_names WHERE level = 'district' ORDER BY ALL"
        )
    }
    hidden = [("district", code, "all") in withheld for code in codes]
    none = ("", "")
    lost = any(level == "district" and code.endswith(UNKNOWN) and group == "all" for level, code, group in withheld)
    return (
        Division(
            SEX,
            sexes,
            (none,) * 3,
            _places(engine, "sex", sexes[:2]),
            np.array([f"sex={letter}" in withheld_groups for letter in "FMU"]),
        ),
        Division(
            LEGAL_STATUS,
            ("1", "2", "3", UNKNOWN),
            (none,) * 4,
            np.where(status > 0, status - 1, 3).astype(np.int64),
            np.zeros(4, bool),
        ),
        Division(
            DISTRICT,
            (*codes, UNKNOWN),
            (*(named.get(code, none) for code in codes), none),
            _places(engine, "district", codes),
            np.array([*hidden, lost]),
        ),
    )


def _places(engine: Engine, column: str, words: Sequence[str]) -> NDArray[np.int64]:
    """Where everyone's word stands among some; one past the last where it is not known or not among them."""
    said = engine.read("persons", [column], [column])[column].combine_chunks()
    place = {word: at for at, word in enumerate(words)}
    of_word = np.array([*(place.get(word, len(words)) for word in said.dictionary.to_pylist()), len(words)])
    return np.asarray(of_word[pc.fill_null(said.indices, -1).to_numpy()], np.int64)
