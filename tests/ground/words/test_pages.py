"""Acts that need two, through the pages: refused to one, proposed, agreed to by another, carried out by the first."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from makers.agencies import a_person, acting, an_agency
from makers.browsers import sign_in
from sarana.ground.accounts import guarded
from sarana.ground.accounts.actions.agencies import change_partner
from sarana.ground.accounts.models import Account, Agency, Membership
from sarana.ground.ledger.models import Entry
from sarana.ground.words import queries
from sarana.ground.words.models import Proposal

pytestmark = pytest.mark.django_db
ADMIN, OFFICER = "organisation-administrator", "data-protection-officer"


def proposed(client: Client, act: str, **given: object) -> Proposal:
    done = client.post(reverse("words:propose"), {"act": act, **given})
    assert done.status_code == 302, done.content.decode()
    return Proposal.objects.filter(act=act).order_by("-pk")[0]


def two_speak(first: Client, second: Client, proposal: Proposal) -> None:
    """Nothing is done before the second word; then the first carries it out, once."""
    where = {name: reverse(f"words:{name}", args=[proposal.ref]) for name in ("agree", "carry-out")}
    early = first.post(where["carry-out"])
    assert early.status_code == 409
    assert "No second word was given yet." in early.content.decode()
    assert first.post(where["agree"]).status_code == 403
    assert second.post(where["agree"]).status_code == 302
    assert second.post(where["carry-out"]).status_code == 403
    assert first.post(where["carry-out"]).status_code == 302
    assert first.post(where["carry-out"]).status_code == 409


@pytest.fixture
def above() -> Agency:
    return an_agency("Province", kind=Agency.Kind.PROVINCIAL_CENTRE)


@pytest.fixture
def ours(above: Agency) -> Agency:
    return an_agency(parent=above)


@pytest.fixture
def officer(ours: Agency) -> Account:
    """One who may give the second word, in an agency where three people work."""
    a_person(ours, name="Cid")
    a_person(ours, name="Dan")
    return a_person(ours, OFFICER, name="Bea")


def test_the_last_administrator_goes_by_two_words_and_by_no_page_of_one(
    above: Agency, ours: Agency, officer: Account
) -> None:
    last = a_person(ours, ADMIN, name="Ada")
    held = Membership.objects.get(account=last)
    first, second = sign_in(Client(), a_person(above, ADMIN, name="Top")), sign_in(Client(), officer)
    for name in ("end-membership", "end-account"):
        alone = first.post(reverse(f"accounts:{name}", args=[held.ref]), {"version": held.version})
        assert alone.status_code == 409
        assert "POLICY-004" in alone.content.decode()
    assert ADMIN in acting(last).roles
    proposal = proposed(first, guarded.END_LAST, membership=held.ref)
    two_speak(first, second, proposal)
    assert acting(last).roles == frozenset()
    assert Entry.objects.filter(action="accounts.role-ended", thing_ref=held.ref).count() == 1


def test_a_partner_is_named_by_two_words_and_by_no_form_of_one(ours: Agency, officer: Account) -> None:
    partner, second = an_agency("Partner"), sign_in(Client(), officer)
    first = sign_in(Client(), a_person(ours, ADMIN, name="Ada"))
    where = reverse("accounts:change-agency", args=[ours.ref])
    given = {"version": ours.version, "name": ours.name, "areas": "TH50", "partner": partner.ref}
    alone = first.post(where, given)
    assert alone.status_code == 200
    assert "This needs a second person&#x27;s word." in alone.content.decode()
    proposal = proposed(first, guarded.CHANGE_PARTNER, agency=ours.ref, partner=partner.ref)
    shown = first.get(reverse("words:proposal", args=[proposal.ref])).content.decode()
    assert re.search(r"Carry it out", shown)
    two_speak(first, second, proposal)
    assert Agency.objects.get(pk=ours.pk).partner == partner
    assert Entry.objects.filter(action="accounts.partner-changed").count() == 1


def test_a_partner_changed_by_somebody_else_meanwhile_or_closed_is_told(ours: Agency, officer: Account) -> None:
    first, second = sign_in(Client(), a_person(ours, ADMIN, name="Ada")), sign_in(Client(), officer)
    for name, code in (("Partner", "ACCOUNTS-013"), ("Closed", "ACCOUNTS-025")):
        partner = an_agency(name)
        proposal = proposed(first, guarded.CHANGE_PARTNER, agency=ours.ref, partner=partner.ref)
        assert second.post(reverse("words:agree", args=[proposal.ref])).status_code == 302
        if code == "ACCOUNTS-025":
            Agency.objects.filter(pk=partner.pk).update(closed_on="2026-11-28")
            late = first.post(reverse("words:carry-out", args=[proposal.ref]))
            assert (late.status_code, code in late.content.decode()) == (409, True)
        else:
            actor = acting(Account.objects.get(name="Ada"))
            seen = queries.get_proposal(actor, proposal.ref).agency
            Agency.objects.filter(pk=ours.pk).update(version=ours.version + 1)
            words = guarded.TwoWords(guarded.CHANGE_PARTNER, proposal.key, actor.account_ref)
            with pytest.raises(Exception, match=code):
                change_partner(actor, seen, partner=partner, instead_of=None, words=words)
    assert Agency.objects.get(pk=ours.pk).partner is None


def test_what_is_refused_in_a_form_is_said_in_the_language_of_the_page(ours: Agency) -> None:
    admin = a_person(ours, ADMIN, name="Ada")
    Account.objects.filter(pk=admin.pk).update(language="th")
    admin.language = "th"
    client = sign_in(Client(), admin)
    given = {"version": ours.version - 1, "name": "Baan", "areas": ""}
    said = client.post(reverse("accounts:change-agency", args=[ours.ref]), given).content.decode()
    assert "Somebody else" not in said
    assert "ผู้อื่น" in said or "คนอื่น" in said
