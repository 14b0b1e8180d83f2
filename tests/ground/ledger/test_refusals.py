"""What was refused or failed stands in the ledger once, and nothing is done where nothing can be written down."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from makers.agencies import a_person, acting, an_agency
from makers.browsers import a_signed_in
from makers.ledger import full, some_acts
from sarana.basics.errors import NotYet, Refused
from sarana.ground.accounts import actions, queries
from sarana.ground.accounts.asking import as_asked
from sarana.ground.accounts.models import Account, Membership
from sarana.ground.ledger import keys, sealing
from sarana.ground.ledger.models import Entry

pytestmark = pytest.mark.django_db
REF = UUID(int=7)


def ends(request: HttpRequest, ref: UUID, how: str) -> HttpResponse:
    """A page that ends in some way, after it had written something."""
    errors: dict[str, Exception] = {
        "refused": Refused("ACCOUNTS-001", "Not you."),
        "not-yet": NotYet("ACCOUNTS-003", "Not now."),
        "hidden": Http404(),
        "gone": Account.DoesNotExist(),
        "denied": PermissionDenied(),
        "mistake": ZeroDivisionError("a name that must not be kept"),
    }
    with transaction.atomic():
        some_acts(1, actor=as_asked(request).actor)
        if how in errors:
            raise errors[how]
    return HttpResponse("done")


urlpatterns = [path("ends/<uuid:ref>/<str:how>/", ends, name="ends"), path("", include("sarana.config.web.urls"))]


@pytest.fixture
def client_of_alice(settings: object, key_folder: Path) -> Iterator[Client]:
    client, _key = a_signed_in(a_person(an_agency()))
    client.raise_request_exception = False
    settings.ROOT_URLCONF = __name__  # type: ignore[attr-defined]
    return client


@pytest.mark.check("G-03")
@pytest.mark.parametrize(
    ("how", "result", "code"),
    [
        ("refused", "refused", "ACCOUNTS-001"),
        ("not-yet", "failed", "ACCOUNTS-003"),
        ("hidden", "refused", "LEDGER-009"),
        ("gone", "refused", "LEDGER-009"),
        ("denied", "refused", "LEDGER-009"),
        ("mistake", "failed", "COMMAND-001"),
    ],
)
def test_what_ends_badly_is_one_line_and_nothing_else_stands(
    client_of_alice: Client, how: str, result: str, code: str
) -> None:
    before = Entry.objects.count()
    client_of_alice.get(f"/ends/{REF}/{how}/", headers={"Accept-Language": "en"})
    (entry,) = Entry.objects.order_by("id")[before:]
    assert (entry.result, entry.code, entry.thing_ref, entry.thing_kind) == (result, code, REF, "ends")


def test_what_ends_well_is_not_written_down_as_refused(client_of_alice: Client) -> None:
    before = Entry.objects.count()
    assert client_of_alice.get(f"/ends/{REF}/well/").content == b"done"
    assert [entry.action for entry in Entry.objects.order_by("id")[before:]] == ["ledger.opened"]


@pytest.mark.check("G-07")
def test_g_07_an_act_that_cannot_be_written_down_is_not_done() -> None:
    agency = an_agency()
    admin, worker = a_person(agency, "organisation-administrator"), a_person(agency)
    membership = queries.memberships_for(acting(admin)).get(account=worker)
    with full(), pytest.raises(NotYet, match="LEDGER-002"):
        actions.end_membership(acting(admin), membership, version=1)
    assert Membership.objects.get(pk=membership.pk).ended_at is None


@pytest.mark.check("G-07")
def test_g_07_a_page_that_must_be_written_down_is_not_shown(client_of_alice: Client) -> None:
    with full():
        answer = client_of_alice.get(f"/ends/{REF}/well/")
    assert answer.status_code == 409
    assert b"LEDGER-002" in answer.content
    assert client_of_alice.get(f"/ends/{REF}/well/").content == b"done"


def test_without_the_writers_key_nothing_is_done(key_folder: Path, settings: object, tmp_path: Path) -> None:
    settings.SARANA_KEYS = tmp_path / "nowhere"  # type: ignore[attr-defined]
    with pytest.raises(NotYet, match="LEDGER-001"):
        some_acts(1)


@pytest.mark.check("G-07")
def test_g_07_acts_go_on_while_the_sealer_has_no_key_and_are_sealed_later(key_folder: Path) -> None:
    away = (key_folder / keys.SEAL_KEY).rename(key_folder / "away")
    some_acts(2)
    with pytest.raises(NotYet, match="LEDGER-004"):
        sealing.seal_all()
    away.rename(key_folder / keys.SEAL_KEY)
    assert sealing.seal_all() == 2
