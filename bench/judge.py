"""Measures what contenders made of the same rows against the truth, and writes the figures as JSON."""

import argparse
import json
from pathlib import Path

from bench.quality import bcubed, load_truth, measure_pairs
from sarana.methods.engine import Engine


def judge(engine: Engine, people: Path) -> dict[str, float]:
    """All figures of one contender, by name."""
    engine.view("people", people)
    figures: dict[str, float] = {}
    for quality in measure_pairs(engine, "people"):
        for figure in ("precision", "recall", "f1"):
            figures[f"{quality.stratum}: {figure}"] = getattr(quality, figure)
        figures[f"{quality.stratum}: true pairs"] = quality.n_true
    for figure, value in zip(("precision", "recall", "f1"), bcubed(engine, "people"), strict=True):
        figures[f"B-cubed: {figure}"] = value
    return figures


def main() -> None:
    """Judge the contenders that are named."""
    ask = argparse.ArgumentParser()
    ask.add_argument("province", type=Path)
    ask.add_argument("run", type=Path)
    ask.add_argument("out", type=Path)
    ask.add_argument("contenders", nargs="+", metavar="NAME=PEOPLE")
    ask.add_argument("--threads", type=int, required=True)
    ask.add_argument("--memory", required=True)
    ask.add_argument("--temp", type=Path, required=True)
    asked = ask.parse_args()
    named = {name: Path(path) for name, _, path in (text.partition("=") for text in asked.contenders)}
    folders = [asked.province, *(path.parent for path in named.values())]
    with Engine(threads=asked.threads, memory=asked.memory, temp=asked.temp, folders=folders) as engine:
        load_truth(engine, asked.province)
        found = {name: judge(engine, path) for name, path in named.items()}
    asked.out.write_text(json.dumps(found), "utf-8")


if __name__ == "__main__":
    main()
