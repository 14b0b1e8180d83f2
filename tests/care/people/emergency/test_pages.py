"""The list of emergencies goes on page after page, each of them once, in the order that is asked for."""

import datetime as dt
import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from care.people.conftest import comes
from care.people.emergency.test_emergency import Night, night
from sarana.care.people.emergency.models import Emergency
from sarana.ground.ledger.models import Entry
from sarana.ground.ledger.writing import open_list

pytestmark = pytest.mark.django_db

__all__ = ["night"]

LIST = "/people/emergencies/"


def happened(night: Night, n: int) -> list[str]:
    """So many emergencies, an hour between two of them; their references, the newest first."""
    first = night.opened()
    reasons = Emergency.Reason.values
    rows = [
        Emergency(
            person=first.person, agency_ref=first.agency_ref, account_ref=first.account_ref,
            reason=reasons[at % len(reasons)], words_sealed=first.words_sealed,
            opened_at=first.opened_at - dt.timedelta(hours=at),
        )
        for at in range(1, n)
    ]  # fmt: skip
    Emergency.objects.bulk_create(rows)
    return [str(row.ref) for row in (first, *rows)]


def shown(client: Client, address: str) -> tuple[list[str], str, str]:
    """The references on one page, the address of the next one, and the page."""
    page = client.get(address).content.decode()
    onward = re.search(r'rel="next" href="([^"]+)"', page)
    return re.findall(rf'href="{LIST}([-0-9a-f]{{36}})/"', page), unescape(onward[1]) if onward else "", page


def test_the_list_goes_on_and_shows_each_emergency_once(night: Night) -> None:
    wanted, officer = happened(night, 53), comes(night.officer)
    first, onward, page = shown(officer, LIST)
    assert first == wanted[:50]
    assert "53 emergencies." in page
    rest, end, _page = shown(officer, LIST + onward)
    assert rest == wanted[50:]
    assert end == ""
    lines = list(Entry.objects.filter(action="people.emergencies-listed").order_by("pk"))
    assert [[str(ref) for ref in open_list(line)] for line in lines] == [first, rest], "what was shown is written down"


def test_it_is_ordered_by_what_happens_and_whoever_reads_none_of_it_gets_no_place_in_it(night: Night) -> None:
    wanted, officer = happened(night, 53), comes(night.officer)
    ordered, onward, page = shown(officer, f"{LIST}?order=reason")
    assert sorted([*ordered, *shown(officer, LIST + onward)[0]]) == sorted(wanted)
    told = re.findall(r'data-label="What happens">([^<]+)<', page)
    assert told == sorted(told)
    assert len(set(told)) > 1
    stranger = comes(night.houses.outsider)
    assert shown(stranger, f"{LIST}?after={wanted[3]}")[0] == []


def test_a_full_page_asks_the_database_no_more_often_than_one_with_three_lines(night: Night) -> None:
    officer, n_asked = comes(night.officer), []
    for n in (3, 53):
        Emergency.objects.all().delete()
        happened(night, n)
        with CaptureQueriesContext(connection) as asked:
            assert len(shown(officer, LIST)[0]) == min(n, 50)
        n_asked.append(len(asked))
    assert n_asked[0] == n_asked[1]
