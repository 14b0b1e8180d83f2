"""What two rows have in common, comparison by comparison, as small level numbers that have words.

Levels are chosen so that a person can read them: each level of each comparison has a sentence in
`reference/linkage/evidence.toml`, and its weight is a number of points.
"""

from sarana.methods.engine import Engine
from sarana.methods.names.keys import make_keys

SAME, SOUNDS, NEAR, ALIKE, FAR, OTHER = 1, 2, 3, 4, 5, 6
"""Levels of a name: same letters; same sound; one slip; alike; somewhat alike; other. 0 is missing."""

COMPARISONS = ("given", "family", "names", "birth", "sex", "place", "house", "household", "registers")
"""The comparisons that the weights are learnt for; the ID has its own points."""

_MACROS = (
    """CREATE OR REPLACE MACRO lk_like(x, y, kx, ky, sx, sy) AS CASE
        WHEN x IS NULL OR y IS NULL OR x = y OR kx = ky OR sx = sy THEN NULL
        WHEN sx IS NOT NULL AND sy IS NOT NULL THEN jaro_winkler_similarity(sx, sy) - 0.03
        ELSE jaro_winkler_similarity(x, y) END""",
    f"""CREATE OR REPLACE MACRO lk_name(x, y, kx, ky, sx, sy, likeness) AS CASE
        WHEN x IS NULL OR y IS NULL THEN 0
        WHEN x = y THEN {SAME}
        WHEN sx = sy OR (kx = ky AND length(kx) >= 3) THEN {SOUNDS}
        WHEN kx = ky OR likeness >= 0.93 THEN {NEAR}
        WHEN likeness >= 0.87 THEN {ALIKE}
        WHEN likeness >= 0.77 THEN {FAR}
        ELSE {OTHER} END""",
    """CREATE OR REPLACE MACRO lk_birth(x, y, px, py) AS CASE
        WHEN x IS NULL OR y IS NULL THEN 0
        WHEN px = 'year' OR py = 'year' THEN
            CASE abs(year(x) - year(y)) WHEN 0 THEN 7 WHEN 1 THEN 8 WHEN 10 THEN 13 ELSE 9 END
        WHEN x = y THEN CASE WHEN px = 'first' THEN 2 ELSE 1 END
        WHEN px = 'first' OR py = 'first' THEN CASE abs(year(x) - year(y)) WHEN 0 THEN 6 WHEN 1 THEN 8 ELSE 9 END
        WHEN year(x) = year(y) THEN CASE
            WHEN month(x) = day(y) AND day(x) = month(y) THEN 3
            WHEN month(x) = month(y) OR day(x) = day(y) THEN 5
            ELSE 11 END
        WHEN month(x) = month(y) AND day(x) = day(y) THEN CASE WHEN abs(year(x) - year(y)) IN (1, 10) THEN 4 ELSE 10 END
        ELSE 12 END""",
)

_FREQUENT = (5, 20, 60, 200)
"""Upper ends of the rarity classes of a name: rows that carry its key, in 100,000."""


def compare_pairs(engine: Engine, n_rows: int) -> None:
    """Make `lk_compared` from `lk_candidates`: one line a pair, one small column a comparison.

    Args:
        engine: holds `lk_rows`, `lk_sounds`, `lk_candidates`.
        n_rows: rows in all, for the rarity of names.
    """
    for macro in _MACROS:
        engine.run(macro)
    for column in ("given", "family"):
        steps = " ".join(
            f"WHEN count(*) <= {share * max(n_rows, 100_000) / 100_000} THEN {n}" for n, share in enumerate(_FREQUENT)
        )
        engine.run(
            f"""CREATE OR REPLACE TEMP TABLE lk_rare_{column} AS
            SELECT {column}_key AS key, CASE {steps} ELSE {len(_FREQUENT)} END AS rarity
            FROM lk_rows WHERE {column}_key IS NOT NULL GROUP BY key"""
        )
    _hear_names(engine)
    engine.run(
        """CREATE OR REPLACE TEMP TABLE lk_side AS
        WITH needed AS (
            SELECT n, place, given, family, script, given_key, family_key, is_female, birth, precise, id,
                has_id, is_hidden,                 village, subdistrict, district, house, household
            FROM lk_rows SEMI JOIN (SELECT a AS n FROM lk_candidates UNION SELECT b FROM lk_candidates) USING (n)
        )
        SELECT r.*, g.sounds AS given_sounds, f.sounds AS family_sounds,
            rg.rarity AS given_rarity, rf.rarity AS family_rarity
        FROM needed r
        LEFT JOIN lk_sounds g ON g.word = r.given LEFT JOIN lk_sounds f ON f.word = r.family
        LEFT JOIN lk_rare_given rg ON rg.key = r.given_key LEFT JOIN lk_rare_family rf ON rf.key = r.family_key"""
    )
    engine.run(f"CREATE OR REPLACE TABLE lk_compared AS {_COMPARED}")
    engine.run("DROP TABLE lk_side")


def _hear_names(engine: Engine) -> None:
    """Make `lk_sounds` for names that meet a name in another script; the others are compared as they are written."""
    engine.run(
        """CREATE OR REPLACE TEMP TABLE lk_words AS
        WITH met AS (
            SELECT unnest([a, b]) AS n FROM lk_candidates c
            JOIN lk_rows x ON x.n = c.a JOIN lk_rows y ON y.n = c.b WHERE x.script <> y.script
        ), hearing AS (SELECT DISTINCT given, family FROM lk_rows JOIN met USING (n))
        SELECT given AS word FROM hearing UNION SELECT family FROM hearing"""
    )
    make_keys(engine, "lk_words", "lk_sounds")


_MET = """SELECT c.a, c.b, x.place::SMALLINT * 100 + y.place AS registers,
    coalesce(x.script <> y.script, false) AS is_across,
    CASE WHEN x.id IS NULL OR y.id IS NULL THEN 0
        WHEN x.id = y.id THEN 1
        WHEN x.has_id AND y.has_id THEN 4
        WHEN jaro_winkler_similarity(x.id, y.id) > 0.9 THEN
            CASE WHEN damerau_levenshtein(x.id, y.id) <= 2 THEN 2 ELSE 3 END
        ELSE 3 END AS id,
    x.has_id AND y.has_id AND (x.is_hidden OR y.is_hidden) AS teaches,
    greatest(x.given_rarity, y.given_rarity) AS given_rarity,
    greatest(x.family_rarity, y.family_rarity) AS family_rarity,
    x.given AS xg, x.family AS xf, y.given AS yg, y.family AS yf, x.given_key AS xgk, x.family_key AS xfk,
    y.given_key AS ygk, y.family_key AS yfk, y.given_sounds AS ygs, y.family_sounds AS yfs,
    CASE WHEN is_across THEN x.given_sounds END AS xgs, CASE WHEN is_across THEN x.family_sounds END AS xfs,
    lk_birth(x.birth, y.birth, x.precise, y.precise) AS birth,
    CASE WHEN x.is_female IS NULL OR y.is_female IS NULL THEN 0 WHEN x.is_female = y.is_female THEN 1 ELSE 2 END AS sex,
    CASE WHEN x.subdistrict IS NULL OR y.subdistrict IS NULL THEN
            CASE WHEN x.district IS NULL OR y.district IS NULL THEN 0 WHEN x.district = y.district THEN 6 ELSE 5 END
        WHEN x.village = y.village THEN 1
        WHEN x.subdistrict = y.subdistrict THEN CASE WHEN x.village IS NULL OR y.village IS NULL THEN 2 ELSE 3 END
        WHEN x.district = y.district THEN 4 ELSE 5 END AS place,
    CASE WHEN x.house IS NULL OR y.house IS NULL THEN 0
        WHEN x.house = y.house THEN CASE WHEN x.village = y.village THEN 1 ELSE 2 END ELSE 3 END AS house,
    CASE WHEN x.household IS NULL OR y.household IS NULL OR x.place <> y.place THEN 0
        WHEN x.household = y.household THEN 1 ELSE 2 END AS household,
    coalesce(x.given_key = y.family_key, false) OR coalesce(x.family_key = y.given_key, false) AS may_be_turned
FROM lk_candidates c JOIN lk_side x ON x.n = c.a JOIN lk_side y ON y.n = c.b"""

_LIKE = f"""SELECT *,
    lk_like(xg, yg, xgk, ygk, xgs, ygs) AS given_like, lk_like(xf, yf, xfk, yfk, xfs, yfs) AS family_like,
    CASE WHEN may_be_turned THEN lk_like(xg, yf, xgk, yfk, xgs, yfs) END AS given_like_turned,
    CASE WHEN may_be_turned THEN lk_like(xf, yg, xfk, ygk, xfs, ygs) END AS family_like_turned
FROM ({_MET})"""

_NAMED = f"""SELECT *,
    lk_name(xg, yg, xgk, ygk, xgs, ygs, given_like) AS given_level,
    lk_name(xf, yf, xfk, yfk, xfs, yfs, family_like) AS family_level,
    CASE WHEN may_be_turned THEN lk_name(xg, yf, xgk, yfk, xgs, yfs, given_like_turned) ELSE 0 END AS given_turned,
    CASE WHEN may_be_turned THEN lk_name(xf, yg, xfk, ygk, xfs, ygs, family_like_turned) ELSE 0 END AS family_turned
FROM ({_LIKE})"""

_DECIDED = f"""SELECT *,
    given_level >= {ALIKE} AND (family_level >= {ALIKE} OR family_level = 0) AND (
        given_turned BETWEEN 1 AND {ALIKE} AND family_turned BETWEEN 0 AND {ALIKE}
        OR given_turned = 0 AND family_turned BETWEEN 1 AND {NEAR}) AS is_turned
FROM ({_NAMED})"""

_LEVELLED = f"""SELECT a, b, id, teaches, birth, sex, place, house, household, registers, given_rarity, family_rarity,
    is_turned, is_across,
    CASE WHEN is_turned THEN given_turned ELSE given_level END AS g,
    CASE WHEN is_turned THEN family_turned ELSE family_level END AS f
FROM ({_DECIDED})"""

_COMPARED = f"""SELECT a, b, id::TINYINT AS id, coalesce(teaches, false) AS teaches,
    (g * 10 + CASE WHEN g BETWEEN 1 AND {ALIKE} THEN given_rarity ELSE 0 END
        + CASE WHEN is_turned THEN 100 ELSE 0 END)::SMALLINT
        AS given,
    (f * 10 + CASE WHEN f BETWEEN 1 AND {ALIKE} THEN family_rarity ELSE 0 END)::SMALLINT AS family,
    ((CASE WHEN g = 0 THEN 0 WHEN g <= {NEAR} THEN 1 WHEN g <= {FAR} THEN 2 ELSE 3 END) * 4
        + CASE WHEN f = 0 THEN 0 WHEN f <= {NEAR} THEN 1 WHEN f <= {FAR} THEN 2 ELSE 3 END
        + CASE WHEN is_across THEN 16 ELSE 0 END)::SMALLINT AS names,
    birth::SMALLINT AS birth, sex::SMALLINT AS sex, place::SMALLINT AS place, house::SMALLINT AS house,
    household::SMALLINT AS household, registers::SMALLINT AS registers
FROM ({_LEVELLED})"""
