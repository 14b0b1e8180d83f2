"""Signing in by a ministry's own service, against a real one on this machine that lies where a test wants it to."""

import datetime as dt
import re
import time
from base64 import b64decode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jwt
import pytest
import requests
import time_machine
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.test import Client
from django.urls import reverse

from makers.agencies import a_person, acting, an_agency, give, local
from makers.browsers import a_signed_in, is_in, shows_it_is_her, types_passphrase
from makers.issuer import CLIENT, SECRET, Standin, a_key, keys_with_secret, serving_issuer
from sarana.basics.errors import BadFile, NotYet
from sarana.ground.accounts import actions, issuers, openid
from sarana.ground.accounts.issuers import subject_mark
from sarana.ground.accounts.models import Account, Allowance, Sitting, Tie
from sarana.ground.ledger.models import Entry

pytestmark = pytest.mark.django_db
GO, BACK, TIE = (f"accounts:{name}" for name in ("issuer-sign-in", "issuer-back", "tie"))


@pytest.fixture
def service(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Standin]:
    """A service, and an installation whose operator named it."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    settings.SARANA_HOME, settings.SARANA_KEYS = tmp_path, keys_with_secret(settings.SARANA_KEYS, tmp_path / "keys")
    with serving_issuer() as standin:
        (tmp_path / issuers.FILE).write_text(
            f'[moi]\nissuer = "{standin.url}"\nclient_id = "{CLIENT}"\nname = "Ministry of Trial"\n'
            'name_th = "กระทรวงทดลอง"\nsecond_factor = ["mfa", "hwk"]\n'
        )
        yield standin


def allowed(account: Account, *signs: str) -> None:
    """Every agency of a person allows the service, and takes these of its signs."""
    for membership in account.memberships.select_related("agency"):
        actions.allow_issuer(local(), membership.agency, openid.known()["moi"], signs=signs)


def tied(account: Account, subject: str = "person-1") -> None:
    actions.tie(acting(account), account, openid.known()["moi"], subject=subject)


def goes(client: Client, name: str = GO) -> str:
    """Press the button; gives the address to which the page leads."""
    page = client.post(reverse(name, args=["moi"]))
    assert page.status_code == 200, page.content.decode()
    return page["Refresh"].removeprefix("0; url=")


def comes_back(client: Client, address: str) -> Any:
    """Sign in there, and follow the browser back."""
    told = requests.get(address, allow_redirects=False, timeout=30)
    to = told.headers["Location"]
    assert to.startswith("http://localhost:8000/")
    return client.get(to.removeprefix("http://localhost:8000"))


def signs_in(client: Client) -> Any:
    return comes_back(client, goes(client))


def failures() -> list[str]:
    return list(
        Entry.objects.filter(action="accounts.issuer-sign-in-failed").order_by("pk").values_list("code", flat=True)
    )


@pytest.fixture
def worker(service: Standin) -> Account:
    """Somebody whose account is tied, in an agency that allows the service and takes none of its signs."""
    account = a_person(an_agency())
    allowed(account)
    tied(account)
    return account


def test_a_person_ties_her_account_with_her_second_factor_and_signs_in_by_the_service(service: Standin) -> None:
    account = a_person(an_agency())
    allowed(account)
    client, _key = a_signed_in(account)
    page = client.get("/me/").content.decode()
    assert "Ministry of Trial" in page
    done = comes_back(client, goes(client, TIE))
    assert (done.status_code, done["Location"]) == (302, "/me/")
    other = Client()
    second = signs_in(other)
    assert second["Location"] == reverse("mfa_authenticate"), "the second factor is asked for all the same"
    assert not is_in(other)
    asked = service.asked[-1]
    assert (asked["scope"], asked["code_challenge_method"], asked["prompt"]) == ("openid", "S256", "login")
    assert len({question["nonce"] for question in service.asked}) == len({q["state"] for q in service.asked}) == 2
    assert Entry.objects.filter(action="accounts.tied", thing_ref=account.ref).count() == 1
    assert Account.objects.count() == 1
    assert SocialAccount.objects.count() == SocialToken.objects.count() == 0
    tie = Tie.objects.values().get()
    assert not any(word in str(tie) for word in ("person-1", "noi@ministry.example"))


def test_a_sign_that_the_agency_takes_stands_for_the_second_factor_and_the_sitting_is_ours(
    service: Standin, worker: Account
) -> None:
    service.more = {"amr": ["pwd", "hwk"]}
    weak = Client()
    signs_in(weak)
    assert is_in(weak)
    assert weak.get("/")["Location"] == reverse("accounts:first-factor"), "no agency took the sign"
    allowed(worker, "hwk")
    strong = Client()
    assert signs_in(strong)["Location"] == "/"
    assert is_in(strong, strong=True)
    assert Entry.objects.filter(action="accounts.signed-in-by-service").count() == 2
    kept = b"".join(b64decode(each) for each in Sitting.objects.values_list("session_data", flat=True))
    assert kept
    assert b"authentication_methods" not in kept, "a sitting lies open"
    out = strong.post(reverse("account_logout"), follow=True).content.decode()
    assert "Ministry of Trial may still know you in this browser" in out
    assert not is_in(strong)


def test_a_sign_of_another_name_or_of_one_agency_only_is_none(service: Standin, worker: Account) -> None:
    allowed(worker, "hwk")
    service.more = {"amr": ["mfa"], "acr": "hwk "}
    client = Client()
    signs_in(client)
    assert is_in(client, strong=False)
    assert client.get("/")["Location"] == reverse("accounts:first-factor")
    service.more = {"acr": "hwk"}
    give(worker, other := an_agency("Other"), "supervisor")
    assert signs_in(Client()).status_code == 403, "she works where nobody allows it"
    actions.allow_issuer(local(), other, openid.known()["moi"], signs=["mfa"])
    weak = Client()
    signs_in(weak)
    assert weak.get("/")["Location"] == reverse("accounts:first-factor")


def other_nonce(says: dict[str, Any]) -> dict[str, Any]:
    return {**says, "nonce": "of another question"}


def other_client(says: dict[str, Any]) -> dict[str, Any]:
    return {**says, "aud": "another-client"}


def many_clients(says: dict[str, Any]) -> dict[str, Any]:
    return {**says, "aud": [CLIENT, "another-client"]}


def other_party(says: dict[str, Any]) -> dict[str, Any]:
    return {**says, "azp": "another-client"}


def other_issuer(says: dict[str, Any]) -> dict[str, Any]:
    return {**says, "iss": "https://elsewhere.example"}


def expired(says: dict[str, Any]) -> dict[str, Any]:
    return {**says, "exp": int(time.time()) - 300}


def signed_in_long_ago(says: dict[str, Any]) -> dict[str, Any]:
    return {**says, "auth_time": int(time.time()) - 3600}


def without_subject(says: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in says.items() if name != "sub"}


LIES: tuple[Callable[[dict[str, Any]], dict[str, Any]], ...] = (
    other_nonce, other_client, many_clients, other_party, other_issuer, expired, signed_in_long_ago, without_subject,
)  # fmt: skip


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.__name__)
def test_a_token_that_is_no_proof_lets_nobody_in(
    service: Standin, worker: Account, lie: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    service.twist = lie
    refused(Client(), "ACCOUNTS-035")
    service.twist = dict
    assert signs_in(Client()).status_code == 302, "it was the lie"


def refused(client: Client, code: str) -> None:
    answer = signs_in(client)
    assert answer.status_code == 403
    assert code in answer.content.decode()
    assert not is_in(client)
    assert failures()[-1:] == [code]


def test_a_token_signed_by_another_key_by_our_secret_or_by_none_lets_nobody_in(
    service: Standin, worker: Account
) -> None:
    service.signer = a_key()
    refused(Client(), "ACCOUNTS-035")
    keys, issuer = service.keys()["keys"], openid.known()["moi"]
    now = int(time.time())
    says = {"iss": service.url, "sub": "person-1", "aud": CLIENT, "iat": now, "exp": now + 60, "auth_time": now}
    for key, algorithm in ((SECRET * 2, "HS256"), (None, "none")):
        token = jwt.encode({**says, "nonce": "n"}, key, algorithm=algorithm, headers={"kid": "one"})  # type: ignore[arg-type]
        with pytest.raises(ValueError, match="alg"):
            openid.checked(token, issuer, keys, nonce="n")
    good = jwt.encode({**says, "nonce": "n"}, service.key, algorithm="ES256", headers={"kid": "two"})
    with pytest.raises(ValueError, match="kid"):
        openid.checked(good, issuer, keys, nonce="n")


def test_an_answer_to_no_question_to_one_used_or_of_another_browser_lets_nobody_in(
    service: Standin, worker: Account
) -> None:
    client = Client()
    address = goes(client)
    to = (
        requests.get(address, allow_redirects=False, timeout=30)
        .headers["Location"]
        .removeprefix("http://localhost:8000")
    )
    thief = Client()
    for who, path in (
        (thief, to),
        (client, re.sub("state=[^&]+", "state=guessed", to)),
        (client, "/sign-in/by/moi/back/"),
    ):
        answer = who.get(path)
        assert (answer.status_code, "ACCOUNTS-034" in answer.content.decode()) == (403, True)
    assert failures() == [], "anybody can send such answers: the ledger is not filled with them"
    assert client.get(to).status_code == 302
    assert thief.get(to).status_code == 403
    late = Client()
    address = goes(late)
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=11)):
        assert "ACCOUNTS-034" in comes_back(late, address).content.decode()


def test_the_word_that_belongs_to_the_question_is_asked_for(service: Standin, worker: Account) -> None:
    client = Client()
    address = goes(client)
    answer = comes_back(client, re.sub("code_challenge=[^&]+", "code_challenge=another", address))
    assert "ACCOUNTS-033" in answer.content.decode()


@pytest.mark.parametrize("told", [{"issuer": "https://elsewhere.example"}, {"jwks_uri": "http://elsewhere.example"}])
def test_a_service_that_says_it_is_another_or_leads_elsewhere_in_clear_is_not_asked(
    service: Standin, worker: Account, told: dict[str, str]
) -> None:
    service.described = told
    answer = Client().post(reverse(GO, args=["moi"]))
    assert (answer.status_code, "ACCOUNTS-033" in answer.content.decode()) == (403, True)
    assert service.asked == []


def test_a_service_that_is_down_or_says_no_is_told_in_words(service: Standin, worker: Account) -> None:
    client = Client()
    state = re.search("state=([^&]+)", goes(client))
    assert state
    answer = client.get(f"{reverse(BACK, args=['moi'])}?error=access_denied&state={state[1]}")
    assert "did not let you in, or you turned back there" in answer.content.decode()
    assert failures() == ["ACCOUNTS-036"]
    service.described = {"jwks_uri": f"{service.url}/nothing"}
    refused(Client(), "ACCOUNTS-033")


def test_somebody_who_is_not_tied_or_whose_account_ended_or_is_not_allowed_gets_the_same_words(
    service: Standin, worker: Account
) -> None:
    service.subject = "person-2"
    refused(client := Client(), "ACCOUNTS-038")
    first = _sentence(signs_in(client))
    service.subject = "person-1"
    Allowance.objects.all().delete()
    assert _sentence(signs_in(Client())) == first
    allowed(worker)
    actions.end_account(local(), worker)
    assert Tie.objects.count() == 0
    Tie.objects.create(
        account=worker,
        issuer=service.url,
        subject_mark=subject_mark(openid.known()["moi"], "person-1"),
        tied_at=dt.datetime.now(dt.UTC),
    )
    assert _sentence(signs_in(Client())) == first
    assert Account.objects.count() == 1
    assert set(failures()) == {"ACCOUNTS-038"}


def _sentence(answer: Any) -> str:
    found = re.search(r"<h1>.*?</p><p>.*?</p>", answer.content.decode(), re.S)
    assert found
    return found[0]


def test_an_e_mail_address_ties_nobody(service: Standin) -> None:
    account = a_person(an_agency(), name="noi")
    Account.objects.filter(pk=account.pk).update(sign_in_name="noi@ministry.example")
    allowed(account)
    refused(Client(), "ACCOUNTS-038")


def test_an_account_is_tied_by_its_owner_only_in_a_strong_sitting_and_nobody_shares_one(
    service: Standin, worker: Account
) -> None:
    other = a_person(worker.memberships.get().agency, name="Bob")
    client, _key = a_signed_in(other)
    answer = comes_back(client, goes(client, TIE))
    assert (answer.status_code, "ACCOUNTS-037" in answer.content.decode()) == (409, True)
    with pytest.raises(NotYet, match="ACCOUNTS-040"):
        actions.tie(acting(other, is_strong=False), other, openid.known()["moi"], subject="person-4")
    weak = Client()
    types_passphrase(weak, worker.sign_in_name)
    assert weak.post(reverse(TIE, args=["moi"]))["Location"] == reverse("accounts:first-factor")
    service.subject = "person-3"
    address = goes(client, TIE)
    mixed, _key = a_signed_in(a_person(an_agency("Other"), name="Eve"))
    assert comes_back(mixed, address).status_code == 409, "another browser has another sitting"
    tie = Tie.objects.get(account=worker)
    assert client.post(reverse("accounts:untie", args=[tie.ref])).status_code == 409
    assert Entry.objects.filter(code="ACCOUNTS-039").exists()
    assert Tie.objects.count() == 1


def test_whoever_unties_her_account_or_comes_back_by_a_new_link_is_tied_no_more(
    service: Standin, worker: Account
) -> None:
    client, _key = a_signed_in(worker)
    shows_it_is_her(client)
    assert client.post(reverse("accounts:untie", args=[Tie.objects.get().ref])).status_code == 302
    assert Tie.objects.count() == 0
    tied(worker)
    made, _word = actions.offer_way_back(local(), worker.memberships.select_related("agency", "account", "role").get())
    actions.come_back(local(), made, passphrase="nine tall trees stand")  # noqa: S106
    assert Tie.objects.count() == 0


def test_an_administrator_says_by_which_service_and_which_signs_are_taken(service: Standin) -> None:
    agency = an_agency()
    client, _key = a_signed_in(a_person(agency, "organisation-administrator"))
    where = reverse("accounts:agency-issuers", args=[agency.ref])
    assert "Ministry of Trial" in client.get(where).content.decode()
    given = {"service": "moi", "is_allowed": "on", "signs": ["mfa"]}
    assert client.post(where, given).status_code == 302
    assert Allowance.objects.values_list("issuer", "signs").get() == (service.url, ["mfa"])
    assert client.post(where, {**given, "signs": ["pwd"]}).status_code == 200, "the operator named no such sign"
    assert client.post(where, {"service": "moi"}).status_code == 302
    assert Allowance.objects.count() == 0
    assert client.post(where, {"service": "moi"}).status_code == 409
    worker, _key = a_signed_in(a_person(agency, name="Bob"))
    assert worker.post(where, given).status_code == 403
    acts = Entry.objects.filter(action__startswith="accounts.issuer-").values_list("action", flat=True).order_by("pk")
    assert list(acts) == ["accounts.issuer-allowed", "accounts.issuer-disallowed"]


def test_where_no_service_is_named_nothing_is_shown_and_nobody_is_asked() -> None:
    page = Client().get(reverse("account_login")).content.decode()
    assert "ministry" not in page.lower()
    assert Client().post(reverse(GO, args=["moi"])).status_code == 404
    client, _key = a_signed_in(a_person(an_agency()))
    assert "Sign-in services" not in client.get("/me/").content.decode()


WHOLE = '[moi]\nissuer = "https://id.example"\nclient_id = "c"\nname = "n"\n'


@pytest.mark.parametrize(
    "text",
    [
        "[moi", WHOLE.replace("https", "http"), WHOLE.replace('"c"', '""'), WHOLE + "secret = 'x'\n", "moi = 1\n",
        WHOLE.replace("[moi]", "[MOI]"), WHOLE + 'second_factor = "mfa"\n', WHOLE.replace("[moi]", "[gone]"),
        WHOLE + WHOLE.replace("[moi]", "[two]"), WHOLE.replace("id.", "user@id."),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_told_and_people_sign_in_otherwise(
    tmp_path: Path, settings: Any, text: str
) -> None:
    settings.SARANA_HOME, settings.SARANA_KEYS = tmp_path, keys_with_secret(settings.SARANA_KEYS, tmp_path / "keys")
    (tmp_path / "keys" / issuers.secret_file("two")).write_text(SECRET)
    (tmp_path / issuers.FILE).write_text(WHOLE)
    assert [one.code for one in issuers.read_issuers(tmp_path, tmp_path / "keys", is_for_work=True).values()] == ["moi"]
    (tmp_path / issuers.FILE).write_text(text)
    with pytest.raises(BadFile, match="ACCOUNTS-032"):
        issuers.read_issuers(tmp_path, tmp_path / "keys", is_for_work=True)
    settings.SARANA_MODE = "production"
    assert "Passphrase" in Client().get(reverse("account_login")).content.decode()
