"""How long things are kept: the page says what the rooms do, and they do what it says."""

import datetime as dt

import pytest
import time_machine
from django.apps import apps
from django.db import models
from django.test import Client

from makers.agencies import a_person, an_agency
from makers.browsers import a_signed_in, signs_in_with_key, types_passphrase
from sarana.ground.accounts import keeping
from sarana.ground.accounts.models import Sitting, Trial

pytestmark = pytest.mark.django_db
LIMIT = {kept.what: kept.longest for kept in keeping.ROOM}


def longest(model: type[models.Model]) -> dt.timedelta:
    """What the page says of a kind of row: the longest of its limits."""
    found = [kept.longest for kept in keeping.ROOM if model.__name__ in kept.models]
    assert found, model
    return max(limit for limit in found if limit)


def test_every_kind_of_row_of_accounts_stands_on_the_list() -> None:
    stored = {model.__name__ for model in apps.get_app_config("accounts").get_models()}
    assert stored == {name for kept in keeping.ROOM for name in kept.models}


@pytest.mark.parametrize("model", [Sitting, Trial])
def test_what_has_a_limit_is_gone_at_the_next_sign_in_after_it(model: type[models.Model]) -> None:
    account, other = a_person(an_agency()), a_person(an_agency("Other"), name="Bob")
    _client, key = a_signed_in(other)
    types_passphrase(Client(), account.sign_in_name, "not the right words")
    types_passphrase(Client(), account.sign_in_name)
    types_passphrase(Client(), account.sign_in_name, "not the right words")
    kept = set(model._default_manager.values_list("pk", flat=True))
    assert kept
    for late, is_gone in ((-dt.timedelta(minutes=5), model is Sitting), (dt.timedelta(minutes=5), True)):
        with time_machine.travel(dt.datetime.now(dt.UTC) + longest(model) + late):
            key.counter += 10
            assert signs_in_with_key(Client(), key).status_code == 302
            left = kept & set(model._default_manager.values_list("pk", flat=True))
        assert (left == set()) == is_gone, late


def test_the_page_says_each_with_its_limit() -> None:
    client, _key = a_signed_in(a_person(an_agency()))
    page = client.get("/system/").content.decode()
    assert "How long things are kept" in page
    for says in (
        "a sitting without use",
        "15 minutes",
        "8 hours",
        "1 day",
        "90 days",
        "no limit",
        "Nobody deletes it.",
    ):
        assert says in page, says
