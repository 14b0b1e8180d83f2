"""The page of purposes: read by all, kept by a custodian, stated for a sitting and over with it."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from makers.agencies import a_person, an_agency, local
from makers.purposes import a_purpose, purpose_form
from makers.sittings import come_in
from sarana.ground import columns
from sarana.ground.codelists import actions
from sarana.ground.codelists.models import Purpose
from sarana.ground.ledger.models import Entry

pytestmark = pytest.mark.django_db
PAGE = "/settings/purposes/"


def comes(role: str, name: str = "Kim") -> Client:
    return come_in(a_person(an_agency(f"House of {name}"), role, name=name))


def shown(client: Client) -> str:
    return client.get(PAGE).content.decode()


def test_a_custodian_adds_and_ends_and_an_officer_sees_it() -> None:
    client, officer = comes("data-custodian"), comes("data-protection-officer", "Orn")
    assert "No purpose was brought yet" in shown(officer)
    assert client.post(PAGE, purpose_form(until_on="2099-12-31")).status_code == 302
    page = shown(officer)
    assert "Find families" in page
    assert "Case worker" in page
    assert "2099" in page
    assert "in force" in page
    assert "End this purpose" not in page
    assert "Add a purpose" not in page
    assert client.post(f"{PAGE}{Purpose.objects.get().ref}/end/").status_code == 302
    page = shown(officer)
    assert "Find families" in page, "it stays in the list"
    assert "ended" in page
    again = client.post(PAGE, purpose_form())
    assert again.status_code == 422
    assert "Give the new one another code." in again.content.decode()


def test_many_purposes_go_on_page_after_page_those_in_force_first() -> None:
    client = comes("data-custodian")
    ended, *_others = [a_purpose("case-worker", code=f"families-{n:03}") for n in range(columns.SHOWN + 5)]
    actions.end_purpose(local(), ended)
    first = shown(client)
    onward = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = client.get(f"{PAGE}{onward}").content.decode()
    codes = [re.findall(r"<code>(families-[0-9]+)</code>", page) for page in (first, second)]
    assert [len(page) for page in codes] == [columns.SHOWN, 5]
    assert len({*codes[0], *codes[1]}) == columns.SHOWN + 5
    assert codes[1][-1] == ended.code
    assert "It ends at once, in every sitting" in first


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"code": "Two words"}, "Only small Latin letters"),
        ({"code": "families\n"}, "Only small Latin letters"),
        ({"roles": ["emperor"]}, "emperor"),
        ({"roles": []}, "required"),
        ({"name_th": ""}, "required"),
        ({"until_on": "2019-12-31"}, "a last day that is not before its first"),
        ({"from_on": "never"}, "Enter a valid date"),
        ({"text": "x" * 301}, "at most 300"),
    ],
)
def test_a_form_that_cannot_be_comes_back_with_what_was_typed(more: dict[str, object], says: str) -> None:
    answer = comes("data-custodian").post(PAGE, purpose_form(**more))
    page = answer.content.decode()
    assert (answer.status_code, says in page, Purpose.objects.count()) == (422, True, 0)
    assert "Asking who looks." in page or more.get("text")


def test_a_purpose_that_was_stated_stands_in_each_line_of_that_sitting_only() -> None:
    made = a_purpose("case-worker")
    account = a_person(an_agency(), name="Dan")
    client = come_in(account)
    assert client.post(f"{PAGE}{made.ref}/state/").status_code == 302
    assert "You look for this purpose now." in shown(client)
    client.get("/settings/")
    last = Entry.objects.filter(actor_ref=account.ref).order_by("-id")[0]
    assert (last.action, last.purpose) == ("accounts.colleagues-seen", "families")
    other = come_in(account)
    other.get("/settings/")
    assert Entry.objects.filter(actor_ref=account.ref).order_by("-id")[0].purpose == ""
    keeper = comes("data-custodian")
    keeper.post(f"{PAGE}{made.ref}/end/")
    client.get("/settings/")
    assert Entry.objects.filter(actor_ref=account.ref).order_by("-id")[0].purpose == ""


def test_who_may_not_is_refused_and_nothing_changes() -> None:
    made = a_purpose("case-worker")
    officer = comes("data-protection-officer", "Orn")
    assert "you need not state one" in shown(officer)
    for path, data in (
        (PAGE, purpose_form(code="more")),
        (f"{PAGE}{made.ref}/end/", {}),
        (f"{PAGE}{made.ref}/state/", {}),
    ):
        assert officer.post(path, data).status_code == 403
    assert officer.session.get("purpose") is None
    assert Purpose.objects.filter(ended_at=None).count() == 1
    assert comes("data-custodian").post(f"{PAGE}00000000-0000-4000-8000-000000000000/end/").status_code == 404


def test_the_first_day_offered_is_today_as_a_browser_reads_it() -> None:
    """In Thai too, where a day is otherwise written with the year of the Buddhist era."""
    account = a_person(an_agency(), "data-custodian", name="Kim")
    account.language = "th"
    account.save()
    assert f'name="from_on" value="{timezone.localdate().isoformat()}"' in shown(come_in(account))


def test_it_is_in_thai_for_who_reads_thai() -> None:
    a_purpose("case-worker")
    account = a_person(an_agency(), name="Dan")
    account.language = "th"
    account.save()
    page = shown(come_in(account))
    assert "ตามหาครอบครัว" in page
    assert "Find families" not in page
    assert "Purposes" not in page
    assert "State this purpose" not in page
