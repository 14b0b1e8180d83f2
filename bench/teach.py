"""Learn the shipped weights of the linkage on an invented province.

`python bench/teach.py RUN > reference/linkage/weights.toml`, where RUN is the run folder of a province made by
`sarana invent province --people 1680000 --seed 11`.
"""

import sys
import tempfile
from pathlib import Path

from sarana.methods.engine import Engine
from sarana.methods.linkage.comparing import AGAIN
from sarana.methods.linkage.passes import weigh_rows
from sarana.methods.linkage.rows import prepare_rows
from sarana.methods.linkage.settings import LinkSettings
from sarana.methods.linkage.weights import Weights


def main(run: Path) -> None:
    """Print the weights as TOML."""
    with (
        tempfile.TemporaryDirectory() as spill,
        Engine(threads=2, memory="4GB", temp=Path(spill), folders=[run]) as engine,
    ):
        engine.view("standardised", run / "standardised.parquet")
        sources = tuple(name for (name,) in engine.rows("SELECT DISTINCT source FROM standardised"))
        known = ("health", "education", "human_security", "family_welfare")
        settings = LinkSettings(tuple(name for name in known if name in sources), taught_rows=400_000)
        rows = prepare_rows(engine, settings)
        first, again = weigh_rows(engine, rows, settings, None).weights
    print("# Points (hundredths of log-odds) that each level of each comparison is worth,")
    print("# where a province has too few IDs to learn its own.")
    print(
        f"# Learnt by bench/teach.py on an invented province of {len(rows):,} rows: {first.n_same:,} pairs of one\n"
        f"# person and {first.n_other:,} of two; again {again.n_same:,} and {again.n_other:,}."
    )
    for part, weights in (("first", first), ("again", again)):
        _print_part(part, weights)


def _print_part(part: str, weights: Weights) -> None:
    """Print the weights of one weighing; those of registers are a province's own."""
    print(f"\n[{part}]\nbase = {weights.base}")
    for name in AGAIN:
        points = {level: value for (of, level), value in sorted(weights.points.items()) if of == name}
        if name == "registers" or not points:
            continue
        print(f"\n[{part}.points.{name}]")
        for level, value in points.items():
            print(f"{level} = {value}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
