"""Propose, agree, carry out: by whom, once, never round the second word; and what the ledger says of it."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from makers.agencies import NOW, a_person, acting, an_agency
from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet, Refused
from sarana.ground.accounts import actions as accounts
from sarana.ground.accounts import guarded
from sarana.ground.accounts.models import Account, Agency, Membership, Role
from sarana.ground.ledger.models import Entry
from sarana.ground.words import actions, queries, ruling
from sarana.ground.words.models import Notice, Proposal

pytestmark = pytest.mark.django_db

ADMIN, OFFICER = guarded.ADMINISTRATOR, guarded.OFFICER


class House:
    """An agency with people by their first names."""

    def __init__(self, agency: Agency, **roles: str) -> None:
        self.agency = agency
        self.people = {name: a_person(agency, role, name=name) for name, role in roles.items()}

    def acts(self, name: str, *, later: dt.timedelta = dt.timedelta()) -> Actor:
        return acting(self.people[name], now=NOW + later)

    def proposes(self, name: str = "ada") -> Proposal:
        """Ada proposes that Dan becomes an administrator."""
        return actions.propose(
            self.acts(name), guarded.GIVE_ROLE, agency=self.agency, subject=self.people["dan"], role=ADMIN
        )


@pytest.fixture
def house() -> House:
    return House(an_agency("Four"), ada=ADMIN, bea=OFFICER, cid="supervisor", dan="case-worker")


@pytest.fixture
def small() -> House:
    return House(an_agency("Two"), ada=ADMIN, dan="case-worker")


def afresh(proposal: Proposal, actor: Actor) -> Proposal:
    return queries.get_proposal(actor, proposal.ref)


def is_admin(account: Account) -> bool:
    return ADMIN in acting(account).roles


def without_two(actor: Actor, agency: Agency, subject: Account) -> list[Callable[[], object]]:
    """Every act that needs two, tried by one."""
    role = Role.objects.get(code=ADMIN)
    last = Membership.objects.select_related("account", "agency").get(account__ref=actor.account_ref)
    return [
        lambda: accounts.give_role(actor, account=subject, agency=agency, role=role),
        lambda: accounts.give_role(actor, account=subject, agency=agency, role=Role.objects.get(code=OFFICER)),
        lambda: accounts.invite(actor, agency=agency, role=role, name="Eve"),
        lambda: accounts.end_membership(Actor.local(NOW), last, version=last.version),
        lambda: accounts.change_partner(actor, agency, partner=an_agency("Other"), instead_of=None),
    ]


@pytest.mark.parametrize("number", range(5))
def test_no_act_that_needs_two_is_done_by_one(house: House, number: int) -> None:
    before = set(Membership.objects.values_list("pk", "ended_at"))
    with pytest.raises(NotYet, match="POLICY-004"):
        without_two(house.acts("ada"), house.agency, house.people["dan"])[number]()
    assert set(Membership.objects.filter(agency=house.agency).values_list("pk", "ended_at")) == before


def test_one_proposes_another_agrees_and_the_first_carries_it_out(house: House) -> None:
    proposal = house.proposes()
    assert {row.account.name for row in Notice.objects.select_related("account")} == {"ada", "bea", "cid", "dan"}
    actions.speak(house.acts("bea"), afresh(proposal, house.acts("bea")))
    assert not is_admin(house.people["dan"])
    actions.carry_out(house.acts("ada"), afresh(proposal, house.acts("ada")))
    assert is_admin(house.people["dan"])
    done = Entry.objects.filter(action__startswith="words.").order_by("id").values_list("action", "actor_ref")
    ada, bea = house.people["ada"].ref, house.people["bea"].ref
    assert list(done) == [("words.proposed", ada), ("words.agreed", bea), ("words.carried-out", ada)]


@pytest.mark.parametrize("name", ["ada", "dan"])
def test_neither_the_proposer_nor_the_person_concerned_gives_the_second_word(house: House, name: str) -> None:
    proposal = house.proposes()
    with pytest.raises(Refused, match="POLICY-009"):
        actions.speak(house.acts(name), afresh(proposal, house.acts(name)))


def test_a_word_without_a_second_factor_is_none(house: House) -> None:
    proposal = house.proposes()
    weak = acting(house.people["bea"], is_strong=False)
    with pytest.raises(Refused, match="POLICY-009"):
        actions.speak(weak, afresh(proposal, weak))


def test_nothing_is_carried_out_without_a_word_or_by_another(house: House) -> None:
    proposal = house.proposes()
    later = house.acts("ada", later=dt.timedelta(days=3))
    with pytest.raises(NotYet, match="POLICY-011"):
        actions.carry_out(later, afresh(proposal, later))
    actions.speak(house.acts("cid"), afresh(proposal, house.acts("cid")))
    with pytest.raises(Refused, match="POLICY-010"):
        actions.carry_out(house.acts("bea"), afresh(proposal, house.acts("bea")))
    assert not is_admin(house.people["dan"])


def test_a_double_click_proposes_agrees_and_does_once(house: House) -> None:
    proposal = house.proposes()
    with pytest.raises(NotYet, match="POLICY-008"):
        house.proposes()
    seen = [afresh(proposal, house.acts("bea")) for _ in range(2)]
    actions.speak(house.acts("bea"), seen[0])
    with pytest.raises(NotYet, match="POLICY-012"):
        actions.speak(house.acts("bea"), seen[1])
    both = [afresh(proposal, house.acts("ada")) for _ in range(2)]
    actions.carry_out(house.acts("ada"), both[0])
    with pytest.raises(NotYet, match="POLICY-012"):
        actions.carry_out(house.acts("ada"), both[1])
    assert Membership.objects.filter(account=house.people["dan"], role__code=ADMIN).count() == 1
    assert Entry.objects.filter(action="words.carried-out").count() == 1


def test_an_objection_ends_it(house: House) -> None:
    proposal = house.proposes()
    actions.object_to(house.acts("dan"), afresh(proposal, house.acts("dan")))
    with pytest.raises(NotYet, match="POLICY-012"):
        actions.speak(house.acts("bea"), afresh(proposal, house.acts("bea")))
    assert house.proposes().state == Proposal.State.WAITING


@pytest.mark.parametrize("leaver", ["ada", "bea"])
def test_a_word_of_somebody_who_left_holds_no_more(house: House, leaver: str) -> None:
    proposal = house.proposes()
    actions.speak(house.acts("bea"), afresh(proposal, house.acts("bea")))
    Membership.objects.filter(account=house.people[leaver]).update(ended_at=NOW)
    a_person(house.agency, ADMIN, name="Zoe")
    with pytest.raises((NotYet, Refused), match=r"POLICY-011|POLICY-005"):
        actions.carry_out(house.acts("ada"), Proposal.objects.select_related(*queries.JOINED).get(pk=proposal.pk))
    assert not is_admin(house.people["dan"])


def test_a_small_agency_takes_the_word_of_its_partner(small: House) -> None:
    partner = House(an_agency("Partner"), pia=ADMIN, ron="case-worker")
    Agency.objects.filter(pk=small.agency.pk).update(partner=partner.agency)
    small.agency.refresh_from_db()
    proposal = small.proposes()
    with pytest.raises(Proposal.DoesNotExist):
        afresh(proposal, partner.acts("ron"))
    actions.speak(partner.acts("pia"), afresh(proposal, partner.acts("pia")))
    actions.carry_out(small.acts("ada"), afresh(proposal, small.acts("ada")))
    assert is_admin(small.people["dan"])


def test_a_small_agency_without_a_partner_waits_a_day_in_which_all_are_told(
    small: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "moment", lambda actor: ruling.Moment(actor.now))
    proposal = small.proposes()
    for hours, is_done in ((0, False), (23, False), (-9_000, False), (24, True)):
        ada = small.acts("ada", later=dt.timedelta(hours=hours))
        if is_done:
            actions.carry_out(ada, afresh(proposal, ada))
        else:
            with pytest.raises((NotYet, Refused), match=r"POLICY-011|POLICY-005"):
                actions.carry_out(ada, afresh(proposal, ada))
        given = Membership.objects.filter(account=small.people["dan"], role__code=ADMIN)
        assert given.exists() is is_done


def test_who_comes_during_the_wait_is_told_and_has_a_day_too(small: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "moment", lambda actor: ruling.Moment(actor.now))
    proposal = small.proposes()
    Membership.objects.filter(account=small.people["dan"]).update(ended_at=NOW)
    a_person(small.agency, name="Eve")
    for hours, is_done in ((24, False), (47, False), (48, True)):
        ada = small.acts("ada", later=dt.timedelta(hours=hours))
        if is_done:
            actions.carry_out(ada, afresh(proposal, ada))
        else:
            with pytest.raises(NotYet, match="POLICY-011"):
                actions.carry_out(ada, afresh(proposal, ada))
    assert Notice.objects.filter(account__name="Eve").count() == 1


def test_the_clock_of_the_machine_set_forward_gains_nothing(small: House) -> None:
    """The real clock that counts since the start stands beside the one on the wall."""
    proposal = small.proposes()
    ada = small.acts("ada", later=dt.timedelta(days=30))
    if not queries.moment(ada).boot:
        pytest.skip("this system has no clock that nobody can set")
    with pytest.raises(NotYet, match="POLICY-011"):
        actions.carry_out(ada, afresh(proposal, ada))


def test_the_last_administrator_goes_with_two_words(house: House) -> None:
    held = Membership.objects.get(account=house.people["ada"])
    above = acting(a_person(an_agency("Above"), ADMIN, name="Top"))
    with pytest.raises(Refused, match="POLICY-005"):
        actions.propose(above, guarded.END_LAST, agency=house.agency, thing_ref=held.ref)


def test_the_database_takes_no_second_word_of_the_first_person(house: House) -> None:
    proposal = house.proposes()
    for wrong in (
        {"second_by": house.people["ada"]},
        {"second_by": house.people["dan"]},
        {"state": "done"},
        {"state": "agreed", "way": "colleague"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Proposal.objects.filter(pk=proposal.pk).update(**wrong)


@pytest.mark.parametrize(("act", "role"), [("ghost", ADMIN), (guarded.GIVE_ROLE, "case-worker")])
def test_what_does_not_need_two_is_not_proposed(house: House, act: str, role: str) -> None:
    with pytest.raises(NotYet, match="POLICY-006"):
        actions.propose(house.acts("ada"), act, agency=house.agency, subject=house.people["dan"], role=role)


def test_nobody_proposes_for_herself_or_for_another_agency(house: House) -> None:
    with pytest.raises(Refused, match="POLICY-007"):
        actions.propose(
            house.acts("ada"), guarded.GIVE_ROLE, agency=house.agency, subject=house.people["ada"], role=OFFICER
        )
    with pytest.raises(Refused, match="POLICY-005"):
        actions.propose(house.acts("cid"), guarded.CHANGE_PARTNER, agency=house.agency)


def test_no_partner_of_the_same_line(house: House) -> None:
    below = an_agency("Below", parent=house.agency)
    key = guarded.key_of(guarded.CHANGE_PARTNER, agency=house.agency, thing=below.ref)
    words = guarded.TwoWords(guarded.CHANGE_PARTNER, key, house.people["ada"].ref)
    with pytest.raises(NotYet, match="POLICY-013"):
        accounts.change_partner(house.acts("ada"), house.agency, partner=below, instead_of=None, words=words)


def agreed_partner(house: House, partner: Agency) -> Proposal:
    """Ada proposes a partner, and Bea agrees."""
    asked = actions.propose(
        house.acts("ada"), guarded.CHANGE_PARTNER, agency=afresh_agency(house), thing_ref=partner.ref
    )
    return actions.speak(house.acts("bea"), afresh(asked, house.acts("bea")))


def afresh_agency(house: House) -> Agency:
    return Agency.objects.select_related("partner").get(pk=house.agency.pk)


def test_a_partner_that_was_changed_since_is_not_changed_over_it(house: House) -> None:
    first, second = an_agency("First"), an_agency("Second")
    proposals = [agreed_partner(house, partner) for partner in (first, second)]
    ada = house.acts("ada")
    version = house.agency.version
    actions.carry_out(ada, afresh(proposals[0], ada))
    with pytest.raises(NotYet, match="ACCOUNTS-013"):
        actions.carry_out(ada, afresh(proposals[1], ada))
    kept = afresh_agency(house)
    assert (kept.partner, kept.version) == (first, version + 1)
    assert afresh(proposals[1], ada).state == Proposal.State.AGREED
    third = agreed_partner(house, an_agency("Third"))
    actions.carry_out(ada, afresh(third, ada))
    assert afresh_agency(house).version == version + 2


def test_only_the_room_of_second_words_says_that_two_have_spoken(house: House) -> None:
    root = Path(actions.__file__).parents[2]
    makers = [path.name for path in root.rglob("*.py") if "TwoWords(" in path.read_text(encoding="utf-8")]
    assert makers == ["actions.py"]
