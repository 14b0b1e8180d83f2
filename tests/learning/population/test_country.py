"""Which provinces are laid side by side on the page of the country, which stand apart, and when classes are told."""

import datetime as dt
from typing import Any

from sarana.learning.population.models import Figure, Run
from sarana.learning.population.rollup.country import Asked, Country, Province, whole

TODAY = dt.date(2026, 11, 29)
SOURCES = ("moph43", "dmc")


def country(*told: dict[str, Any]) -> Country:
    """The country of provinces that are alike but for what is told of each; rates and intervals with them."""
    runs, figures = [], {}
    for n, more in enumerate(told):
        said = {"is_invented": False, "status": "unvalidated", "sources": SOURCES, "rate": 10.0 + n, "wide": 0.4} | more
        run = Run(pk=n + 1, area=f"TH5{n}", name="x", as_of=dt.date(2026, 6, 30), measured_by="a" * 64)
        run.is_invented, run.status = said["is_invented"], said["status"]
        run.sources = [{"name": name, "custodian": "", "as_of": "2026-06-30"} for name in said["sources"]]
        rate, wide = said["rate"], said["wide"]
        figures[run.pk] = Figure(run=run, area=run.area, name=run.area, rate=rate, low=rate - wide, high=rate + wide)
        runs.append(run)
    return whole({}, runs, figures, Asked(TODAY, 730, "en"))


def marks(found: Country) -> dict[str, tuple[str, ...]]:
    """Why each province stands apart."""
    return {one.code: one.marks for one in found.apart}


def codes(provinces: tuple[Province, ...]) -> list[str]:
    """Which they are, in their order."""
    return [one.code for one in provinces]


def test_invented_people_are_never_ranked_with_real_ones() -> None:
    invented = {"is_invented": True}
    found = country({}, {}, invented, invented, invented)
    assert codes(found.compared) == ["TH51", "TH50"]
    assert marks(found) == dict.fromkeys(("TH52", "TH53", "TH54"), ("invented",))
    assert codes(country(invented, invented).compared) == ["TH51", "TH50"], "where all are, people learn how it works"


def test_provinces_with_sources_of_other_kinds_stand_apart() -> None:
    found = country({}, {"sources": ("dmc", "dmc_2", "moph43")}, {"sources": ("dmc",)}, {"sources": ()})
    assert codes(found.compared) == ["TH51", "TH50"], "two files of one kind are one kind"
    assert marks(found) == dict.fromkeys(("TH52", "TH53"), ("sources",))


def test_a_province_whose_back_test_failed_stands_apart_with_the_reason() -> None:
    found = country({}, {"status": "back-tested"}, {"status": "not-passed"})
    assert (codes(found.compared), marks(found)) == (["TH51", "TH50"], {"TH52": ("failed",)})
    assert found.apart[0].why == ["its back-test was not passed"]


def test_no_class_is_told_where_chance_explains_the_way_from_the_lowest_to_the_highest() -> None:
    assert country({}, {}, {"wide": 1.7}).limits is None, "the highest reaches down to the lowest"
    apart = country({}, {}, {})
    assert apart.limits is not None
    assert {one.band for one in apart.compared} == {"high", "mid", "low"}
