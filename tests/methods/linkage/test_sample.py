"""The sample beside the checkout: from its four files to people, held against its truth by stratum."""

import tempfile
from pathlib import Path

import pytest

from sarana.basics.progress import Silent
from sarana.methods.engine import Engine, literal
from sarana.methods.linkage import link_rows
from sarana.methods.population.chain_settings import link_settings
from sarana.methods.population.reading import read_rows
from sarana.methods.population.sources_file import load_sources
from sarana.methods.population.standardise import standardise_rows
from sarana.methods.population.standardise_settings import standardise_settings

REQUIRED = {"all": 0.985, "human security": 0.90, "stateless": 0.91}
"""Pair F1, issue 2, section *Done when*."""

RULES = {
    "all": "true",
    "human security": "x.source = 'human_security' OR y.source = 'human_security'",
    "stateless": "x.stateless OR y.stateless",
}


@pytest.mark.shared
@pytest.mark.slow
def test_the_sample_is_linked_as_well_as_the_issue_requires(house: Path, shared: Path) -> None:
    sample = shared / "data" / "population-sample"
    sources = load_sources(house / "examples" / "chiang-mai" / "sources.toml", sample)
    with (
        tempfile.TemporaryDirectory() as temp,
        Engine(threads=2, memory="2GB", temp=Path(temp), folders=[sample, Path(temp)]) as engine,
    ):
        read_rows(engine, sources, Silent())
        settings = standardise_settings(sources)
        standardise_rows(engine, settings, Silent())
        engine.save_lent("standardised", Path(temp) / "standardised.parquet")
        engine.view("standardised", Path(temp) / "standardised.parquet")
        link_rows(engine, link_settings(sources), Silent())
        found = measure(engine, sample / "truth")
    assert {stratum: f1 for stratum, f1 in found.items() if f1 < REQUIRED[stratum]} == {}


def measure(engine: Engine, truth: Path) -> dict[str, float]:
    """Pair F1 by stratum."""
    rows, people = (literal(str(truth / f"{name}.parquet")) for name in ("rows", "persons"))
    engine.run(
        f"""CREATE TABLE told AS
        SELECT row_number() OVER () AS n, p.source, p.person_id AS said, t.person_id AS truth, stateless
        FROM people p JOIN read_parquet({rows}) t ON t.sector = p.source AND t.row_id = p.row_id
        JOIN read_parquet({people}) truth_people ON truth_people.person_id = t.person_id"""
    )
    f1 = {}
    for stratum, rule in RULES.items():
        true, said, right = (
            engine.row(f"SELECT count(*) FROM told x JOIN told y ON x.n < y.n AND {joins} WHERE {rule}")[0]
            for joins in ("x.truth = y.truth", "x.said = y.said", "x.truth = y.truth AND x.said = y.said")
        )
        f1[stratum] = 2 * right / (true + said)
    return f1
