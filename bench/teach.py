"""Learn the shipped weights of the linkage on an invented province.

`python bench/teach.py RUN > reference/linkage/weights.toml`, where RUN is the run folder of a province made by
`sarana invent province --people 1680000 --seed 11`.
"""

import sys
import tempfile
from pathlib import Path

from sarana.methods.engine import Engine
from sarana.methods.linkage.blocks import block_pairs
from sarana.methods.linkage.comparing import COMPARISONS, compare_pairs, lend_teaching
from sarana.methods.linkage.rows import prepare_rows
from sarana.methods.linkage.settings import LinkSettings
from sarana.methods.linkage.weights import Weights, learn_weights


def main(run: Path) -> None:
    """Print the weights as TOML."""
    with (
        tempfile.TemporaryDirectory() as spill,
        Engine(threads=2, memory="4GB", temp=Path(spill), folders=[run]) as engine,
    ):
        engine.view("standardised", run / "standardised.parquet")
        sources = tuple(name for (name,) in engine.rows("SELECT DISTINCT source FROM standardised"))
        known = ("health", "education", "human_security", "family_welfare")
        settings = LinkSettings(tuple(name for name in known if name in sources), taught_rows=200_000)
        rows = prepare_rows(engine, settings)
        lend_teaching(engine, compare_pairs(engine, rows, block_pairs(rows, settings)[0]))
        weights = learn_weights(engine, Weights(0, {}, 0, 0), pull=1.0)
    print("# Points (hundredths of log-odds) that each level of each comparison is worth,")
    print("# where a province has too few IDs to learn its own.")
    print(
        f"# Learnt by bench/teach.py on an invented province: {len(rows):,} rows, "
        f"{weights.n_same:,} pairs of one person, {weights.n_other:,} of two."
    )
    print(f"base = {weights.base}")
    for name in COMPARISONS:
        if name == "registers":
            continue
        print(f"\n[points.{name}]")
        for (of, level), value in sorted(weights.points.items()):
            if of == name:
                print(f"{level} = {value}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
