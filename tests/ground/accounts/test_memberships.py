"""Roles: who gives and ends them, once, and never her own."""

from dataclasses import replace

import pytest

from makers.agencies import a_person, acting, an_agency, give
from sarana.basics.errors import NotYet, Refused
from sarana.ground.accounts import actions, queries
from sarana.ground.accounts.models import Agency, Membership, Role
from sarana.ground.ledger.models import Entry

pytestmark = pytest.mark.django_db


def test_an_administrator_gives_a_role_in_her_agency() -> None:
    agency = an_agency()
    admin, worker = a_person(agency, "organisation-administrator"), a_person(agency, name="Bob")

    given = actions.give_role(acting(admin), account=worker, agency=agency, role=Role.objects.get(code="supervisor"))

    assert acting(worker).roles == {"case-worker", "supervisor"}
    entry = Entry.objects.latest("id")
    assert (entry.action, entry.thing_ref, entry.actor_ref) == ("accounts.role-given", given.ref, admin.ref)


def test_nobody_gives_herself_a_role() -> None:
    agency = an_agency()
    admin = a_person(agency, "organisation-administrator")
    with pytest.raises(Refused, match="ACCOUNTS-005"):
        actions.give_role(acting(admin), account=admin, agency=agency, role=Role.objects.get(code="case-worker"))


def test_an_administrator_of_another_agency_gives_no_role() -> None:
    ours, theirs = an_agency(), an_agency("Another house")
    admin, worker = a_person(theirs, "organisation-administrator"), a_person(ours)
    with pytest.raises(Refused, match="ACCOUNTS-004"):
        actions.give_role(acting(admin), account=worker, agency=ours, role=Role.objects.get(code="supervisor"))
    assert not queries.memberships_for(acting(admin)).filter(agency=ours).exists()


def test_a_membership_that_somebody_else_changed_is_not_ended_unseen() -> None:
    agency = an_agency()
    admin, worker = a_person(agency, "organisation-administrator"), a_person(agency)
    membership = queries.memberships_for(acting(admin)).get(account=worker)
    actions.end_membership(acting(admin), membership, version=1)
    again = Membership.objects.select_related("account", "agency").get(pk=membership.pk)
    with pytest.raises(NotYet, match="ACCOUNTS-009"):
        actions.end_membership(acting(admin), again, version=1)
    assert acting(worker).roles == frozenset()


def test_a_role_can_be_given_again_after_it_ended() -> None:
    agency = an_agency()
    admin, worker = a_person(agency, "organisation-administrator"), a_person(agency)
    actions.end_membership(acting(admin), queries.memberships_for(acting(admin)).get(account=worker), version=1)
    give(worker, agency, "case-worker")
    assert acting(worker).roles == {"case-worker"}


def test_nobody_comes_to_give_access_and_read_who_looked_even_in_two_agencies() -> None:
    ours, theirs = an_agency(), an_agency("Another house")
    officer = a_person(ours, "data-protection-officer")
    with pytest.raises(Refused, match="POLICY-015"):
        give(officer, theirs, "organisation-administrator")
    assert acting(officer).roles == {"data-protection-officer"}
    give(officer, theirs, "analyst")
    assert acting(officer).roles == {"data-protection-officer", "analyst"}


def test_what_an_agency_is_is_known_whether_or_not_her_grants_say_it() -> None:
    police, shelter = an_agency("Unit", kind=Agency.Kind.POLICE), an_agency()
    officer = a_person(police)
    give(officer, shelter, "supervisor")
    actor = acting(officer)
    silent = replace(actor, grants=(actor.grants[0], replace(actor.grants[1], agency_kind="")))
    assert queries.kinds_worked_in(actor) == queries.kinds_worked_in(silent) == {"police", "shelter"}
