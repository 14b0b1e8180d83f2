"""Lets a year pass over made-up people: most stay as they are, some change band, some come and some leave."""

import numpy as np
import pyarrow as pa

from sarana.basics.progress import Silent
from sarana.methods.areas.rollup import AreaSettings, roll_up
from sarana.methods.disclosure.earlier import Release
from sarana.methods.disclosure.protect import protect
from sarana.methods.disclosure.rule import DisclosureSettings
from sarana.methods.engine import Engine


def put_by(engine: Engine, suffix: str = "before") -> Release:
    """Keep the tables of a run under another name, as a release."""
    for name in ("areas", "areas_internal"):
        engine.run(f"CREATE OR REPLACE TABLE {name}_{suffix} AS SELECT * FROM {name}")
    return Release(f"areas_{suffix}", f"areas_internal_{suffix}")


def let_a_year_pass(engine: Engine, share: float, seed: int = 0) -> None:
    """Change `persons` and `scores`: this share have another band, half as many are gone, half as many come."""
    rng = np.random.default_rng([seed, 3])
    n = engine.row("SELECT count(*) FROM persons")[0]
    fate = rng.choice(4, n, p=[1 - 2 * share, share, share / 2, share / 2])
    ids = [row[0] for row in engine.rows("SELECT person_id FROM persons ORDER BY 1")]
    band = np.array(["red", "yellow", "green", "grey"])[rng.choice(4, n, p=[0.08, 0.22, 0.5, 0.2])]
    engine.load("_fate", pa.table({"person_id": ids, "fate": fate, "other": band}))
    engine.run(
        """CREATE OR REPLACE TABLE persons AS SELECT p.* FROM persons p JOIN _fate USING (person_id) WHERE fate <> 2
        UNION ALL SELECT p.* REPLACE ('n' || person_id AS person_id) FROM persons p JOIN _fate USING (person_id)
        WHERE fate = 3"""
    )
    engine.run(
        """CREATE OR REPLACE TABLE scores AS
        SELECT s.* EXCLUDE (band, band_without_status), CASE fate WHEN 1 THEN other ELSE band END AS band,
            CASE fate WHEN 1 THEN other ELSE band_without_status END AS band_without_status
        FROM scores s JOIN _fate USING (person_id) WHERE fate <> 2
        UNION ALL SELECT 'n' || s.person_id, s.index, other, other FROM scores s JOIN _fate USING (person_id)
        WHERE fate = 3"""
    )


def publish_again(engine: Engine, after: tuple[Release, ...] = ()) -> None:
    """Count and protect."""
    roll_up(engine, AreaSettings(), Silent())
    protect(engine, DisclosureSettings(), Silent(), after)
