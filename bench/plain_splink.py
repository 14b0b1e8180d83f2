"""The anchor: Splink 5 used as a good practitioner would, on the same standardised rows as ours.

Blocking, comparisons and training follow Splink's own guides: exact and fuzzy name levels with term-frequency
adjustment, date-of-birth levels, ID, sex and area; u by random sampling, m by expectation maximisation over three
blocking rules; clusters by threshold. The ID is one comparison among others, as its documentation suggests.
"""

import sys
from pathlib import Path

import duckdb
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on


def link(standardised: Path, out: Path, *, threads: int, memory: str, temp: Path, threshold: float) -> None:
    """Write `people` (source, row_id, person_id) for a standardised table."""
    duck = duckdb.connect()
    duck.execute(f"SET threads = {threads}")
    duck.execute(f"SET memory_limit = '{memory}'")
    duck.execute(f"SET temp_directory = '{temp}'")
    duck.execute(
        f"""CREATE TABLE input AS SELECT row_number() OVER (ORDER BY source, row_id) AS unique_id, source, row_id,
            given, family, given_key, family_key, strftime(birth, '%Y-%m-%d') AS birth, sex, subdistrict, village,
            CASE WHEN id_state <> 'shared' THEN national_id END AS national_id
        FROM read_parquet('{standardised}')"""
    )
    api = DuckDBAPI(duck)
    linker = Linker(api.register("input"), _settings())
    linker.training.estimate_probability_two_random_records_match(
        [block_on("national_id"), block_on("given_key", "family_key", "birth")], recall=0.8
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    for rule in (block_on("national_id"), block_on("birth", "given_key"), block_on("given_key", "family_key")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    pairs = linker.inference.predict(threshold_match_probability=min(threshold, 0.5))
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(
        pairs, threshold_match_probability=threshold
    )
    duck.execute(
        f"""COPY (SELECT i.source, i.row_id, c.cluster_id AS person_id
        FROM {clusters.physical_name} c JOIN input i USING (unique_id) ORDER BY i.unique_id)
        TO '{out}' (FORMAT parquet)"""
    )


def _settings() -> SettingsCreator:
    """A dedupe model over all rows of all registers."""
    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="unique_id",
        blocking_rules_to_generate_predictions=[
            block_on("national_id"),
            block_on("given_key", "family_key", "sex"),
            block_on("birth", "given_key"),
            block_on("birth", "family_key"),
            block_on("birth", "subdistrict", "sex"),
        ],
        comparisons=[
            _name("given"),
            _name("family"),
            cl.DateOfBirthComparison(
                "birth", input_is_string=True, datetime_metrics=["month", "year", "year"], datetime_thresholds=[1, 1, 10]
            ),
            cl.ExactMatch("sex"),
            cl.LevenshteinAtThresholds("national_id", 2),
            cl.CustomComparison(
                output_column_name="place",
                comparison_levels=[
                    cll.NullLevel("subdistrict"),
                    cll.ExactMatchLevel("village"),
                    cll.ExactMatchLevel("subdistrict"),
                    cll.ElseLevel(),
                ],
            ),
        ],
        retain_intermediate_calculation_columns=False,
        retain_matching_columns=False,
    )


def _name(column: str) -> cl.CustomComparison:
    """A name: same, same sound, nearly the same, alike, other; common names count less."""
    return cl.CustomComparison(
        output_column_name=column,
        comparison_levels=[
            cll.NullLevel(column),
            cll.ExactMatchLevel(column, term_frequency_adjustments=True),
            cll.ExactMatchLevel(f"{column}_key", term_frequency_adjustments=True),
            cll.JaroWinklerLevel(column, 0.92),
            cll.JaroWinklerLevel(f"{column}_key", 0.88),
            cll.ElseLevel(),
        ],
    )


if __name__ == "__main__":
    link(
        Path(sys.argv[1]),
        Path(sys.argv[2]),
        threads=int(sys.argv[3]),
        memory=sys.argv[4],
        temp=Path(sys.argv[5]),
        threshold=float(sys.argv[6]),
    )
