"""D-07, as far as it applies: nothing is kept on a device, so what is lost with it are a sitting and a key."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from makers.agencies import a_person, an_agency
from makers.browsers import a_signed_in, is_in, n_factors, sets_up_key, shows_it_is_her, signs_in_with_key
from makers.keys import SoftKey
from sarana.ground.accounts.models import Account

pytestmark = pytest.mark.django_db


def a_lost_one() -> tuple[Client, Client, SoftKey, Account]:
    """Somebody who signed in on a device that is lost, with a key that lay on it, and on another with another key."""
    account = a_person(an_agency())
    lost, its_key = a_signed_in(account)
    here = Client()
    signs_in_with_key(here, its_key)
    shows_it_is_her(here)
    sets_up_key(here)
    assert is_in(lost)
    assert is_in(here)
    return lost, here, its_key, account


@pytest.mark.check("D-07")
@pytest.mark.parametrize("how", ["that sitting", "all others"])
def test_d_07_the_sitting_of_a_lost_device_is_over_with_its_next_request(how: str) -> None:
    lost, here, _key, _account = a_lost_one()
    (path,) = re.findall(r"/me/sittings/[-0-9a-f]{36}/end/", here.get(reverse("accounts:me")).content.decode())
    assert here.post(path if how == "that sitting" else reverse("accounts:end-other-sittings")).status_code == 302
    assert not is_in(lost)
    assert is_in(here)


@pytest.mark.check("D-07")
def test_d_07_the_key_of_a_lost_device_opens_nothing_once_it_is_removed() -> None:
    _lost, here, its_key, account = a_lost_one()
    assert n_factors(account) == 2
    shows_it_is_her(here)
    paths = re.findall(r"/me/factors/[^/\"]+/remove/", here.get(reverse("accounts:me")).content.decode())
    assert here.post(paths[0]).status_code == 302
    assert n_factors(account) == 1
    stolen = Client()
    signs_in_with_key(stolen, its_key)
    assert not is_in(stolen)
