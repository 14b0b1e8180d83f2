"""What outreach workers see of an index is so coarse that they are sure of no protected answer."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse

from makers.counted import on_one
from sarana.learning.population.models import Figure
from sarana.learning.population.opened import showing
from sarana.learning.population.opened.laying import get_about
from sarana.learning.population.opened.queries import ref_of
from sarana.learning.population.opened.shelves import Shelf
from sarana.methods.engine import Engine
from sarana.methods.questions.explain_changes import bands_of, weighed_by
from sarana.methods.questions.explain_hidden import hidden_of
from sarana.methods.questions.few import explain_laid_out
from sarana.methods.risk.indexing import NOT_APPLICABLE

pytestmark = pytest.mark.django_db

TRIED = 40_000


@on_one("sqlite")
def test_whoever_tries_all_answers_that_fit_what_is_shown_is_sure_of_no_protected_one(
    shelf: Shelf, people: list[dict[str, Any]], tmp_path: Path
) -> None:
    risk, chance = get_about(shelf).risk(), np.random.default_rng(7)
    ids = [indicator.id for indicator in risk.set.indicators]
    for line in [each for each in people if each["leads"]][:6]:
        said = explain_laid_out(line, risk, tmp_path / "temp", is_for_custodian=False)
        words = showing.page_words(said, risk, "en")
        assert said.index is not None
        assert said.low is not None
        assert said.high is not None
        shown = [showing.tenths(each) for each in (said.index, said.low, said.high)]
        assert all(each in "".join(words["index"]) for each in shown)
        # Whoever tries knows every answer that is shown, and what is shown of the index.
        now = [NOT_APPLICABLE if (score := line["scores"][name]) is None else score for name in ids]
        tried = np.tile(np.array(now, np.int8), (TRIED, 1))
        hidden = [at for at, name in enumerate(ids) if name in hidden_of(risk, line["shared"]).indicators]
        others = chance.integers(NOT_APPLICABLE, 4, (TRIED, len(hidden)), dtype=np.int8)
        is_other = chance.random((TRIED, len(hidden))) < chance.random((TRIED, 1))
        tried[:, hidden] = np.where(is_other, others, tried[:, hidden])
        got = weighed_by(risk, tried)
        seen = zip(got.index.tolist(), got.low.tolist(), got.high.tolist(), got.coverage.tolist(), strict=True)
        known = [*shown, showing.coarse_coverage(said.coverage)]
        fits = [[*map(showing.tenths, figures), showing.coarse_coverage(much)] == known for *figures, much in seen]
        fitting = tried[np.array(fits)]
        with Engine(threads=1, memory="256MiB", temp=tmp_path / "engine") as engine:
            fitting = fitting[np.array(bands_of(engine, risk, fitting)) == said.band]
        for at in hidden:
            fit = set(fitting[:, at].tolist())
            assert len(fit) > 1, ids[at]
            assert fit & {NOT_APPLICABLE, 0, 1}, f"{ids[at]}: a reason that is surely there"
        assert not words["changes"], "from how many more 3 lead to a band they could be counted"
        assert words["hides_changes"]


def test_the_page_of_an_outreach_worker_has_no_exact_figure_of_the_index(
    area: Figure, person: dict[str, Any], client: Client
) -> None:
    page = client.get(reverse("population:person", args=[area.ref, ref_of(person["person_id"])])).content.decode()
    assert re.search(r"an index of about \d\.\d,", page)
    assert not re.search(r"\d\.\d{3}", page.partition("<main")[2])
    assert "to the custodian of the data only" in page
