"""The truth beside invented files: whose each row is, and everything that is true of each person."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from sarana.methods.invented.registers import Register
from sarana.methods.invented.sectors import World

HIGHLAND_CODE = 20_000_000
FEMALE_CODE = 10_000_000

type Sizes = tuple[int, int, int, int]

TRUTH_FACTS = (
    "disability", "chronic", "mental", "substance", "teen_preg", "no_insurance", "vacc_missed",
    "injury_violence", "malnutrition", "dropout", "attendance", "gpa", "grade_delay", "lives_with",
    "distance_km", "migrant_parent", "homeless", "exploited_before", "debt_bond", "seasonal_migration",
    "dv_case", "hh_income", "hh_debt", "hh_land", "alcohol", "gambling", "parent_absent", "orphan",
    "worker_away", "single_parent",
)  # fmt: skip
"""Facts in the order of the truth's columns."""


def write_truth(
    out: Path,
    world: World,
    files: Sequence[tuple[str, pa.Array, Register]],
    pools_size: Sizes,
    who: NDArray[np.bool_] | None = None,
) -> None:
    """Who is who: one line a row, and one line a person, in the columns of the population sample.

    Args:
        out: the folder; its folder `truth` is there.
        world: what is true.
        files: the name, the row ids and the rows of each source.
        pools_size: sizes of the pools of male, female, highland names and surnames.
        who: shape (people,), who is there to be told of; everybody unless given.
    """
    rows = [
        pa.table(
            {
                "sector": pa.array([name]).take(pa.array(np.zeros(len(register.person), dtype=np.int64))),
                "row_id": row_ids,
                "person_id": pa.array(register.person, pa.int32()),
                "is_duplicate": pa.array(register.is_duplicate),
            }
        )
        for name, row_ids, register in files
    ]
    pq.write_table(pa.concat_tables(rows), out / "truth" / "rows.parquet", compression="zstd", compression_level=1)
    people, facts = world.people, world.facts
    n_male, n_female, _, n_surnames = pools_size
    given = people.given
    given = np.where(
        given >= n_male + n_female,
        HIGHLAND_CODE + given - n_male - n_female,
        np.where(given >= n_male, FEMALE_CODE + given - n_male, given),
    )
    surname = np.where(people.surname >= n_surnames, FEMALE_CODE + people.surname - n_surnames, people.surname)
    columns = {
        "person_id": pa.array(np.arange(len(given)), pa.int32()),
        "household": pa.array(people.household, pa.int32()),
        "village_code": world.places.village_code[people.village],
        "sex": people.sex,
        "dob": people.birth.astype("datetime64[D]"),
        "national_id": world.ids,
        "stateless": people.stateless,
        "hill": people.highland,
        "twin": people.twin,
        "given": given,
        "surname": surname,
        "latent": people.need,
        **{name: facts[name] for name in TRUTH_FACTS},
    }
    table = pa.table(columns)
    table = table if who is None else table.filter(pa.array(who))
    pq.write_table(table, out / "truth" / "persons.parquet", compression="zstd", compression_level=1)
