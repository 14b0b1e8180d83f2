"""How many people of the highest band are not found when people are joined by us and not by the truth."""

from dataclasses import dataclass

from sarana.methods.engine import Engine

STRATA = {"all": "true", "stateless": "stateless"}


@dataclass(frozen=True, slots=True)
class Missed:
    """People of one stratum: how many are red when joined by the truth, and how many of these are not found."""

    stratum: str
    n_red: int
    n_not_found: int

    @property
    def share(self) -> float:
        """Share of the red people who are not found; 0 where nobody is red."""
        return self.n_not_found / self.n_red if self.n_red else 0.0


def red_not_found(engine: Engine, *, true_scores: str, people: str, scores: str) -> list[Missed]:
    """Count those who are red on the true people and whom no red person of ours stands for.

    A person is found when more than half of her rows belong to one person of ours whose band is red.

    Args:
        engine: holds `truth_rows` as `bench.quality.load_truth` makes it, and the relations named here.
        true_scores: scores (person_id, band) of the same standardised rows with the truth as `people`.
        people: our people (source, row_id, person_id).
        scores: scores (person_id, band) with our people.
    """
    strata = ", ".join(
        f"count(*) FILTER ({rule}), count(*) FILTER (({rule}) AND NOT is_found)" for rule in STRATA.values()
    )
    counts = engine.row(f"""
        WITH red AS (SELECT person_id AS truth FROM {true_scores} WHERE band = 'red'),
        held AS (SELECT t.truth, bool_or(t.stateless) AS stateless, p.person_id, count(*) AS n
                 FROM truth_rows t SEMI JOIN red USING (truth) LEFT JOIN {people} p USING (source, row_id)
                 GROUP BY t.truth, p.person_id),
        found AS (SELECT h.truth, bool_or(h.stateless) AS stateless, sum(h.n) AS n,
                         coalesce(max(h.n) FILTER (s.band = 'red'), 0) AS n_held
                  FROM held h LEFT JOIN {scores} s USING (person_id) GROUP BY h.truth),
        told AS (SELECT stateless, 2 * n_held > n AS is_found FROM found)
        SELECT {strata} FROM told""")
    return [Missed(name, counts[2 * at], counts[2 * at + 1]) for at, name in enumerate(STRATA)]
