"""Measures banding rules on a finished run: shares, the map by district, and bands that would change were all known.

    python bench/banding.py RUN [--subdistricts]

reads RUN/scores.parquet and RUN/work/persons.parquet and prints Markdown. Nothing in the truth of any sample is read.
What is known of well-covered people (at least four fifths of what applies) is taken for the whole truth; then each
loses what a random person of the same age group lacks (absence from a register of cases turned to its `none`), and the
bands before and after are compared.
"""

import argparse
import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa

from sarana.methods.engine import Engine, quoted
from sarana.methods.risk.banding import band_sql
from sarana.methods.risk.indexing import NOT_APPLICABLE, weigh_scores
from sarana.methods.risk.sets import load_set
from sarana.methods.risk.shapes import Banding, IndicatorSet

ORDER = ("grey", "red", "yellow", "green")


def rule(grey: str, red: str, yellow: str) -> Banding:
    """A banding tried in the order grey, red, yellow, green."""
    return Banding(
        says="candidate", order=ORDER, rules={"grey": grey, "red": red, "yellow": yellow, "green": "otherwise"}
    )


def red_first(grey: str, red: str, yellow: str) -> Banding:
    """A banding in which what is surely red is so before anything else is asked."""
    return Banding(
        says="candidate",
        order=("red", "grey", "yellow", "green"),
        rules={"grey": grey, "red": red, "yellow": yellow, "green": "otherwise"},
    )


CANDIDATES = {
    "reference": rule("coverage < 0.5 or sectors < 2", "index >= 2.1 or threes >= 8", "index >= 1.5"),
    "cut-offs": rule("coverage < 0.5 or sectors < 2", "index >= 1.5 or threes >= 4", "index >= 1.25"),
    "certain": rule("low < 1.25 and high >= 1.5", "low >= 1.5", "low >= 1.25"),
    "narrow": rule("high - low > 0.7", "index >= 1.5 or threes >= 4", "index >= 1.25"),
    "red-first": red_first(
        "coverage < 0.5 or sectors < 2", "threes >= 4 or index >= 1.5 and coverage >= 0.5", "index >= 1.25"
    ),
    "low-bound": red_first("coverage < 0.5 or sectors < 2", "threes >= 4 or low >= 1.4", "low >= 1.15 or threes >= 2"),
    "measured": load_set("chiang-mai-28").bandings["measured"],
}


def main() -> None:
    """Print the measures of every candidate."""
    ask = argparse.ArgumentParser()
    ask.add_argument("run", type=Path)
    ask.add_argument("--subdistricts", action="store_true")
    asked = ask.parse_args()
    of = load_set("chiang-mai-28")
    with (
        tempfile.TemporaryDirectory() as temp,
        Engine(threads=2, memory="3GB", temp=Path(temp), folders=[asked.run.resolve()]) as engine,
    ):
        engine.view("scores", asked.run / "scores.parquet")
        engine.view("persons", asked.run / "work" / "persons.parquet")
        columns = ", ".join(f"coalesce({quoted(i.id)}, -1)::TINYINT AS {quoted(i.id)}" for i in of.indicators)
        table = engine.arrow(
            "SELECT CASE WHEN age <= 5 THEN 0 WHEN age <= 17 THEN 1 WHEN age > 17 THEN 2 ELSE 3 END AS age_group, "
            f"list_contains(sources, 'human_security') AS in_cases, coverage, {columns}, district, subdistrict "
            "FROM scores JOIN persons USING (person_id) ORDER BY person_id"
        )
        scores = np.stack([table[i.id].to_numpy() for i in of.indicators], axis=1).astype(np.int8)
        bands = bands_of(engine, of, scores)
        print(shares(bands))
        print(changed(engine, of, table, scores))
        print(by_area(table, bands, "subdistrict" if asked.subdistricts else "district"))


def bands_of(engine: Engine, of: IndicatorSet, scores: np.ndarray) -> dict[str, np.ndarray]:
    """The band of every row of scores under every candidate."""
    weights = np.array([i.weight for i in of.indicators], np.int64)
    names = sorted(of.sectors)
    weighed = weigh_scores(scores, weights, np.array([names.index(i.sector) for i in of.indicators]))
    names = ("index", "low", "high", "coverage", "observed", "applicable", "twos", "threes", "sectors")
    engine.load("weighed", pa.table({"n": np.arange(len(scores)), **{n: getattr(weighed, n) for n in names}}))
    cases = ", ".join(f"{band_sql(b, name)} AS {quoted(name)}" for name, b in CANDIDATES.items())
    found = engine.arrow(f"SELECT {cases} FROM weighed ORDER BY n")
    return {name: found[name].to_numpy(zero_copy_only=False).astype(str) for name in CANDIDATES}


def masked(of: IndicatorSet, table: pa.Table, scores: np.ndarray, known: np.ndarray) -> np.ndarray:
    """The scores of well-covered people after each lost what a random person of the same age group lacks."""
    chance = np.random.default_rng(1)
    group = table["age_group"].to_numpy()
    donor = np.empty(len(known), np.int64)
    for g in np.unique(group[known]):
        here = np.flatnonzero(group[known] == g)
        donor[here] = chance.choice(np.flatnonzero(group == g), len(here))
    lost = scores[known].copy()
    no_cases = ~table["in_cases"].to_numpy(zero_copy_only=False)[donor]
    for at, indicator in enumerate(of.indicators):
        if indicator.absence.get("human_security") == "none":
            lost[no_cases & (lost[:, at] > 0), at] = 1
    lost[(scores[donor] == 0) & (lost > 0)] = 0
    return lost


def changed(engine: Engine, of: IndicatorSet, table: pa.Table, scores: np.ndarray) -> str:
    """How often the band shown is not the band of what is known in full."""
    known = np.flatnonzero(table["coverage"].to_numpy() >= 800)
    whole = np.where(scores[known] == 0, NOT_APPLICABLE, scores[known]).astype(np.int8)
    before, after = bands_of(engine, of, whole), bands_of(engine, of, masked(of, table, scores, known))
    lines = [
        f"\nMasked: {len(known):,} well-covered people; per cent.\n",
        "| rule | grey when masked | coloured otherwise than in full | shown green, red in full "
        "| shown red, not red in full | red in full | of these shown red / yellow / green / grey |",
        "|---|---|---|---|---|---|---|",
    ]
    for name in CANDIDATES:
        b, a = before[name], after[name]
        coloured, red = a != "grey", b == "red"
        shown = " / ".join(f"{share((a == x)[red])}" for x in ("red", "yellow", "green", "grey"))
        lines.append(
            f"| {name} | {share(~coloured)} | {share((a != b)[coloured])} | {share(red[a == 'green'])} "
            f"| {share(~red[a == 'red'])} | {share(red)} | {shown} |"
        )
    return "\n".join(lines)


def shares(bands: dict[str, np.ndarray]) -> str:
    """Shares of people in each band under each rule."""
    lines = ["| rule | red | yellow | green | grey |", "|---|---|---|---|---|"]
    lines += [
        f"| {n} | {' | '.join(share(b == x) for x in ('red', 'yellow', 'green', 'grey'))} |" for n, b in bands.items()
    ]
    return "\n".join(lines)


def by_area(table: pa.Table, bands: dict[str, np.ndarray], level: str) -> str:
    """The map as a table: red per 1,000 people who are not grey / per cent grey, area by area, under each rule."""
    area = np.array([code or "unknown" for code in table[level].to_pylist()])
    lines = [
        f"\nRed per 1,000 scored people / per cent grey, by {level}.\n",
        f"| {level} | people | {' | '.join(CANDIDATES)} |",
        "|---|---|" + "---|" * len(CANDIDATES),
    ]
    for code in np.unique(area):
        here = area == code
        if here.sum() < 100:
            continue
        cells = []
        for name in CANDIDATES:
            b = bands[name][here]
            scored = max(int((b != "grey").sum()), 1)
            cells.append(f"{1000 * (b == 'red').sum() / scored:.0f} / {100 * (b == 'grey').mean():.0f}")
        lines.append(f"| {code} | {here.sum():,} | {' | '.join(cells)} |")
    return "\n".join(lines)


def share(truth: np.ndarray) -> str:
    """A share in per cent."""
    return f"{100 * truth.mean():.1f}" if len(truth) else "-"


if __name__ == "__main__":
    main()
