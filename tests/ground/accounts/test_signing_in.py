"""Signing in: with a passphrase and a second factor, with a key alone; and what is refused (N-01, N-02, N-07, N-08)."""

import re
import time
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from django.urls import reverse

from makers.agencies import NOW, PASSPHRASE, a_person, an_agency, local
from makers.browsers import (
    a_signed_in,
    asked,
    is_in,
    n_factors,
    question_of,
    sets_up_key,
    shows_it_is_her,
    signs_in_with_key,
    types_passphrase,
)
from makers.counted import Counted
from makers.keys import SoftKey
from sarana.ground.accounts import actions
from sarana.ground.accounts.actions import trials
from sarana.ground.ledger.models import Entry

pytestmark = pytest.mark.django_db


def acts(action: str) -> int:
    return Entry.objects.filter(action=f"accounts.{action}").count()


def code_now(secret: str, later: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later))


def sets_up_codes(client: Client) -> str:
    page = client.get(reverse("accounts:add-code-app"))
    found = re.search(r"<code>([A-Z2-7]{32})</code>", page.content.decode())
    assert found
    done = client.post(reverse("accounts:add-code-app"), {"code": code_now(found.group(1))})
    assert done.status_code == 302, done.content.decode()
    return found.group(1)


def makes_sheet(client: Client) -> list[str]:
    page = client.post(reverse("accounts:make-sheet"))
    codes = re.findall(r"<code>(\d{10})</code>", page.content.decode())
    assert len(codes) == 20
    return codes


def test_a_person_signs_in_with_passphrase_and_is_led_to_her_first_factor() -> None:
    account = a_person(an_agency())
    client = Client()
    done = types_passphrase(client, account.sign_in_name)
    assert done.status_code == 302
    assert client.get("/")["Location"] == reverse("accounts:first-factor")
    assert acts("signed-in") == 1


def test_a_key_alone_signs_in_and_is_strong() -> None:
    account = a_person(an_agency())
    _, key = a_signed_in(account)
    other = Client()
    assert signs_in_with_key(other, key)["Location"] == "/"
    assert is_in(other, strong=True)


@pytest.mark.check("N-01")
def test_n_01_a_thousand_tries_are_slowed_to_six_a_minute_and_nobody_else_is_locked_out(counted: Counted) -> None:
    tries = counted("tries", 1_000, least=100)
    account = a_person(an_agency())
    her_own, key = a_signed_in(account)
    her_own.post(reverse("account_logout"))
    attacker, compared = Client(), 0
    with time_machine.travel(NOW, tick=False) as clock:
        for _ in range(tries):
            before = acts("sign-in-failed")
            types_passphrase(attacker, account.sign_in_name, "not the right words at all", REMOTE_ADDR="203.0.113.9")
            compared += acts("sign-in-failed") - before
            clock.shift(timedelta(seconds=0.5))
        minutes = tries * 0.5 / 60
        assert 6 <= compared <= 6 * (minutes + 1)
        right = types_passphrase(Client(), account.sign_in_name, REMOTE_ADDR="203.0.113.9")
        assert right.status_code == 200, "from the attacker's place even the right words wait"
        assert types_passphrase(her_own, account.sign_in_name, REMOTE_ADDR="203.0.113.9").status_code == 302
        assert signs_in_with_key(Client(), key).status_code == 302
        clock.shift(trials.LONGEST_WAIT + timedelta(seconds=1))
        assert types_passphrase(Client(), account.sign_in_name, REMOTE_ADDR="203.0.113.9").status_code == 302


@pytest.mark.check("N-02")
def test_n_02_a_flood_from_many_places_slows_unknown_browsers_and_leaves_one_alarm(counted: Counted) -> None:
    accounts = counted("accounts", 200, least=trials.FLOOD + 20)
    agency = an_agency()
    account = a_person(agency)
    her_own, key = a_signed_in(account)
    her_own.post(reverse("account_logout"))
    with time_machine.travel(NOW, tick=False) as clock:
        for n in range(accounts):
            types_passphrase(Client(), f"somebody-{n}", REMOTE_ADDR=f"198.51.100.{n}")
            clock.shift(timedelta(seconds=0.2))
        assert acts("sign-ins-slowed") == 1
        assert acts("sign-in-failed") <= trials.FLOOD + 1
        assert types_passphrase(Client(), account.sign_in_name, REMOTE_ADDR="192.0.2.7").status_code == 200
        assert types_passphrase(her_own, account.sign_in_name).status_code == 302
        assert signs_in_with_key(Client(), key).status_code == 302
        clock.shift(timedelta(minutes=1, seconds=1))
        assert types_passphrase(Client(), account.sign_in_name, REMOTE_ADDR="192.0.2.7").status_code == 302


def test_a_failed_sign_in_is_written_down_without_what_was_typed() -> None:
    account = a_person(an_agency())
    types_passphrase(Client(), account.sign_in_name, "wrong words wrong words")
    types_passphrase(Client(), "my secret passphrase in the wrong field", "wrong words wrong words")
    known, unknown = Entry.objects.filter(action="accounts.sign-in-failed").order_by("id")
    assert (known.thing_ref, unknown.thing_ref) == (account.ref, None)
    assert "secret passphrase" not in str(vars(unknown))


@pytest.mark.check("N-07")
def test_n_07_the_second_step_cannot_be_skipped() -> None:
    account = a_person(an_agency())
    a_signed_in(account)
    client = Client()
    assert types_passphrase(client, account.sign_in_name)["Location"] == reverse("mfa_authenticate")
    for name in ("accounts:me", "desk:today", "accounts:add-key", "accounts:make-sheet", "account_reauthenticate"):
        assert client.get(reverse(name)).status_code == 302
        assert reverse("account_login") in client.get(reverse(name))["Location"]
    assert not is_in(client)


@pytest.mark.check("N-07")
def test_n_07_a_sitting_without_the_factor_opens_only_its_setting_up() -> None:
    account = a_person(an_agency())
    client = Client()
    types_passphrase(client, account.sign_in_name)
    for path in ("/", "/me/", "/settings/", reverse("accounts:agencies"), "/nothing/here/"):
        answer = client.get(path)
        assert answer.status_code in (302, 404)
        assert answer.status_code == 404 or answer["Location"] == reverse("accounts:first-factor")


@pytest.mark.check("N-07")
def test_n_07_a_weak_sitting_adds_no_factor_once_there_is_one() -> None:
    account = a_person(an_agency())
    early = Client()
    types_passphrase(early, account.sign_in_name)
    late = Client()
    types_passphrase(late, account.sign_in_name)
    sets_up_key(late)
    for name in ("accounts:add-key", "accounts:add-code-app", "accounts:make-sheet"):
        assert "ACCOUNTS-028" in early.post(reverse(name)).content.decode()
    assert n_factors(account) == 1


@pytest.mark.check("N-07")
def test_n_07_a_code_of_an_app_is_good_once_even_the_one_that_set_it_up() -> None:
    account = a_person(an_agency())
    with time_machine.travel(NOW, tick=False) as clock:
        first = Client()
        types_passphrase(first, account.sign_in_name)
        secret = sets_up_codes(first)
        second = Client()
        types_passphrase(second, account.sign_in_name)
        assert second.post(reverse("mfa_authenticate"), {"code": code_now(secret)}).status_code == 200
        clock.shift(timedelta(seconds=30))
        fresh = code_now(secret)
        assert second.post(reverse("mfa_authenticate"), {"code": fresh}).status_code == 302
        assert is_in(second, strong=True)
        third = Client()
        types_passphrase(third, account.sign_in_name)
        assert third.post(reverse("mfa_authenticate"), {"code": fresh}).status_code == 200
        assert not is_in(third)
    assert acts("factor-failed") == 2


@pytest.mark.check("N-07")
def test_n_07_a_printed_sheet_alone_is_a_second_factor_and_each_code_is_good_once() -> None:
    account = a_person(an_agency())
    first = Client()
    types_passphrase(first, account.sign_in_name)
    codes = makes_sheet(first)
    assert is_in(first, strong=True)
    for code, fits in ((codes[0], True), (codes[0], False), (codes[7], True)):
        client = Client()
        assert types_passphrase(client, account.sign_in_name)["Location"] == reverse("mfa_authenticate")
        client.post(reverse("mfa_authenticate"), {"code": code})
        assert is_in(client, strong=True) is fits


@pytest.mark.check("N-07")
def test_n_07_guessing_codes_is_slowed() -> None:
    account = a_person(an_agency())
    _, key = a_signed_in(account)
    client = Client()
    types_passphrase(client, account.sign_in_name)
    for n in range(20):
        client.post(reverse("mfa_authenticate"), {"code": f"{n:06}"})
    assert acts("factor-failed") == trials.MEASURE
    page = client.get(reverse("mfa_authenticate"))
    assert client.post(reverse("mfa_authenticate"), {"credential": key.answer(question_of(page))}).status_code == 302


def test_a_key_after_the_passphrase_signs_in() -> None:
    account = a_person(an_agency())
    _, key = a_signed_in(account)
    client = Client()
    types_passphrase(client, account.sign_in_name)
    page = client.get(reverse("mfa_authenticate"))
    done = client.post(reverse("mfa_authenticate"), {"credential": key.answer(question_of(page))})
    assert done.status_code == 302
    assert is_in(client, strong=True)


@pytest.mark.check("N-08")
@pytest.mark.parametrize(
    "origin", ["https://evil.example", "http://localhost:81", "http://sub.localhost:8000", "https://localhost:8000"]
)
def test_n_08_an_answer_given_on_another_page_is_refused(origin: str) -> None:
    account = a_person(an_agency())
    _, key = a_signed_in(account)
    key.origin = origin
    client = Client()
    signs_in_with_key(client, key)
    assert not is_in(client)
    assert acts("factor-failed") == 1


@pytest.mark.check("N-08")
@pytest.mark.parametrize("counts", [True, False])
def test_n_08_an_answer_is_good_once(*, counts: bool) -> None:
    account = a_person(an_agency())
    her_own = Client()
    types_passphrase(her_own, account.sign_in_name)
    key = sets_up_key(her_own, SoftKey(counts=counts))
    client = Client()
    answer = key.answer(asked(client))
    assert client.post(reverse("mfa_login_webauthn"), {"credential": answer})["Location"] == "/"
    client.post(reverse("account_logout"))
    client.post(reverse("mfa_login_webauthn"), {"credential": answer})
    assert not is_in(client)
    elsewhere = Client()
    asked(elsewhere)
    elsewhere.post(reverse("mfa_login_webauthn"), {"credential": answer})
    assert not is_in(elsewhere)


@pytest.mark.check("N-08")
def test_n_08_a_copied_key_is_found_by_its_count() -> None:
    account = a_person(an_agency())
    _, key = a_signed_in(account)
    copied = key.copied()
    signs_in_with_key(Client(), key)
    thief = Client()
    page = signs_in_with_key(thief, copied)
    assert not is_in(thief)
    assert page.status_code == 302
    assert Entry.objects.get(action="accounts.key-copied").code == "ACCOUNTS-020"


@pytest.mark.check("N-08")
def test_n_08_a_key_without_pin_or_finger_is_refused() -> None:
    account = a_person(an_agency())
    _, key = a_signed_in(account)
    key.verified = False
    client = Client()
    signs_in_with_key(client, key)
    assert not is_in(client)


@pytest.mark.parametrize(
    "junk", ["", "1", "[]", "{}", '{"response": 3}', '{"id": "x", "rawId": "x", "response": {}}', "x"]
)
def test_an_answer_that_is_none_is_refused_in_words(junk: str) -> None:
    account = a_person(an_agency())
    client, _ = a_signed_in(account)
    stranger = Client()
    asked(stranger)
    assert stranger.post(reverse("mfa_login_webauthn"), {"credential": junk}).status_code == 302
    shows_it_is_her(client)
    client.get(reverse("accounts:add-key"))
    page = client.post(reverse("accounts:add-key"), {"credential": junk})
    assert page.status_code == 200
    assert Authenticator.objects.count() == 1


def test_factors_are_changed_only_after_showing_again_who_one_is() -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        client, _ = a_signed_in(a_person(an_agency()))
        clock.shift(timedelta(minutes=6))
        there = client.get(reverse("accounts:add-code-app"))
        assert there["Location"].startswith(reverse("account_reauthenticate"))
        shows_it_is_her(client)
        assert client.get(reverse("accounts:add-code-app")).status_code == 200


def test_the_last_factor_stays_where_work_needs_one() -> None:
    account = a_person(an_agency())
    client, _ = a_signed_in(account)
    ref = re.search(r"/me/factors/(\w+)/remove/", client.get("/me/").content.decode())
    assert ref
    assert "ACCOUNTS-021" in client.post(f"/me/factors/{ref.group(1)}/remove/").content.decode()
    makes_sheet(client)
    assert client.post(f"/me/factors/{ref.group(1)}/remove/").status_code == 302
    assert n_factors(account) == 1
    assert acts("factor-removed") == 1


def test_an_account_that_ended_gets_the_same_answer_as_a_name_that_never_was() -> None:
    agency = an_agency()
    gone = a_person(agency)
    admin = a_person(agency, "organisation-administrator", name="Ada")
    assert admin
    from_local = actions.end_account(local(), gone)
    assert from_local == 1
    ended = types_passphrase(Client(), gone.sign_in_name, PASSPHRASE).content.decode()
    never = types_passphrase(Client(), "nobody", PASSPHRASE).content.decode()
    assert "do not belong together" in ended
    assert plain(ended, gone.sign_in_name) == plain(never, "nobody")


def plain(page: str, name: str) -> str:
    return re.sub(r'value="[^"]{40,}"', "", page.replace(name, "NAME"))
