"""Every page that tells a figure of an area tells the one of the protected table, or says that it is withheld."""

import datetime as dt
import itertools
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from makers.agencies import local
from makers.mapfiles import said_on
from makers.protected import a_run
from sarana.learning.population import actions
from sarana.learning.population.models import Figure, Run
from sarana.learning.population.showing import GROUPS
from sarana.methods.population.protected_tables import read_protected

pytestmark = pytest.mark.django_db

FACT = re.compile(r"<dt>([^<]*)</dt>\s*<dd>(.*?)</dd>", re.DOTALL)
INSIDE = re.compile(
    r'<tr><th scope="row"><a href="[^"]*">([^<]*)</a></th><td class="number"[^>]*>(.*?)</td>', re.DOTALL
)
GROUP = re.compile(
    r'<tr><th scope="row">([^<]*)</th><td class="number" data-label="Per 1,000">(.*?)</td>'
    r'<td class="when"[^>]*>(.*?)</td><td class="number"[^>]*>(.*?)</td></tr>',
    re.DOTALL,
)


@pytest.fixture
def later(run: Run, tmp_path: Path) -> Run:
    """The next year, rounded beside the first; some areas are said in one of them only."""
    day = {"as_of": dt.date(2027, 6, 30)}
    found = a_run(tmp_path / "later", rise=150, after=[run.table_hash], rounded_to=13, card=day)
    return actions.take_in(local(), read_protected(found))[0]


def text(client: Client, name: str, ref: object, asked: str = "") -> str:
    answer = client.get(f"{reverse(f'population:{name}', args=[ref])}{asked}")
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def bare(html: str) -> str:
    return " ".join(re.sub("<[^>]*>", " ", html).split())


def rate(figure: Figure) -> str:
    return "withheld" if figure.rate is None else f"{figure.rate:,.1f}"


def number(n: int | None) -> str:
    return "withheld" if n is None else f"{n:,}"


@pytest.mark.check("A-04")
def test_map_area_pages_lists_within_groups_and_years_say_the_same_of_every_area(
    client: Client, run: Run, later: Run
) -> None:
    for each in (run, later):
        every = list(Figure.objects.filter(run=each, group="all"))
        inside: dict[str, str] = {}
        for figure in every:
            page = text(client, "area", figure.ref)
            facts = {name: bare(value) for name, value in FACT.findall(page)}
            told = facts["Per 1,000 in the high band"]
            assert told.split(" ")[0] == rate(figure), figure.area
            assert facts["People known"] == number(figure.n_people)
            assert facts["Known well enough"].split(" ")[0] == number(figure.n_scored)
            inside |= {name: bare(value) for name, value in INSIDE.findall(page)}
            groups = {row.group: row for row in Figure.objects.filter(run=each, area=figure.area, level=figure.level)}
            told_groups = {name: tuple(map(bare, cells)) for name, *cells in GROUP.findall(page)}
            assert set(told_groups) == {str(GROUPS[group]) for group in groups}
            for group, row in groups.items():
                assert told_groups[str(GROUPS[group])][0] == rate(row)
                assert told_groups[str(GROUPS[group])][2].replace("–", "") == (
                    "" if row.n_scored is None else number(row.n_scored)
                )
        by_name = {figure.name: figure for figure in every}
        listed = {name: value for name, value in inside.items() if name in by_name}
        assert len(listed) == len(every) - 1, "all but the province lie in another one"
        assert listed == {name: rate(by_name[name]) for name in listed}
        for level in ("district", "subdistrict", "village"):
            table = said_on(text(client, "map", each.ref, f"?level={level}&within=all"))
            assert {name: row[0] for name, row in table.items()} == {
                figure.name: rate(figure) for figure in every if figure.level == level
            }
    country = client.get(reverse("population:country")).context["country"]
    [province] = [*country.compared, *country.apart]
    assert province.told_rate == rate(Figure.objects.get(run=later, level="province", group="all"))
    for level in ("district", "subdistrict"):
        lines = context(client, "changes", later.ref, f"?level={level}")["lines"]
        for line in lines:
            before, now = (Figure.objects.get(run=each, group="all", code=line.code) for each in (run, later))
            assert (line.told_before or "withheld", line.told_now or "withheld") == (rate(before), rate(now))


def context(client: Client, name: str, ref: object, asked: str) -> Any:
    return client.get(f"{reverse(f'population:{name}', args=[ref])}{asked}").context


def test_whichever_areas_are_chosen_a_withheld_one_never_moves_what_is_said(
    client: Client, run: Run, later: Run
) -> None:
    """Before and after: whoever chooses areas with and without a withheld one, and subtracts, learns nothing of it."""
    level = "?level=subdistrict"
    lines = context(client, "changes", later.ref, level)["lines"]
    hidden = [line.code for line in lines if line.change is None]
    shown = [line.code for line in lines if line.change is not None]
    assert hidden
    assert context(client, "changes", later.ref, f"{level}&chosen={hidden[0]}")["beside"] is None
    for some in itertools.combinations(shown[:3], 2):
        asked = level + "".join(f"&chosen={code}" for code in some)
        alone = context(client, "changes", later.ref, asked)["beside"]
        with_hidden = context(client, "changes", later.ref, asked + "".join(f"&chosen={code}" for code in hidden))[
            "beside"
        ]
        assert alone == with_hidden
