"""The demonstration as somebody sees it who reads Thai: agencies by their Thai names, and nothing asked in vain."""

import pytest
from django.test import Client
from django.urls import reverse

from makers.agencies import local
from makers.browsers import sign_in
from sarana.ground.accounts import actions, demonstration
from sarana.ground.accounts.models import Account, Agency, Membership

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(settings: pytest.FixtureRequest) -> Client:
    """The administrator of the demonstration, who reads Thai."""
    settings.SARANA_MODE = "demo"  # type: ignore[attr-defined]
    actions.load_roles(local())
    demonstration.seed_demonstration(local())
    Account.objects.update(language="th")
    return sign_in(Client(), Account.objects.get(sign_in_name="demo-organisation-administrator"))


def test_no_page_in_thai_calls_an_agency_by_its_english_name(administrator: Client) -> None:
    centre = Agency.objects.get(kind=Agency.Kind.PROVINCIAL_CENTRE)
    shelter = Membership.objects.get(account__sign_in_name="demo-shelter")
    pages = ["/", "/me/", "/settings/", "/settings/agencies/", "/settings/agencies/map/", "/looked/mine/"]
    pages += ["/settings/words/propose/", reverse("accounts:change-agency", args=[centre.ref])]
    pages += [reverse("accounts:invite", args=[centre.ref]), reverse("accounts:membership", args=[shelter.ref])]
    n_thai = 0
    for path in pages:
        page = administrator.get(path).content.decode().replace(f'value="{centre.name}"', "")
        assert [one.name for one in demonstration.AGENCIES if one.name in page] == [], path
        n_thai += any(one.name_local in page for one in demonstration.AGENCIES)
    assert n_thai == len(pages)


def test_one_s_account_does_not_ask_for_a_second_factor_that_the_demonstration_does_not_need(
    administrator: Client,
) -> None:
    page = administrator.get("/me/")
    assert page.context["needs_factor"] is False
    assert "งานของคุณต้องมีปัจจัยที่สอง" not in page.content.decode()
