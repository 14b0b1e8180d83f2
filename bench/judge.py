"""Measures what contenders made of the same rows against the truth, and writes the figures as JSON."""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from bench.figures import NOT_FOUND
from bench.gaps import as_json, explain_gaps
from bench.quality import Quality, bcubed, load_truth, measure_pairs
from bench.red import red_not_found
from sarana.basics.progress import Silent
from sarana.methods.engine import Engine
from sarana.methods.population.chain_settings import link_settings, risk_settings
from sarana.methods.population.chain_steps import MODEL_FILE
from sarana.methods.population.sources_file import load_sources
from sarana.methods.risk.scoring import score_people
from sarana.methods.risk.settings import RiskSettings

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "examples" / "chiang-mai" / "sources.toml"


def judge_pairs(engine: Engine, people: str, qualities: Sequence[Quality]) -> dict[str, float]:
    """How well rows were brought together by one contender: pairs by stratum, and B-cubed."""
    figures: dict[str, float] = {}
    for quality in qualities:
        for figure in ("precision", "recall", "f1"):
            figures[f"{quality.stratum}: {figure}"] = getattr(quality, figure)
        figures[f"{quality.stratum}: true pairs"] = quality.n_true
    for figure, value in zip(("precision", "recall", "f1"), bcubed(engine, people), strict=True):
        figures[f"B-cubed: {figure}"] = value
    return figures


def judge_red(engine: Engine, people: str, settings: RiskSettings) -> dict[str, float]:
    """How many people of the highest band are not found among the people of one contender, in per cent."""
    score(engine, f"SELECT source, row_id, person_id::VARCHAR AS person_id FROM {people}", settings, "their_scores")
    engine.run(
        f"""CREATE OR REPLACE TEMP TABLE their_people AS
        SELECT source, row_id, person_id::VARCHAR AS person_id FROM {people}"""
    )
    missed = red_not_found(engine, true_scores="true_scores", people="their_people", scores="their_scores")
    return {f"{one.stratum} {NOT_FOUND}": 100 * one.share for one in missed}


def score(engine: Engine, people: str, settings: RiskSettings, into: str, person: str = "person_id") -> None:
    """Make `into` (person_id, band): the bands of the people that a query gives."""
    engine.run("DROP TABLE IF EXISTS people")
    engine.run(f"CREATE TABLE people AS SELECT *, 1.0::DOUBLE AS certainty FROM ({people})")
    score_people(engine, settings, Silent())
    engine.run(f"CREATE OR REPLACE TABLE {into} AS SELECT {person} AS person_id, band FROM scores")
    engine.run("DROP TABLE people")


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
    ask.add_argument("--pairs-only", action="store_true", help="pairs by stratum and nothing else, for very many rows")
    asked = ask.parse_args()
    if asked.pairs_only:
        _judge_pairs_only(asked)
        return
    named = {name: Path(path) for name, _, path in (text.partition("=") for text in asked.contenders)}
    folders = [asked.province, asked.run, *(path.parent for path in named.values())]
    sources = load_sources(SOURCES, asked.province)
    settings = risk_settings(sources)
    with Engine(threads=asked.threads, memory=asked.memory, temp=asked.temp, folders=folders) as engine:
        load_truth(engine, asked.province)
        engine.view("standardised", asked.run / "standardised.parquet")
        everyone = "SELECT source, row_id, truth::VARCHAR AS person_id FROM truth_rows"
        score(engine, everyone, settings, "true_scores", "person_id::BIGINT")
        found, gaps = {}, list[dict[str, object]]()
        for at, (name, path) in enumerate(named.items()):
            said = f"said_{at}"
            engine.view(said, path)
            qualities = measure_pairs(engine, said)
            found[name] = judge_pairs(engine, said, qualities) | judge_red(engine, said, settings)
            if name == "ours":
                model = asked.run / MODEL_FILE
                gaps += map(as_json, explain_gaps(engine, qualities, said, model, link_settings(sources)))
    banding = settings.banding or settings.set.banding
    told = {"figures": found, "gaps": gaps, "banding": f"{settings.set.id}, banding {banding}"}
    asked.out.write_text(json.dumps(told), "utf-8")


def _judge_pairs_only(asked: argparse.Namespace) -> None:
    """Write the F1 of every stratum of one contender: what can be asked of tens of millions of rows."""
    [(name, path)] = (text.split("=", 1) for text in asked.contenders)
    folders = [asked.province, Path(path).parent]
    with Engine(threads=asked.threads, memory=asked.memory, temp=asked.temp, folders=folders) as engine:
        load_truth(engine, asked.province)
        engine.view("said", Path(path))
        figures = {f"{quality.stratum}: f1": quality.f1 for quality in measure_pairs(engine, "said")}
    asked.out.write_text(json.dumps({"figures": {name: figures}}), "utf-8")


if __name__ == "__main__":
    main()
