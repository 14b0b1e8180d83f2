"""A form's own word: what is still at work is waited for, then said not to be known; nothing is done twice."""

import datetime as dt

import pytest
from django.utils import timezone

from makers.agencies import a_person, an_agency
from makers.sittings import come_in
from sarana.ground.accounts import actions, keyed, once
from sarana.ground.accounts.models import Account, SentForm
from sarana.ground.ledger.models import Entry

pytestmark = pytest.mark.django_db
FORM = {"name": "Her new name", "language": "en", "calendar": "ce"}


@pytest.fixture
def person() -> Account:
    """Somebody who works here."""
    return a_person(an_agency(), "analyst")


def n_changes() -> int:
    return Entry.objects.filter(action="accounts.own-changed").count()


def test_a_form_of_which_nobody_knows_whether_it_was_done_is_not_done_again(
    person: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(once, "WAITS", 0.1)
    word = once.new_word()
    assert actions.take_form(keyed.mark("sent form", str(person.ref), word), timezone.now())
    answer = come_in(person).post("/me/", {**FORM, once.FIELD: word})
    assert answer.status_code == 409
    assert "ACCOUNTS-045" in answer.content.decode()
    assert n_changes() == 0


def test_the_word_of_another_person_s_form_is_another_word(person: Account) -> None:
    word = once.new_word()
    other = a_person(an_agency("Other"), "analyst", name="Bob")
    for each in (person, other):
        assert come_in(each).post("/me/", {**FORM, once.FIELD: word}).status_code == 302
    assert n_changes() == 2
    assert come_in(person).post("/me/", {**FORM, once.FIELD: word}).status_code == 302
    assert n_changes() == 2


def test_words_are_forgotten_after_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now()
    assert actions.take_form("ff", now - dt.timedelta(days=2))
    assert actions.take_form("00", now)
    assert list(SentForm.objects.values_list("mark", flat=True)) == ["00"]
