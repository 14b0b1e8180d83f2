"""Sittings: new at sign-in, limited on the server, listed and ended, told by no stolen table (N-03 to N-12, F-13)."""

import json
from datetime import timedelta
from http.cookies import Morsel
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.test import Client, override_settings
from django.urls import reverse

from makers.agencies import NOW, PASSPHRASE, a_person, acting, an_agency, give, local
from makers.browsers import a_signed_in, is_in, signs_in_with_key, types_passphrase
from sarana.ground.accounts import actions, queries
from sarana.ground.accounts.models import Account, Membership, Sitting
from sarana.ground.accounts.models.store import IDLE, LONGEST, SessionStore, hashed
from sarana.ground.ledger.models import Entry

pytestmark = pytest.mark.django_db


def cookie(client: Client) -> Morsel[str]:
    return client.cookies[settings.SESSION_COOKIE_NAME]


def key_of(client: Client) -> str:
    return cookie(client).value


def browser_with(key: str) -> Client:
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = key
    return client


def two_sittings(account: Account) -> tuple[Client, Client]:
    one, key = a_signed_in(account)
    two = Client()
    signs_in_with_key(two, key)
    return one, two


@pytest.mark.check("N-03")
def test_n_03_signing_in_takes_a_new_key_and_the_old_one_opens_nothing() -> None:
    account = a_person(an_agency())
    client = Client()
    client.get(reverse("mfa_login_webauthn"), headers={"accept": "application/json"})
    fixed = key_of(client)
    types_passphrase(client, account.sign_in_name)
    assert key_of(client) != fixed
    assert not is_in(browser_with(fixed))
    made_up = browser_with("a" * 43)
    types_passphrase(made_up, account.sign_in_name)
    assert key_of(made_up) != "a" * 43


@pytest.mark.check("N-03")
def test_n_03_setting_up_a_factor_takes_a_new_key_too() -> None:
    account = a_person(an_agency())
    client = Client()
    types_passphrase(client, account.sign_in_name)
    weak = key_of(client)
    client.post(reverse("accounts:make-sheet"))
    assert key_of(client) != weak
    assert not is_in(browser_with(weak))


@pytest.mark.check("N-03")
def test_n_03_after_signing_out_the_old_key_opens_nothing() -> None:
    client, _ = a_signed_in(a_person(an_agency()))
    old = key_of(client)
    client.post(reverse("account_logout"))
    assert not is_in(browser_with(old))
    assert not Sitting.objects.filter(session_key=hashed(old)).exists()


@pytest.mark.check("N-03")
@pytest.mark.parametrize("how", ["passphrase", "account", "membership", "agency"])
def test_n_03_all_sittings_die_at_once(how: str) -> None:
    agency = an_agency()
    account = a_person(agency)
    one, two = two_sittings(account)
    match how:
        case "passphrase":
            given = {"present": PASSPHRASE, "passphrase": "other quiet rivers walk", "again": "other quiet rivers walk"}
            assert one.post(reverse("accounts:passphrase"), given).status_code == 302
        case "account":
            actions.end_account(local(), account)
        case "membership":
            actions.end_membership(local(), Membership.objects.select_related("account", "agency").get(), version=1)
        case _:
            actions.close_agency(local(), agency, version=1)
            assert acting(account).roles == frozenset()
            return
    assert not is_in(one)
    assert not is_in(two)
    assert not Sitting.objects.exclude(owner_mark="").exists()


@pytest.mark.check("N-04")
def test_n_04_the_cookie_is_closed_to_scripts_and_other_sites() -> None:
    client, _ = a_signed_in(a_person(an_agency()))
    sitting = cookie(client)
    assert (sitting["httponly"], sitting["samesite"], sitting["path"], sitting["domain"]) == (True, "Lax", "/", "")
    assert sitting["max-age"] == ""
    assert client.cookies["known"]["httponly"] is True
    assert client.cookies["known"]["samesite"] == "Strict"


@pytest.mark.check("N-06")
def test_n_06_a_sitting_ends_after_fifteen_idle_minutes_on_the_server() -> None:
    account = a_person(an_agency())
    with time_machine.travel(NOW, tick=False) as clock:
        client, _ = a_signed_in(account)
        for _ in range(4):
            clock.shift(IDLE - timedelta(seconds=30))
            assert is_in(client)
        kept = key_of(client)
        clock.shift(IDLE + timedelta(seconds=1))
        assert not is_in(browser_with(kept))


@pytest.mark.check("N-06")
def test_n_06_a_sitting_ends_after_eight_hours_however_busy() -> None:
    account = a_person(an_agency())
    with time_machine.travel(NOW, tick=False) as clock:
        client, _ = a_signed_in(account)
        alive = timedelta(0)
        while is_in(client):
            clock.shift(timedelta(minutes=10))
            alive += timedelta(minutes=10)
        assert LONGEST <= alive <= LONGEST + timedelta(minutes=10)


@pytest.mark.check("F-13")
@pytest.mark.parametrize("jump", [timedelta(days=days) for days in (-3650, -366, -1, 1, 366, 3650)])
def test_f_13_a_clock_that_jumps_prolongs_no_sitting(jump: timedelta) -> None:
    account = a_person(an_agency())
    with time_machine.travel(NOW, tick=False) as clock:
        client, _ = a_signed_in(account)
        clock.shift(jump)
        assert not is_in(client)
        clock.shift(-jump)
        types_passphrase(client, account.sign_in_name)
        assert Entry.objects.filter(action="accounts.sign-in-failed").count() == 0


@pytest.mark.check("N-06")
def test_n_06_all_sittings_are_listed_and_ended_one_by_one_or_together() -> None:
    account = a_person(an_agency())
    one, two = two_sittings(account)
    three = Client(headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"})
    types_passphrase(three, account.sign_in_name)
    page = one.get(reverse("accounts:me")).content.decode()
    assert page.count('class="pill">here') == 1
    others = [s for s in queries.sittings_of(acting_now(account), session_key=key_of(one)) if not s.is_this]
    assert len(others) == 1, "a passphrase alone opens no sitting for somebody who has a factor"
    assert one.post(reverse("accounts:end-sitting", args=[others[0].ref])).status_code == 302
    assert not is_in(two)
    assert "ACCOUNTS-014" in one.post(reverse("accounts:end-sitting", args=[others[0].ref])).content.decode()
    one.post(reverse("accounts:end-other-sittings"))
    assert is_in(one)


def acting_now(account: Account) -> Any:
    return acting(account, now=NOW.now(tz=NOW.tzinfo))


def test_nobody_ends_a_sitting_of_somebody_else() -> None:
    agency = an_agency()
    hers, _ = a_signed_in(a_person(agency))
    other, _ = a_signed_in(a_person(agency, name="Bob"))
    ref = Sitting.objects.get(session_key=hashed(key_of(hers))).ref
    assert "ACCOUNTS-014" in other.post(reverse("accounts:end-sitting", args=[ref])).content.decode()
    assert is_in(hers)


@pytest.mark.check("N-06")
def test_n_06_whoever_signs_in_is_told_of_her_other_sittings() -> None:
    account = a_person(an_agency())
    _, key = a_signed_in(account)
    two = Client()
    signs_in_with_key(two, key)
    assert "1 other place" in two.get(reverse("accounts:me")).content.decode()


@pytest.mark.check("N-09")
@pytest.mark.parametrize("name", ["account_logout", "accounts:switch"])
def test_n_09_leaving_is_a_form_and_clears_the_browser(name: str) -> None:
    client, _ = a_signed_in(a_person(an_agency()))
    client.get(reverse(name))
    assert is_in(client), "a link signs nobody out"
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    assert strict.post(reverse(name)).status_code == 403
    answer = client.post(reverse(name))
    assert '"cache"' in answer["Clear-Site-Data"]
    assert answer["Cache-Control"] == "no-store"
    assert not is_in(client)
    act = "accounts.handed-over" if name == "accounts:switch" else "accounts.signed-out"
    assert Entry.objects.filter(action=act).count() == 1


@pytest.mark.check("N-09")
def test_n_09_no_page_may_be_kept_and_the_locked_page_names_nobody() -> None:
    account = a_person(an_agency(), name="Alice Nobody")
    client, _ = a_signed_in(account)
    for path in ("/", "/me/", "/settings/"):
        assert "no-store" in client.get(path)["Cache-Control"]
    client.post(reverse("accounts:switch"))
    page = client.get(reverse("accounts:locked")).content.decode()
    assert "Alice" not in page
    assert account.sign_in_name not in page


@pytest.mark.check("N-12")
def test_n_12_a_stolen_table_of_sittings_tells_neither_key_nor_person() -> None:
    account = a_person(an_agency(), name="Alice Nobody")
    client, _ = a_signed_in(account)
    key = key_of(client)
    row = Sitting.objects.exclude(owner_mark="").get()
    stolen = json.dumps({field.attname: str(getattr(row, field.attname)) for field in Sitting._meta.fields})
    for value in (key, str(account.ref), account.ref.hex, account.sign_in_name, "Alice", SESSION_KEY, "Chrome"):
        assert value not in stolen
    assert not is_in(browser_with(row.session_key)), "the hash is not a key"
    assert row.session_key == hashed(key)
    with override_settings(SECRET_KEY="z" * 60):
        assert SessionStore(key).get(SESSION_KEY) == str(account.pk), "only the browser's value opens what it holds"
        assert Sitting.objects.filter(owner_mark=row.owner_mark).exists()
        assert not queries.sittings_of(acting_now(account), session_key=key), "whose it is needs the key folder"


@pytest.mark.check("N-12")
def test_n_12_a_row_put_under_another_key_is_not_opened() -> None:
    client, _ = a_signed_in(a_person(an_agency()))
    row = Sitting.objects.exclude(owner_mark="").get()
    own = SessionStore()
    own["x"] = 1
    own.save()
    Sitting.objects.filter(session_key=hashed(own.session_key or "")).update(session_data=row.session_data)
    assert not is_in(browser_with(own.session_key or ""))
    assert is_in(client)


def test_a_new_key_for_the_same_sitting_does_not_begin_it_again() -> None:
    account = a_person(an_agency())
    with time_machine.travel(NOW, tick=False) as clock:
        client, _ = a_signed_in(account)
        began = Sitting.objects.exclude(owner_mark="").get().began_at
        clock.shift(timedelta(minutes=10))
        store = SessionStore(key_of(client))
        assert store.get(SESSION_KEY)
        store.cycle_key()
        store.save()
        assert Sitting.objects.exclude(owner_mark="").get().began_at == began


def test_sittings_that_lapsed_are_swept_at_the_next_sign_in() -> None:
    agency = an_agency()
    with time_machine.travel(NOW, tick=False) as clock:
        a_signed_in(a_person(agency))
        clock.shift(timedelta(hours=9))
        bob = a_person(agency, name="Bob")
        give(bob, agency, "supervisor")
        types_passphrase(Client(), bob.sign_in_name)
        assert Sitting.objects.filter(expire_date__lt=NOW + timedelta(hours=9)).count() == 0
