"""How well rows were brought together, over all and by stratum, measured against a truth.

Strata (design: performance, section 1): *stateless* and *highland* when either row's person is so in the truth;
*human security* when at least one row of the pair is from that file; *no ID* when exactly one side is blank,
*neither ID* when both are.
"""

from dataclasses import dataclass
from pathlib import Path

from sarana.methods.engine import Engine, literal

STRATA = {
    "all": "true",
    "human security": "hs",
    "stateless": "stateless",
    "highland": "hill",
    "one side without ID": "n_blank = 1",
    "neither with ID": "n_blank = 2",
}

PAIR_COLUMNS = """a.stateless OR b.stateless AS stateless, a.hill OR b.hill AS hill,
        a.source = 'human_security' OR b.source = 'human_security' AS hs,
        (NOT a.has_id)::INT + (NOT b.has_id)::INT AS n_blank, a.truth = b.truth AS is_true,
        coalesce(a.person_id = b.person_id, false) AS is_said"""
"""What the strata look at, of two rows a and b."""

ID_COLUMNS = {
    "health": "CID",
    "education": "citizen_id",
    "human_security": "national_id",
    "family_welfare": "pid13",
}
"""The column that each sector's file keeps the ID in."""


@dataclass(frozen=True, slots=True)
class Quality:
    """Pairs of one stratum: how many are true, how many were said, how many of those were right."""

    stratum: str
    n_true: int
    n_said: int
    n_right: int

    @property
    def precision(self) -> float:
        """Share of the pairs said that are true; 1 where none was said."""
        return self.n_right / self.n_said if self.n_said else 1.0

    @property
    def recall(self) -> float:
        """Share of the true pairs that were said; 1 where there is none."""
        return self.n_right / self.n_true if self.n_true else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def sector_sql(folder: Path, source: str) -> str:
    """A sector's file as it stands, every column as text, as SQL."""
    return f"read_csv({literal(str(folder / f'{source}.csv'))}, all_varchar=true, header=true)"


def load_truth(engine: Engine, folder: Path) -> None:
    """Make `truth_rows` (source, row_id, truth, stateless, hill, has_id): who each row is, and if it shows an ID."""
    shown = " UNION ALL ".join(
        f"SELECT {literal(source)} AS source, row_id, nullif(trim({column}), '') IS NOT NULL AS has_id "
        f"FROM {sector_sql(folder, source)}"
        for source, column in ID_COLUMNS.items()
    )
    rows, persons = (literal(str(folder / "truth" / name)) for name in ("rows.parquet", "persons.parquet"))
    engine.run(
        f"""CREATE OR REPLACE TABLE truth_rows AS
        SELECT r.sector AS source, r.row_id, r.person_id AS truth, p.stateless, p.hill, s.has_id
        FROM read_parquet({rows}) r JOIN read_parquet({persons}) p USING (person_id)
        JOIN ({shown}) s ON s.source = r.sector AND s.row_id = r.row_id"""
    )


def measure_pairs(engine: Engine, people: str) -> list[Quality]:
    """Pair counts by stratum for a relation `people` (source, row_id, person_id) against `truth_rows`."""
    engine.run(
        f"""CREATE OR REPLACE TEMP TABLE told AS
        SELECT row_number() OVER (ORDER BY t.source, t.row_id) AS n, t.*, p.person_id
        FROM truth_rows t LEFT JOIN {people} p ON p.source = t.source AND p.row_id = t.row_id"""
    )
    engine.run(
        f"""CREATE OR REPLACE TEMP TABLE told_pairs AS
        SELECT {PAIR_COLUMNS} FROM told a JOIN told b ON a.truth = b.truth AND a.n < b.n
        UNION ALL
        SELECT {PAIR_COLUMNS} FROM told a JOIN told b ON a.person_id = b.person_id AND a.n < b.n
        WHERE a.truth <> b.truth"""
    )
    found = []
    for stratum, rule in STRATA.items():
        counts = engine.row(
            f"""SELECT count(*) FILTER (is_true), count(*) FILTER (is_said), count(*) FILTER (is_true AND is_said)
            FROM told_pairs WHERE {rule}"""
        )
        found.append(Quality(stratum, *counts))
    return found


def bcubed(engine: Engine, people: str) -> tuple[float, float, float]:
    """B-cubed precision, recall and F1 over the rows of true people with two rows or more."""
    precision, recall = engine.row(
        f"""WITH t AS (
            SELECT t.truth, p.person_id FROM truth_rows t JOIN {people} p ON p.source = t.source AND p.row_id = t.row_id
        ), sizes AS (SELECT truth, count(*) AS n_true FROM t GROUP BY truth),
        said AS (SELECT person_id, count(*) AS n_said FROM t GROUP BY person_id),
        cells AS (SELECT truth, person_id, count(*) AS n FROM t GROUP BY truth, person_id)
        SELECT sum(n * n / n_said) / sum(n), sum(n * n / n_true) / sum(n)
        FROM cells JOIN sizes USING (truth) JOIN said USING (person_id) WHERE n_true > 1"""
    )
    return precision, recall, 2 * precision * recall / (precision + recall)
