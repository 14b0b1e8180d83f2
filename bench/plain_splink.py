"""The anchor: Splink 5 used as a good practitioner would, on the same standardised rows as ours.

Blocking, comparisons and training follow Splink's own guides: exact and fuzzy name levels with term-frequency
adjustment, levels for births that know what 1 January means, ID, sex and area; u by random sampling, m by expectation
maximisation over three blocking rules; clusters by threshold. The ID is one comparison among others, as its
documentation suggests. House numbers were tried and left out: kin live together, and precision fell.
"""

import argparse
import logging
from pathlib import Path

import duckdb
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

THRESHOLD = 0.95


def link(standardised: Path, out: Path, *, threads: int, memory: str, temp: Path) -> None:
    """Write `people` (source, row_id, person_id) for a standardised table."""
    duck = duckdb.connect()
    duck.execute(f"SET threads = {threads}")
    duck.execute(f"SET memory_limit = '{memory}'")
    duck.execute(f"SET temp_directory = '{temp}'")
    duck.execute(
        f"""CREATE TABLE input AS SELECT row_number() OVER (ORDER BY source, row_id) AS unique_id, source, row_id,
            given, family, given_key, family_key, sex, strftime(birth, '%Y-%m-%d') AS birth, year(birth) AS birth_year,
            CASE WHEN birth_precision = 'day' THEN strftime(birth, '%Y-%m-%d') END AS birth_day,
            village, house, subdistrict, district, CASE WHEN id_state <> 'shared' THEN national_id END AS national_id
        FROM read_parquet('{standardised}')"""
    )
    linker = Linker(DuckDBAPI(duck).register("input"), _settings())
    linker.training.estimate_probability_two_random_records_match(
        [block_on("national_id"), block_on("given_key", "family_key", "birth_day")], recall=0.8
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    for rule in (
        block_on("national_id"),
        block_on("birth_day", "given_key"),
        block_on("given_key", "family_key", "district"),
    ):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    pairs = linker.inference.predict(threshold_match_probability=THRESHOLD)
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, threshold_match_probability=THRESHOLD)
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
            block_on("given_key", "family_key", "birth_year"),
            block_on("given_key", "family_key", "district"),
            block_on("birth_day", "given_key"),
            block_on("birth_day", "family_key"),
            block_on("birth_day", "subdistrict", "sex"),
            block_on("village", "house", "given_key"),
            block_on("family_key", "subdistrict", "birth_year"),
        ],
        comparisons=[
            _name("given"),
            _name("family"),
            _birth(),
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


def _birth() -> cl.CustomComparison:
    """A birth: same known day, same 1 January, a slip or a swap, same year (day unknown or not), a year off, other."""
    year, swapped = "birth_year_l = birth_year_r", "month(birth_l::DATE) = day(birth_r::DATE)"
    levels = {
        "birth_day_l = birth_day_r": "same day",
        "birth_l = birth_r": "same 1 January",
        f"damerau_levenshtein(birth_day_l, birth_day_r) <= 1 OR ({year} AND {swapped} "
        "AND day(birth_l::DATE) = month(birth_r::DATE))": "slip or swap",
        f"{year} AND (birth_day_l IS NULL OR birth_day_r IS NULL)": "same year, day unknown",
        year: "same year",
        "abs(birth_year_l - birth_year_r) <= 1": "a year off",
    }
    said = [{"sql_condition": rule, "label_for_charts": label} for rule, label in levels.items()]
    return cl.CustomComparison(
        output_column_name="birth", comparison_levels=[cll.NullLevel("birth"), *said, cll.ElseLevel()]
    )


def main() -> None:
    """Link the rows of a standardised table."""
    ask = argparse.ArgumentParser()
    ask.add_argument("standardised", type=Path)
    ask.add_argument("out", type=Path)
    ask.add_argument("--threads", type=int, required=True)
    ask.add_argument("--memory", required=True)
    ask.add_argument("--temp", type=Path, required=True)
    asked = ask.parse_args()
    logging.getLogger("splink").setLevel(logging.ERROR)
    link(asked.standardised, asked.out, threads=asked.threads, memory=asked.memory, temp=asked.temp)


if __name__ == "__main__":
    main()
