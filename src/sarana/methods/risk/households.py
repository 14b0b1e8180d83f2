"""Who lives together: people of one household number, and people at one house of one village.

A person's household is the number that the first source with numbers gives them. A number of a later source, or a house
of a village, joins the household to which more than half of its already placed people belong; otherwise it is a
household of its own. Nothing is chained further, so one wrong number cannot melt a village together. A number or house
shared by too many people (dormitories, barracks, `house number 0`) is no household.
"""

from collections.abc import Sequence

from sarana.methods.engine import Engine, literal


def make_households(engine: Engine, sources: Sequence[str], most_members: int) -> None:
    """Make `risk_households` (p, household), with a line for each person who has one.

    Args:
        engine: holds `risk_rows` and `risk_persons`.
        sources: names of the sources in order.
        most_members: households of more people are none.

    Cost: 3 CPU seconds for 1.7 million people.
    """
    engine.run("""
        CREATE OR REPLACE TEMP TABLE home_numbers AS
        WITH said AS (SELECT p, pos, household, count(*) AS n, max(as_of) AS as_of
                      FROM risk_rows WHERE household IS NOT NULL GROUP BY p, pos, household)
        SELECT p, pos, household AS unit FROM said
        QUALIFY row_number() OVER (PARTITION BY p, pos ORDER BY n DESC, as_of DESC NULLS LAST, household) = 1""")
    engine.run("""
        CREATE OR REPLACE TEMP TABLE home_houses AS
        WITH said AS (SELECT r.p, r.village || '/' || r.house AS unit, count(*) AS n, min(r.pos) AS pos,
                             max(r.as_of) AS as_of
                      FROM risk_rows r JOIN risk_persons x USING (p)
                      WHERE r.house IS NOT NULL AND r.village = x.village GROUP BY ALL)
        SELECT p, unit FROM said
        QUALIFY row_number() OVER (PARTITION BY p ORDER BY n DESC, pos, as_of DESC NULLS LAST, unit) = 1""")
    engine.run("CREATE OR REPLACE TEMP TABLE risk_placed (p INTEGER, household VARCHAR)")
    for (pos,) in engine.rows("SELECT DISTINCT pos FROM home_numbers ORDER BY pos"):
        engine.run(f"CREATE OR REPLACE TEMP VIEW home_units AS SELECT p, unit FROM home_numbers WHERE pos = {int(pos)}")
        _place(engine, f"{literal(sources[pos] + ':')} || u.unit")
    engine.run("CREATE OR REPLACE TEMP VIEW home_units AS SELECT p, unit FROM home_houses")
    _place(engine, "u.unit")
    engine.run(f"""
        CREATE OR REPLACE TEMP TABLE risk_households AS
        WITH kept AS (SELECT household FROM risk_placed GROUP BY household HAVING count(*) <= {most_members})
        SELECT p, household FROM risk_placed JOIN kept USING (household)""")


def _place(engine: Engine, own_name: str) -> None:
    """Place those of `home_units` who have no household yet: where most of their unit are, or in the unit itself."""
    engine.run(f"""
        INSERT INTO risk_placed
        WITH votes AS (SELECT unit, household, count(*) AS n FROM home_units JOIN risk_placed USING (p) GROUP BY ALL),
        won AS (SELECT unit, household FROM votes
                QUALIFY 2 * n > sum(n) OVER (PARTITION BY unit))
        SELECT u.p, coalesce(w.household, {own_name})
        FROM (SELECT p, unit FROM home_units ANTI JOIN risk_placed USING (p)) u LEFT JOIN won w USING (unit)""")
