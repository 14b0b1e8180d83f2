"""Agencies and people: who changes them, not two at once unseen, and no form changes more than it shows (A-08)."""

import re
import uuid
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.test import Client
from django.urls import reverse

from makers.agencies import NOW, a_person, acting, an_agency, give, local
from makers.browsers import sign_in
from sarana.basics.errors import NotYet, Refused
from sarana.ground.accounts import actions, by_hand, queries
from sarana.ground.accounts.models import Account, Agency, Invitation, Membership, Role
from sarana.ground.ledger.models import Entry

pytestmark = pytest.mark.django_db
ADMIN = "organisation-administrator"


def change(agency: Agency, **values: Any) -> dict[str, Any]:
    kept = {"version": agency.version, "name": agency.name, "name_local": "", "areas": agency.areas, "partner": None}
    return {**kept, **values}


def test_an_administrator_changes_her_agency_and_its_partner() -> None:
    ours, partner = an_agency(), an_agency("Another house")
    admin = acting(a_person(ours, ADMIN))
    actions.change_agency(admin, ours, **change(ours, name="Baan Mai"))
    actions.change_agency(local(), ours, **change(ours, partner=partner))
    kept = Agency.objects.get(pk=ours.pk)
    assert (kept.name, kept.partner, kept.version) == ("Baan Mai", partner, 3)
    with pytest.raises(NotYet, match="ACCOUNTS-013"):
        actions.change_agency(admin, ours, **change(ours, version=1, partner=partner))
    with pytest.raises(Refused, match="ACCOUNTS-001"):
        actions.change_agency(acting(a_person(partner, ADMIN)), ours, **change(ours, partner=partner))
    with pytest.raises(NotYet, match="ACCOUNTS-025"):
        actions.change_agency(local(), ours, **change(ours, partner=ours))


def test_an_agency_is_closed_from_above_once_nothing_open_lies_under_it() -> None:
    above = an_agency("Province", kind=Agency.Kind.PROVINCIAL_CENTRE)
    ours = an_agency(parent=above)
    below = an_agency("Branch", parent=ours)
    own, higher = acting(a_person(ours, ADMIN)), acting(a_person(above, ADMIN, name="Bob"))
    with pytest.raises(Refused, match="ACCOUNTS-024"):
        actions.close_agency(own, ours, version=1)
    with pytest.raises(NotYet, match="ACCOUNTS-026"):
        actions.close_agency(higher, ours, version=1)
    actions.close_agency(higher, below, version=1)
    worker = a_person(ours, name="Charlie")
    actions.close_agency(higher, ours, version=1)
    assert acting(worker).roles == frozenset()
    with pytest.raises(NotYet, match="ACCOUNTS-003"):
        actions.invite(higher, agency=ours, role=Role.objects.get(code="shelter"), name="Noi")
    with pytest.raises(NotYet, match="ACCOUNTS-012"):
        actions.open_agency(higher, Agency.objects.get(pk=below.pk), version=2)
    actions.open_agency(higher, ours, version=2)
    assert acting(worker).roles == {"case-worker"}


def test_two_administrators_who_change_one_role_get_a_clear_sentence() -> None:
    agency = an_agency()
    worker = a_person(agency, name="Charlie")
    one, two = (sign_in(Client(), a_person(agency, ADMIN, name=name)) for name in ("Ada", "Bee"))
    role = Membership.objects.get(account=worker)
    page = one.get(reverse("accounts:membership", args=[role.ref])).content.decode()
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version
    where = reverse("accounts:end-membership", args=[role.ref])
    assert one.post(where, {"version": version.group(1)}).status_code == 302
    late = two.post(where, {"version": version.group(1)})
    assert late.status_code == 409
    assert "Somebody else changed this role while you looked at it." in late.content.decode()
    assert Entry.objects.filter(action="accounts.role-ended").count() == 1


@pytest.mark.check("F-15")
def test_f_15_an_agency_and_a_role_sent_twice_are_made_once() -> None:
    agency = an_agency()
    client = sign_in(Client(), a_person(agency, ADMIN))
    bob = a_person(agency, name="Bob")
    given = {"name": "Branch", "kind": "shelter", "country": "th", "areas": "TH50", "once": str(uuid.uuid4())}
    codes = [client.post(reverse("accounts:make-agency", args=[agency.ref]), given).status_code for _ in range(2)]
    assert codes == [302, 200]
    role = {"sign_in_name": bob.sign_in_name, "role": "supervisor"}
    codes = [client.post(reverse("accounts:give-role", args=[agency.ref]), role).status_code for _ in range(2)]
    assert codes == [302, 200]
    assert Agency.objects.filter(name="Branch").count() == 1
    assert Membership.objects.filter(account=bob, role__code="supervisor").count() == 1


def every_field() -> dict[str, str]:
    """A value for each field of each of our models, as somebody would send who hopes that one is taken."""
    found = [m for m in apps.get_models() if m.__module__.startswith("sarana.ground.accounts")]
    fields = [field for model in found for field in model._meta.get_fields() if isinstance(field, models.Field)]
    values = {True: "on", False: "7"}
    return {field.name: values[isinstance(field, models.BooleanField)] for field in fields}


@pytest.mark.check("A-08")
def test_a_08_a_form_takes_only_what_stands_on_it() -> None:
    agency, other = an_agency(), an_agency("Another house")
    account = a_person(agency, ADMIN)
    client = sign_in(Client(), account)
    extra = {**every_field(), "agency": str(other.pk), "account": "1", "is_active": "", "is_demonstration": "on"}
    before = Account.objects.filter(pk=account.pk).values().get()
    own = {**extra, "version": "1", "name": "New name", "language": "th", "calendar": "be"}
    assert client.post(reverse("accounts:me"), own).status_code == 302
    after = Account.objects.filter(pk=account.pk).values().get()
    changed = {name for name, value in after.items() if before[name] != value}
    assert changed == {"name", "language", "calendar", "version"}
    known = Agency.objects.filter(pk=agency.pk).values().get()
    form = {**extra, "version": "1", "name": "Baan Mai", "name_local": "บ้านใหม่", "areas": "TH57", "partner": ""}
    assert client.post(reverse("accounts:change-agency", args=[agency.ref]), form).status_code == 302
    now = Agency.objects.filter(pk=agency.pk).values().get()
    assert {name for name, value in now.items() if known[name] != value} == {"name", "name_local", "areas", "version"}
    once = str(uuid.uuid4())
    invited = {**extra, "name": "Noi", "role": "shelter", "once": once}
    assert client.post(reverse("accounts:invite", args=[agency.ref]), invited).status_code == 200
    made = Invitation.objects.get(ref=once)
    assert (made.agency, made.is_way_back, made.used_at, made.account) == (agency, False, None, None)
    bob = a_person(other, name="Bob")
    role = {**extra, "sign_in_name": bob.sign_in_name, "role": "shelter", "until": ""}
    assert client.post(reverse("accounts:give-role", args=[agency.ref]), role).status_code == 302
    given = Membership.objects.get(account=bob, role__code="shelter")
    assert (given.agency, given.given_by_ref, given.version, given.ended_at) == (agency, account.ref, 1, None)


def test_an_administrator_gives_herself_no_role_through_the_page_and_it_is_written_down() -> None:
    agency = an_agency()
    account = a_person(agency, ADMIN)
    client = sign_in(Client(), account)
    role = {"sign_in_name": account.sign_in_name, "role": "shelter"}
    answer = client.post(reverse("accounts:give-role", args=[agency.ref]), role)
    assert answer.status_code == 403
    assert "ACCOUNTS-005" in answer.content.decode()
    assert Entry.objects.filter(action="ledger.refused", code="ACCOUNTS-005").count() == 1


def test_only_the_person_herself_changes_what_she_signs_in_with() -> None:
    agency = an_agency()
    admin, worker = acting(a_person(agency, ADMIN)), a_person(agency, name="Bob")
    for act in (
        lambda: actions.change_passphrase(admin, worker, passphrase="eight loud mountains sing"),  # noqa: S106
        lambda: actions.make_sheet(admin, worker),
        lambda: actions.add_key(admin, worker, name="x", credential={}),
    ):
        with pytest.raises(Refused, match="ACCOUNTS-022"):
            act()


def test_an_account_ends_once_with_all_its_roles() -> None:
    agency = an_agency()
    admin, worker = acting(a_person(agency, ADMIN)), a_person(agency, name="Bob")
    give(worker, agency, "supervisor")
    assert actions.end_account(admin, worker) == 2
    assert acting(worker).roles == frozenset()
    with pytest.raises(NotYet, match="ACCOUNTS-016"):
        actions.end_account(local(), worker)
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.filter(pk=worker.pk).update(is_active=True)


def test_one_s_own_account_changed_in_two_windows_is_told() -> None:
    account = a_person(an_agency())
    own = {"name": "A", "language": "en", "calendar": Account.Calendar.COMMON}
    actions.change_own(acting(account), version=1, **own)
    with pytest.raises(NotYet, match="ACCOUNTS-015"):
        actions.change_own(acting(account), version=1, **own)


def test_the_operator_makes_the_first_agency_and_lets_a_lost_administrator_back() -> None:
    actions.load_roles(local())
    asked = {"agency": "First house", "kind": "shelter", "country": "th", "name": "Ada", "role": ADMIN}
    link = by_hand.invite_by_hand(local(), **asked)
    assert link.startswith("http://localhost:8000/invitation/")
    assert by_hand.invite_by_hand(local(), **asked) != link
    assert Agency.objects.get(name="First house").parent is None
    with pytest.raises(NotYet, match="ACCOUNTS-029"):
        by_hand.invite_by_hand(local(), **{**asked, "role": "king"})
    with pytest.raises(NotYet, match="ACCOUNTS-031"):
        by_hand.let_back_by_hand(local(), sign_in_name="nobody")
    account = a_person(Agency.objects.get(name="First house"), ADMIN)
    assert "/invitation/" in by_hand.let_back_by_hand(local(), sign_in_name=account.sign_in_name.upper())
    assert Entry.objects.filter(action="accounts.way-back-offered").count() == 1
    an_agency("First house")
    with pytest.raises(NotYet, match="ACCOUNTS-030"):
        by_hand.invite_by_hand(local(), **asked)


def test_whoever_works_elsewhere_too_is_still_known_to_do_so() -> None:
    ours, theirs = an_agency(), an_agency("Another house")
    worker = a_person(ours)
    give(worker, theirs, "investigator")
    assert len(queries.running_of(worker)) == 2
    assert NOW
