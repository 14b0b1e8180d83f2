"""Invitations and ways back: one person, once, within the hour, under our own address (N-11, F-13, F-15)."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client, override_settings
from django.urls import reverse

from makers.agencies import NOW, PASSPHRASE, a_person, acting, an_agency, give, local
from makers.browsers import a_signed_in, is_in, n_factors, sets_up_key, signs_in_with_key, types_passphrase
from sarana.basics.errors import NotYet, Refused
from sarana.ground.accounts import actions
from sarana.ground.accounts.models import Account, Agency, Invitation, Membership, Role
from sarana.ground.ledger.models import Entry

pytestmark = pytest.mark.django_db

NEW = "eight loud mountains sing"
TOO_SHORT = "too short"


def case_worker() -> Role:
    return Role.objects.get(code="case-worker")


def a_link(agency: Agency) -> str:
    _, word = actions.invite(local(), agency=agency, role=case_worker(), name="Noi")
    return reverse("accounts:invitation", args=[word])


def comes(client: Client, link: str, name: str = "noi", passphrase: str = NEW):  # type: ignore[no-untyped-def]
    given = {"name": "Noi", "sign_in_name": name, "language": "th", "passphrase": passphrase, "again": passphrase}
    opened = client.get(link)
    return client.post(opened["Location"], given) if opened.status_code == 302 else opened


def test_an_invited_person_makes_her_account_and_sets_up_a_key() -> None:
    agency = an_agency()
    with time_machine.travel(NOW, tick=False):
        client, link = Client(), a_link(agency)
        assert comes(client, link)["Location"] == reverse("accounts:first-factor")
        key = sets_up_key(client)
        assert is_in(client, strong=True)
        assert signs_in_with_key(Client(), key).status_code == 302
        assert acting(Account.objects.get(sign_in_name="noi")).roles == {"case-worker"}
    assert Entry.objects.filter(action="accounts.invitation-used").count() == 1


@pytest.mark.check("N-11")
def test_n_11_a_link_is_good_once() -> None:
    agency = an_agency()
    with time_machine.travel(NOW, tick=False):
        link = a_link(agency)
        assert Client().get(link).status_code == 302
        assert Client().get(link)["Location"] == reverse("accounts:come"), "a look alone does not use it up"
        comes(Client(), link)
        assert comes(Client(), link, "somebody-else").status_code == 410
        assert Client().post(reverse("accounts:come"), {}).status_code == 410
        assert Client().get(link).status_code == 410
        assert Account.objects.count() == 1


@pytest.mark.check("N-11")
@pytest.mark.parametrize("jump", [timedelta(hours=1), timedelta(days=1), timedelta(days=-1), timedelta(days=-365)])
def test_n_11_a_link_lapses_within_the_hour_and_no_clock_prolongs_it(jump: timedelta) -> None:
    agency = an_agency()
    with time_machine.travel(NOW, tick=False):
        _, word = actions.invite(local(NOW), agency=agency, role=case_worker(), name="Noi")
    with time_machine.travel(NOW + jump, tick=False):
        assert Client().get(reverse("accounts:invitation", args=[word])).status_code == 410
    with time_machine.travel(NOW + timedelta(minutes=59), tick=False):
        assert Client().get(reverse("accounts:invitation", args=[word])).status_code == 302


@pytest.mark.check("N-11")
def test_n_11_a_link_that_was_withdrawn_and_one_that_never_was_say_the_same() -> None:
    agency = an_agency()
    with time_machine.travel(NOW, tick=False):
        made, word = actions.invite(local(), agency=agency, role=case_worker(), name="Noi")
        actions.withdraw_invitation(local(), made)
        withdrawn = Client().get(reverse("accounts:invitation", args=[word]))
        never = Client().get(reverse("accounts:invitation", args=["x" * 43]))
    assert withdrawn.status_code == never.status_code == 410
    assert strip(withdrawn.content.decode()) == strip(never.content.decode())
    with pytest.raises(NotYet, match="ACCOUNTS-017"):
        actions.withdraw_invitation(local(), made)


def strip(page: str) -> str:
    return re.sub(r'value="[^"]+"', "", page)


@pytest.mark.check("N-11")
def test_n_11_the_link_stands_under_our_own_address_whatever_the_host_header_says() -> None:
    agency = an_agency()
    client, _ = a_signed_in(a_person(agency, "organisation-administrator"))
    where = reverse("accounts:invite", args=[agency.ref])
    for host in ("localhost", "testserver", "127.0.0.1"):
        given = {"name": "Noi", "role": "case-worker", "once": f"00000000-0000-4000-8000-{ord(host[0]):012}"}
        with override_settings(ALLOWED_HOSTS=["testserver", "localhost", "127.0.0.1"]):
            page = client.post(where, given, headers={"host": host, "x-forwarded-host": "evil.example"})
        link = re.search(r'<code id="link">([^<]+)</code>', page.content.decode())
        assert link, page.content.decode()
        assert link.group(1).startswith("http://localhost:8000/invitation/")
    assert client.post(where, given, headers={"host": "evil.example"}).status_code == 400


@pytest.mark.check("F-15")
def test_f_15_an_invitation_sent_twice_is_made_once() -> None:
    agency = an_agency()
    client, _ = a_signed_in(a_person(agency, "organisation-administrator"))
    where = reverse("accounts:invite", args=[agency.ref])
    given = {"name": "Noi", "role": "case-worker", "once": "11111111-1111-4111-8111-111111111111"}
    assert b'id="link"' in client.post(where, given).content
    again = client.post(where, given)
    assert "sent twice" in again.content.decode()
    assert 'value="Noi"' in again.content.decode(), "nothing typed is lost"
    assert Invitation.objects.count() == 1
    assert Entry.objects.filter(action="accounts.invited").count() == 1


def test_a_passphrase_that_will_not_do_is_said_beside_its_field_and_the_link_stays_good() -> None:
    agency = an_agency()
    with time_machine.travel(NOW, tick=False):
        link = a_link(agency)
        page = comes(Client(), link, "noi", TOO_SHORT).content.decode()
        assert "too short: it needs at least 15 letters" in page
        assert 'value="noi"' in page
        assert comes(Client(), link).status_code == 302


def test_a_sign_in_name_that_is_taken_is_said_and_the_link_stays_good() -> None:
    agency = an_agency()
    taken = a_person(agency)
    with time_machine.travel(NOW, tick=False):
        link = a_link(agency)
        assert "taken" in comes(Client(), link, taken.sign_in_name.upper()).content.decode()
        assert comes(Client(), link).status_code == 302


def test_an_invitation_is_not_opened_in_somebody_elses_sitting() -> None:
    agency = an_agency()
    with time_machine.travel(NOW, tick=False):
        client, _ = a_signed_in(a_person(agency))
        assert "Somebody is signed in here" in client.get(a_link(agency)).content.decode()


def test_the_way_back_gives_a_new_passphrase_and_ends_old_factors_and_sittings() -> None:
    agency = an_agency()
    account = a_person(agency)
    with time_machine.travel(NOW, tick=False):
        old, key = a_signed_in(account)
        membership = Membership.objects.select_related("account", "agency", "role").get(account=account)
        _, first = actions.offer_way_back(local(), membership)
        assert is_in(old), "nothing changes until it is used"
        _, second = actions.offer_way_back(local(), membership)
        assert Client().get(reverse("accounts:invitation", args=[first])).status_code == 410
        client = Client()
        client.get(reverse("accounts:invitation", args=[second]))
        done = client.post(reverse("accounts:come"), {"passphrase": NEW, "again": NEW})
        assert done["Location"] == reverse("accounts:first-factor")
        assert not is_in(old)
        assert n_factors(account) == 0
        stranger = Client()
        signs_in_with_key(stranger, key)
        assert not is_in(stranger)
        assert types_passphrase(Client(), account.sign_in_name, PASSPHRASE).status_code == 200
        sets_up_key(client)
        assert is_in(client, strong=True)
        assert Client().get(reverse("accounts:invitation", args=[second])).status_code == 410


def test_an_administrator_lets_nobody_back_in_who_works_elsewhere_too() -> None:
    ours, theirs = an_agency(), an_agency("Another house")
    admin, worker = a_person(ours, "organisation-administrator"), a_person(ours, name="Bob")
    give(worker, theirs, "investigator")
    membership = Membership.objects.select_related("account", "agency", "role").get(account=worker, agency=ours)
    with pytest.raises(Refused, match="ACCOUNTS-023"):
        actions.offer_way_back(acting(admin), membership)
    with pytest.raises(Refused, match="ACCOUNTS-023"):
        actions.end_account(acting(admin), worker)
    own = Membership.objects.select_related("account", "agency", "role").get(account=admin)
    with pytest.raises(Refused, match="ACCOUNTS-005"):
        actions.offer_way_back(acting(admin), own)
