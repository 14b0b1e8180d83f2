"""`python -m bench disclosure`: what protection costs in usefulness, beside hiding small counts alone, and what leaks.

One invented table of areas, protected by Sarana and by a plain threshold without second cells; then a year later, each
protected alone and after the first. The attack of the tests counts the small cells it finds in each.
"""

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy.stats import spearmanr

from makers.attack import disclosed
from makers.attack_rounded import disclosed_by_rounded
from makers.attack_runs import BEFORE, NOW, disclosed_by_two
from makers.people import Place, make_people
from makers.years import let_a_year_pass, put_by
from sarana.basics.progress import Silent
from sarana.methods.areas.rollup import AreaSettings, roll_up
from sarana.methods.disclosure.protect import protect
from sarana.methods.disclosure.rule import BANDS, PEOPLE, SECOND, DisclosureSettings
from sarana.methods.engine import Engine

PROVINCE = 1_750_000
FIGURES = (*BANDS.figures, *PEOPLE.figures, *SECOND.figures)

_TOLD = ("n_people", "n_scored", "n_red", "n_yellow", "n_green", "n_grey")


def main(arguments: Sequence[str]) -> int:
    """Measure one size and print it."""
    parser = argparse.ArgumentParser(prog="bench disclosure")
    parser.add_argument("--share", type=float, default=0.05, help="of a province of 1.75 million people")
    parser.add_argument("--changed", type=float, default=0.05, help="share of people who change band in a year")
    parser.add_argument(
        "--most", type=int, default=40, help="withheld counts that the linear programme tries each time"
    )
    parser.add_argument(
        "--most-together", type=int, default=4, help="changes and counts of each kind tried with both years at hand"
    )
    parser.add_argument("--seed", type=int, default=1)
    said = parser.parse_args(arguments)
    people = int(PROVINCE * said.share)
    wide = max(said.share, 0.05)
    place = Place(round(25 * wide**0.5), 8, round(10 * wide**0.5), share_unknown=0.05, shares=(0.02, 0.2, 0.58, 0.2))
    with tempfile.TemporaryDirectory() as temp, Engine(threads=1, memory="2GB", temp=Path(temp)) as engine:
        make_people(engine, people, place, said.seed)
        roll_up(engine, AreaSettings(), Silent())
        print(f"{people:,} invented people, {place.n_districts} districts, seed {said.seed}")
        _plain(engine)
        _tell(engine, "threshold alone", None, said.most)
        cpu = time.process_time()
        protect(engine, DisclosureSettings(), Silent())
        _tell(engine, "Sarana", time.process_time() - cpu, said.most)
        release = put_by(engine)
        let_a_year_pass(engine, said.changed, said.seed)
        roll_up(engine, AreaSettings(), Silent())
        cpu = time.process_time()
        protect(engine, DisclosureSettings(), Silent())
        _tell(engine, "a year later, protected alone", time.process_time() - cpu, said.most)
        print(f"  small cells found in both years together: {len(disclosed_by_two(engine, most=said.most))}")
        cpu = time.process_time()
        protect(engine, DisclosureSettings(), Silent(), (release,))
        _tell(engine, "a year later, --after", time.process_time() - cpu, 0)
        for told in (False, True):
            found = disclosed_by_rounded(engine, (BEFORE, NOW), told=told, most=said.most_together)
            knows = "which counts did not change" if told else "both tables"
            print(f"  small cells found in both years together by who knows {knows}: {len(found)}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
    print(f"peak memory of all, attack and people included: {peak:,.0f} MiB")
    return 0


def _plain(engine: Engine) -> None:
    """Hide lines in which a count is small, and nothing beside them."""
    small = " OR ".join(f"{c} BETWEEN 1 AND 10" for c in ("n_red", "n_yellow", "n_green", "n_grey", "n_scored"))
    kept = ", ".join(f"CASE WHEN NOT ({small}) THEN {c} END AS {c}" for c in FIGURES)
    engine.run(
        f"""CREATE OR REPLACE TABLE areas AS SELECT level, code, parent, "group", {kept},
        NULL::VARCHAR AS class_without_status FROM areas_internal"""
    )


def _tell(engine: Engine, name: str, cpu: float | None, most: int) -> None:
    """Print what is withheld by level, what the reader loses, and how many small cells are found."""
    print(f"{name}" + ("" if cpu is None else f": {cpu:.2f} CPU s"))
    for level, lines, gone, red, scored_gone, classed in engine.rows(
        """SELECT i.level, count(*), count(*) FILTER (a.n_red IS NULL),
            sum(i.n_red) FILTER (a.n_red IS NULL) / sum(i.n_red),
            count(*) FILTER (a.n_people IS NULL), count(*) FILTER (a.n_red_without_status IS NULL
                AND a.class_without_status IS NOT NULL)
        FROM areas_internal i JOIN areas a USING (level, code, "group") WHERE i.n_people > 0
        AND ("group" = 'all') GROUP BY 1 ORDER BY 1"""
    ):
        print(
            f"  {level}: {gone / lines:.1%} of {lines} lines withhold bands, {scored_gone / lines:.1%} people; "
            f"{classed} show a class for the second map; {red or 0:.1%} of red people are in withheld areas"
        )
    lines, gone = engine.row(
        """SELECT count(*), count(*) FILTER (a.n_red IS NULL) FROM areas_internal i
        JOIN areas a USING (level, code, "group") WHERE i.n_people > 0 AND "group" <> 'all'"""
    )
    print(f"  by sex and age: {gone / lines:.1%} of {lines} lines withhold bands")
    truth, told = _filled(engine)
    rank = spearmanr(truth, told).statistic if len(set(told)) > 1 else float("nan")
    print(
        f"  rates of subdistricts, a withheld one taken for its district's or the province's: mean error "
        f"{np.abs(truth - told).mean():.1f} per 1,000, rank correlation {rank:.3f}"
    )
    told_of, counts, off = engine.row(
        f"""SELECT {" + ".join(f"count(a.{c})" for c in _TOLD)}, {len(_TOLD)} * count(*),
            ({" + ".join(f"sum(abs(a.{c} - i.{c}))" for c in _TOLD)}) / ({" + ".join(f"count(a.{c})" for c in _TOLD)})
        FROM areas_internal i JOIN areas a USING (level, code, "group") WHERE i.n_people > 0"""
    )
    print(f"  let out: {told_of / counts:.1%} of {counts} counts, on the average {off or 0:.1f} people off")
    if most:
        print(f"  small cells found: {len(disclosed(engine, second_map=False, most=most))} of {most} tried")


def _filled(engine: Engine) -> tuple[np.ndarray, np.ndarray]:
    """True rates of subdistricts, and what a reader of the protected table would take for them."""
    found = engine.columns(
        """SELECT i.rate::DOUBLE AS truth, coalesce(s.rate, d.rate, p.rate, 0)::DOUBLE AS told
        FROM areas_internal i JOIN areas s USING (level, code, "group")
        LEFT JOIN areas d ON d.level = 'district' AND d.code = i.parent AND d."group" = 'all'
        LEFT JOIN areas p ON p.level = 'province' AND p."group" = 'all'
        WHERE i.level = 'subdistrict' AND i."group" = 'all' AND i.rate IS NOT NULL ORDER BY i.code"""
    )
    return found["truth"], found["told"]
