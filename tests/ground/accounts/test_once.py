"""A form's own word: what is still at work is waited for, then said not to be known; nothing is done twice."""

import datetime as dt
import re

import pytest
from django.http import HttpResponse
from django.utils import timezone

from makers.agencies import a_person, an_agency
from makers.sittings import come_in
from sarana.ground.accounts import actions, once
from sarana.ground.accounts.models import Account, SentForm
from sarana.ground.ledger.models import Entry
from sarana.ground.pages import sent_twice

pytestmark = pytest.mark.django_db
HIDDEN = re.compile(r'name="(version|once)" value="([^"]+)"')


@pytest.fixture
def person() -> Account:
    """Somebody who works here."""
    return a_person(an_agency(), "analyst")


def changes(person: Account, word: str) -> HttpResponse:
    """Sends the form of one's own page with a word."""
    client = come_in(person)
    hidden = dict(HIDDEN.findall(client.get("/me/").content.decode()))
    form = {"name": "Her new name", "language": "en", "calendar": "ce", **hidden, once.FIELD: word}
    return client.post("/me/", form)


def n_changes() -> int:
    return Entry.objects.filter(action="accounts.own-changed").count()


def test_a_form_of_which_nobody_knows_whether_it_was_done_is_not_done_again(
    person: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sent_twice, "WAITS", 0.1)
    word = once.new_word()
    assert actions.take_form(once.mark_of(person, word), timezone.now())
    answer = changes(person, word)
    assert answer.status_code == 409
    assert "ACCOUNTS-045" in answer.content.decode()
    assert n_changes() == 0


def test_the_word_of_another_person_s_form_is_another_word(person: Account) -> None:
    word = once.new_word()
    other = a_person(an_agency("Other"), "analyst", name="Bob")
    for each in (person, other):
        assert changes(each, word).status_code == 302
    assert n_changes() == 2
    assert changes(person, word).status_code == 302
    assert n_changes() == 2


def test_words_are_forgotten_after_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now()
    assert actions.take_form("ff", now - dt.timedelta(days=2))
    assert actions.take_form("00", now)
    assert list(SentForm.objects.values_list("mark", flat=True)) == ["00"]
