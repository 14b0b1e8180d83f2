"""Ordered lists: every row comes once, in the order of the dictionary, whatever happens between two pages."""

from dataclasses import replace
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.db.models import QuerySet
from django.http import QueryDict
from django.test import Client
from django.utils import translation

from makers.agencies import a_person, acting, an_agency, local
from makers.browsers import sign_in
from sarana.basics.ordering import sort_key
from sarana.ground import columns
from sarana.ground.accounts import actions, queries
from sarana.ground.accounts.models import Account, Agency
from sarana.ground.countries import COUNTRIES

pytestmark = pytest.mark.django_db

NAMES = ("เก่ง", "กลาง", "แก้ว", "ขาว", "กา", "ก้า", "ก๊า", "กา", "Baan Rak", "baan suan", "โขง")
COLUMNS = [
    columns.Column("name", "Name", queries.name_shown()),
    columns.Column("under", "Under", queries.name_shown("parent__")),
    columns.Column("country", "Country", "country", words=list(COUNTRIES.items())),
    columns.Column("made", "Made", "made_at", natural=True),
]


@pytest.fixture(autouse=True)
def in_thai() -> Any:
    """Whoever reads here reads Thai."""
    with translation.override("th"):
        yield


@pytest.fixture
def agencies() -> list[Agency]:
    """Agencies whose names come in no order, some under another, two of one name, in three countries."""
    top = an_agency("Top")
    for at, name in enumerate(NAMES):
        country, above = ("TH", "LA", "KH")[at % 3], (None, top)[at % 2]
        actions.make_agency(
            local(), name=name, kind=Agency.Kind.SHELTER, country=country, areas=[], parent=above, name_local=f"{name}ก"
        )
    a_person(top)
    found = list(seen())
    assert len(found) == len(NAMES) + 1
    return found


def seen() -> QuerySet[Agency]:
    """What the one who works here may see."""
    return queries.agencies_for(acting(Account.objects.get()))


def listed(address: str, *, shown: int = 50) -> columns.Listing:
    """The page at an address."""
    return columns.listing(seen(), COLUMNS, QueryDict(address.lstrip("?")), shown=shown)


def walked(order: str, *, shown: int) -> list[Agency]:
    """All rows, page by page."""
    rows: list[Agency] = []
    page = listed(f"order={order}", shown=shown)
    rows += page.rows
    while page.onward:
        page = listed(page.onward, shown=shown)
        rows += page.rows
    return rows


@pytest.mark.parametrize("order", [f"{sign}{column.key}" for column in COLUMNS for sign in ("", "-")])
def test_a_walk_by_small_pages_meets_every_row_once_in_the_order_of_one_page(
    agencies: list[Agency], order: str
) -> None:
    whole = listed(f"order={order}").rows
    assert sorted(row.pk for row in whole) == sorted(row.pk for row in agencies)
    for shown in (1, 3):
        assert walked(order, shown=shown) == whole


def test_names_stand_as_in_a_dictionary_on_either_database(agencies: list[Agency]) -> None:
    names = [row.called("th") for row in listed("order=name").rows]
    assert names == sorted((row.called("th") for row in agencies), key=sort_key)


def test_countries_stand_in_the_order_of_their_words_and_rows_without_stand_last(agencies: list[Agency]) -> None:
    words = [str(COUNTRIES[row.country]) for row in listed("order=country").rows]
    assert all(sort_key(one) <= sort_key(other) for one, other in pairwise(words))
    under = [row.parent_id is None for row in listed("order=under").rows]
    assert under == sorted(under)


def test_rows_that_come_and_go_between_two_pages_neither_double_nor_hide_others(agencies: list[Agency]) -> None:
    page = listed("order=name", shown=4)
    assert len(page.rows) == 4
    an_agency("กกก")
    Agency.objects.filter(pk=page.rows[1].pk).delete()
    rest = [row.pk for row in listed(page.onward).rows]
    assert rest == [row.pk for row in listed("order=name").rows if row.pk in rest]
    before = {row.pk for row in page.rows}
    assert before.isdisjoint(rest)
    assert {row.pk for row in agencies} == before | set(rest)


@pytest.mark.parametrize(
    "address",
    ["order=nothing", "order=--name", "after=broken", "after=5f2b3c1e-9d39-4f0e-8f1c-0a4c2d3e4f50", "order=%00"],
)
def test_what_an_address_does_not_know_begins_at_the_beginning(agencies: list[Agency], address: str) -> None:
    assert listed(address).rows == listed("").rows


def test_an_address_holds_a_reference_and_never_a_name(agencies: list[Agency]) -> None:
    page = listed("order=-name&q=x", shown=2)
    assert parse_qs(page.onward.lstrip("?")) == {"order": ["-name"], "q": ["x"], "after": [str(page.rows[-1].ref)]}
    assert parse_qs(listed(page.onward).beginning.lstrip("?")) == {"order": ["-name"], "q": ["x"]}
    assert [head.direction for head in page.heads] == ["descending", "none", "none", "none"]
    assert parse_qs(page.heads[0].address.lstrip("?")) == {"order": ["name"], "q": ["x"]}


def test_the_list_of_agencies_is_ordered_by_links_and_says_so_to_a_screen_reader(agencies: list[Agency]) -> None:
    browser = sign_in(Client(), Account.objects.get())
    page = browser.get("/settings/agencies/?order=-country").text
    assert page.count('aria-sort="descending"') == 1
    assert page.count('aria-sort="none"') == 3
    assert 'href="?order=country"' in page
    assert 'href="?order=kind"' in page


def test_a_very_long_list_is_ordered_by_what_an_index_answers_alone(
    agencies: list[Agency], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever else an address asks for, the list begins at its beginning."""
    quick = [COLUMNS[0], replace(COLUMNS[3], indexed=True)]
    asked = QueryDict("order=name")
    short = columns.listing(seen(), quick, asked)
    monkeypatch.setattr(columns, "MOST_ORDERED", len(agencies) - 1)

    long = columns.listing(seen(), quick, asked)

    assert (short.told, long.told) == (str(len(agencies)), f"{len(agencies) - 1}+")
    assert [bool(head.address) for head in short.heads] == [True, True]
    assert [bool(head.address) for head in long.heads] == [False, True]
    assert [row.made_at for row in long.rows] == sorted(row.made_at for row in agencies)
    assert columns.listing(seen(), COLUMNS, asked).ordered.key == "name", "where no column is indexed all are offered"
