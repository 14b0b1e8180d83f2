"""Rows made ready for linkage: numbered in a total order, with short columns."""

from sarana.methods.engine import Engine, literal
from sarana.methods.linkage.settings import LinkSettings


def prepare_rows(engine: Engine, settings: LinkSettings) -> int:
    """Make `lk_rows` from `standardised`: one line a row, numbered from 1 by source position and row id.

    A row is *open* when it has no valid ID; a hash-picked share of the others has its ID *hidden*, so that pairs
    whose answer is known teach the weights exactly what open rows will meet.

    Returns:
        The number of rows.
    """
    places = ", ".join(f"({literal(name)}, {n})" for n, name in enumerate(settings.sources, 1))
    n_with_id = engine.row("SELECT count(*) FILTER (id_state = 'valid') FROM standardised")[0]
    every = max(1, n_with_id // settings.taught_rows)
    engine.run(
        f"""CREATE OR REPLACE TEMP VIEW lk_placed AS
        SELECT * FROM standardised JOIN (VALUES {places}) p(source, place) USING (source)"""
    )
    ordered = "lk_placed" if _is_ordered(engine) else "(SELECT * FROM lk_placed ORDER BY place, row_id)"
    engine.run(
        f"""CREATE OR REPLACE TABLE lk_rows AS
        SELECT (row_number() OVER ())::INTEGER AS n, place::TINYINT AS place, source, row_id, given, family, script,
            given_key, family_key, sex = 'female' AS is_female, birth, birth_precision AS precise,
            CASE WHEN id_state <> 'shared' THEN national_id END AS id,
            coalesce(id_state = 'valid', false) AS has_id,
            coalesce(id_state = 'valid', false) AND hash(source || ':' || row_id) % {every} = 0 AS is_hidden,
            village, subdistrict, district, house, household
        FROM {ordered}"""
    )
    return int(engine.row("SELECT count(*) FROM lk_rows")[0])


def _is_ordered(engine: Engine) -> bool:
    """Whether the rows come in their total order already, as a saved table does; sorting them again is dear."""
    return not engine.row(
        """SELECT count(*) FROM (
            SELECT place, row_id, lag(place) OVER () AS place_before, lag(row_id) OVER () AS row_before FROM lk_placed
        ) WHERE place < place_before OR place = place_before AND row_id < row_before"""
    )[0]
