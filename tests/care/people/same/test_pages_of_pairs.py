"""Two records stand beside each other on one page: what is the same once, what differs twice; a long queue says so."""

import re

import pytest

from care.people.photographs.test_pages import comes
from care.people.same.test_same import JAIDEE, MALEE, SOMBAT, compare, entered
from makers.agencies import local
from makers.identities import TwoHouses
from sarana.care.people.models import Person
from sarana.care.people.same import views
from sarana.care.people.same.models import Likeness
from sarana.ground.codelists.loading import load_all_purposes

pytestmark = pytest.mark.django_db


def test_what_both_records_say_stands_once_and_what_differs_under_each_code(houses: TwoHouses) -> None:
    load_all_purposes(local())
    first = entered(houses, MALEE, sex=Person.Sex.FEMALE, languages=("th",))
    second = entered(houses, JAIDEE, sex=Person.Sex.FEMALE, languages=("my",))
    entered(houses, SOMBAT)
    compare()
    client, row = comes(houses.supervisor), Likeness.objects.get()
    page = client.get(f"/people/alike/{row.ref}/").content.decode()
    table = page[page.index("<tbody>") : page.index("</tbody>")]
    assert table.count("female") == 1
    assert f'data-label="{first.code}"><span class="likeness" aria-hidden="true">≠</span> Thai' in table
    assert f'data-label="{second.code}"><span class="likeness" aria-hidden="true">≠</span> Burmese' in table
    shown = client.post(f"/people/alike/{row.ref}/").content.decode()
    assert [code in re.findall(r"<h2>([^<]+)</h2>", shown) for code in (first.code, second.code)] == [True, True]


def test_a_queue_that_is_longer_than_its_page_says_how_many_wait(
    houses: TwoHouses, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_all_purposes(local())
    for names in (MALEE, JAIDEE, MALEE):
        entered(houses, names)
    compare()
    n = Likeness.objects.count()
    assert n > 1
    client = comes(houses.supervisor)
    assert f"{n} pairs wait." in client.get("/people/alike/").content.decode()
    monkeypatch.setattr(views, "SHOWN", 1)
    page = client.get("/people/alike/").content.decode()
    assert (f"{n} pairs wait. Here are the 1 likeliest" in page, page.count('scope="row"')) == (True, 1)
