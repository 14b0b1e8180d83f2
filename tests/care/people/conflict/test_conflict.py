"""Whoever has a conflict of interest sees nothing of a person from that moment, at any door, and learns nothing."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from care.people.asking.test_asking import Sides, agreed, later, sides, theirs
from care.people.conftest import comes
from care.people.same.test_same import pair, searched
from makers.addresses import absent, addresses, told_apart_by
from makers.agencies import a_person, acting, give
from makers.counted import Counted
from makers.identities import TwoHouses, let_read
from makers.photographs import added
from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet, Refused
from sarana.care.consent import actions as consents
from sarana.care.consent.models import Consent
from sarana.care.people import actions as people
from sarana.care.people import opening
from sarana.care.people import queries as of_people
from sarana.care.people.actions import Facts
from sarana.care.people.asking import actions as asking
from sarana.care.people.asking import jobs as asking_jobs
from sarana.care.people.asking import queries as asked
from sarana.care.people.asking.models import Askable, AskMark, Question, Reached
from sarana.care.people.conflict import actions
from sarana.care.people.conflict.actions import Flag
from sarana.care.people.conflict.models import Conflict
from sarana.care.people.conflict.queries import reading
from sarana.care.people.models import Assigned, Person, Relation
from sarana.care.people.photographs.queries import photographs_of
from sarana.care.people.same import actions as same
from sarana.care.people.same import queries as alike
from sarana.care.people.same.models import Verdict
from sarana.care.people.values import Names, Story, checked_name
from sarana.ground.accounts.models import Account
from sarana.ground.ledger.models import Entry
from sarana.ground.vault.identities.models import Basis, Shared, Subject
from sarana.methods.sealing.identities import Tier

pytestmark = pytest.mark.django_db

__all__ = ["sides"]

MALEE, WHY = Names((checked_name("Malee Jaidee"),)), "Her brother works there, and she saw him."
INVOLVED = Conflict.Reason.INVOLVED
FORM = {"version": "1", "names-n": "1", "names-0-text": "Zq", "story-health": "", "kind": "parent", "reason": "kept"}


def entered(houses: TwoHouses, level: Person.Level = Person.Level.AUDITED) -> Person:
    return people.enter(houses.worker, houses.ours.ref, Facts(level=level), MALEE, Story("She told it"))


def an_officer(houses: TwoHouses) -> Actor:
    return acting(a_person(houses.ours, "data-protection-officer", name="Officer"))


def against(houses: TwoHouses) -> Flag:
    return Flag(INVOLVED, WHY, against=houses.theirs.ref)


def agreement_of(houses: TwoHouses) -> consents.Agreed:
    until = houses.worker.today + dt.timedelta(days=30)
    return consents.Agreed(
        houses.theirs.ref, (Tier.NAMES,), "justice", until, "shn", Consent.Explained.INTERPRETER,
        houses.worker.account_ref, Consent.Evidence.SIGNED,
    )  # fmt: skip


@pytest.mark.check("A-06")
@pytest.mark.parametrize("who", ["supervisor", "officer"])
def test_an_agency_that_is_flagged_reads_nothing_more_and_nothing_new_is_given_to_it(
    houses: TwoHouses, who: str
) -> None:
    person = entered(houses)
    let_read(houses, person.ref, Tier.STORY)
    consents.give(houses.worker, person.ref, agreement_of(houses))
    third = let_read(houses, entered(houses).ref)
    given = of_people.get_person(houses.police, person.ref)
    assert opening.reveal(houses.police, given) is not None
    actor = houses.supervisor if who == "supervisor" else an_officer(houses)
    made = actions.flag(actor, person.ref, against(houses))
    with pytest.raises(Person.DoesNotExist):
        of_people.get_person(houses.police, person.ref)
    with pytest.raises(Subject.DoesNotExist):
        opening.reveal(houses.police, given)
    assert set(Shared.objects.values_list("basis", flat=True)) == {third.pk}, "the keys are gone, of hers alone"
    assert not Basis.objects.filter(subject=person.subject_id, ended_at__isnull=True).exists()
    assert comes(houses.police).get(f"/people/{person.ref}/").status_code == 404
    with pytest.raises(NotYet, match="VAULT-068"):
        let_read(houses, person.ref)
    with pytest.raises(NotYet, match="VAULT-068"):
        consents.give(houses.worker, person.ref, agreement_of(houses))
    people.change(houses.worker, person.ref, Story("More"), version=1)
    assert Shared.objects.count() == 1, "what is sealed anew is given to nobody"
    told = Entry.objects.filter(agency_ref=houses.theirs.ref) | Entry.objects.filter(owner_agency_ref=houses.theirs.ref)
    assert not told.filter(action__startswith="people.conflict").exists()
    lifter = an_officer(houses) if who == "supervisor" else houses.supervisor
    actions.lift(lifter, made.ref)
    with pytest.raises(Person.DoesNotExist):
        of_people.get_person(houses.police, person.ref)
    let_read(houses, person.ref)
    assert of_people.get_person(houses.police, person.ref).ref == person.ref


@pytest.mark.check("A-06")
def test_the_database_itself_gives_no_basis_to_an_agency_that_is_flagged(houses: TwoHouses) -> None:
    person = entered(houses)
    basis = let_read(houses, person.ref)
    actions.flag(houses.supervisor, person.ref, against(houses))
    basis.pk, basis.ref, basis.ended_at = None, person.ref, None
    with pytest.raises(IntegrityError, match="PEOPLE-094"), transaction.atomic():
        basis.save(force_insert=True)


@dataclass(frozen=True)
class Flagged:
    """A colleague with every role that opens people, who worked with a person and is kept out; and what she had."""

    houses: TwoHouses
    person: Person
    other: Person
    colleague: Actor
    made: Conflict


@pytest.fixture
def flagged(houses: TwoHouses) -> Flagged:
    """The colleague is a supervisor, case worker and custodian, and assigned to the person."""
    account = a_person(houses.ours, "supervisor", name="Somying")
    for role in ("case-worker", "data-custodian"):
        give(account, houses.ours, role)
    colleague = replace(acting(account), purpose="help")
    first, second, _row = pair(houses)
    people.assign(houses.worker, first.ref, account.ref)
    people.relate(houses.worker, first.ref, second.ref, Relation.Kind.SIBLING)
    assert of_people.mine_for(colleague).count() == 1
    assert alike.n_waiting(colleague) == 1
    made = actions.flag(houses.supervisor, first.ref, Flag(INVOLVED, WHY, account=account.ref))
    return Flagged(houses, Person.objects.get(pk=first.pk), second, colleague, made)


@pytest.mark.check("A-06")
def test_a_colleague_who_is_flagged_finds_her_at_no_door(flagged: Flagged) -> None:
    her, person = flagged.colleague, flagged.person
    assert not of_people.mine_for(her).exists()
    assert person.ref not in set(of_people.people_for(her).values_list("ref", flat=True))
    assert of_people.those_of(her, [person.ref, flagged.other.ref]) == frozenset({flagged.other.ref})
    assert of_people.find_by_code(her, person.code) is None
    assert of_people.find_to_end(her, person.code) is None
    assert searched(flagged.houses, her) == [flagged.other.code]
    assert of_people.relations_of(her, flagged.other) == []
    assert alike.n_waiting(her) == 0
    assert not alike.likenesses_for(her).exists()
    assert reading.find_to_flag(her, person.code) is None
    assert not reading.conflicts_for(her).exists()
    for read in (of_people.get_person, of_people.get_own, of_people.get_to_end, reading.get_to_flag):
        with pytest.raises(Person.DoesNotExist):
            read(her, person.ref)
    with pytest.raises(Person.DoesNotExist):
        people.erase(her, person.ref, "mistake")  # type: ignore[arg-type]
    with pytest.raises(Conflict.DoesNotExist):
        actions.lift(her, flagged.made.ref)
    with pytest.raises(NotYet, match="PEOPLE-007"):
        people.assign(flagged.houses.worker, person.ref, her.account_ref)
    working, free = of_people.working_with(flagged.houses.worker, person)
    assert her.account_ref not in {each.ref for each in (*working, *free)}
    assert {row.person_id for row in Assigned.objects.filter(account_ref=her.account_ref)} == set()


@pytest.mark.check("A-06")
def test_no_address_tells_a_colleague_who_is_flagged_from_nobody(flagged: Flagged, counted: Counted) -> None:
    client, nowhere, person = comes(flagged.colleague), absent(), flagged.person
    relation, n_asked = Relation.objects.get(), 0
    for address in addresses():
        if not address.name.startswith("people:") or not address.takes_references:
            continue
        for method in ("GET", "POST"):
            missing = _asked(client, method, address.paths([nowhere])[0])
            for ref in (person.ref, relation.ref, flagged.made.ref):
                found = _asked(client, method, address.paths([ref])[0])
                same_page = (found.status_code, told_apart_by(found.content, ref))
                assert same_page == (missing.status_code, told_apart_by(missing.content, nowhere)), address.name
                assert person.code.encode() not in found.content
                n_asked += 1
    counted("requests", n_asked, exact=True)
    assert n_asked >= 90
    lists = ("", "?of=newest", "?of=given", "alike/", "asked/", "conflicts/", "emergencies/")
    for page in lists:
        assert person.code.encode() not in client.get(f"/people/{page}").content
    for page in ("ending/", "conflicts/", "emergency/"):
        known, unknown = (
            client.post(f"/people/{page}", {"code": code, "reason": "danger", "words": WHY})
            for code in (person.code, "SR-ZZZZZ")
        )
        assert known.status_code == unknown.status_code == 422
        pages = (told_apart_by(each.content, nowhere) for each in (known, unknown))
        assert len({each.replace(person.code.encode(), b"SR-ZZZZZ") for each in pages}) == 1
    assert Conflict.objects.filter(lifted_at__isnull=True).count() == 1


def _asked(client: Client, method: str, path: str) -> HttpResponse:
    client.cookies.pop("messages", None)
    answer: HttpResponse = client.get(path) if method == "GET" else client.post(path, FORM)
    assert answer.status_code < 500, (method, path)
    return answer


@pytest.mark.check("A-06")
def test_a_photograph_goes_out_of_sight_too_and_so_does_who_works_in_both_agencies(houses: TwoHouses) -> None:
    person = entered(houses)
    added(houses.worker, person.ref)
    account = Account.objects.get(ref=houses.police.account_ref)
    give(account, houses.ours, "case-worker")
    both = replace(acting(account), purpose="help")
    assert len(photographs_of(both, person)) == 1
    actions.flag(houses.supervisor, person.ref, against(houses))
    assert len(photographs_of(both, person)) == 0
    assert not of_people.people_for(both).exists()
    assert len(photographs_of(houses.worker, person)) == 1, "all others see what they saw"


@pytest.mark.check("A-06")
def test_nobody_is_asked_and_nobody_is_found_across_a_conflict(sides: Sides) -> None:
    houses = sides.houses
    mine, other = agreed(sides), theirs(sides)
    asking.ask(houses.worker, mine.ref, sides.agreement.ref)
    asking_jobs.look(later(minutes=61))
    assert asked.reached_for(sides.police).count() == 1
    asking.ask(sides.police, other.ref, sides.agreement.ref)
    actions.flag(houses.supervisor, mine.ref, Flag(INVOLVED, WHY, against=houses.theirs.ref))
    assert not asked.reached_for(sides.police).exists(), "what waited there to be decided is gone"
    assert not Askable.objects.filter(person=mine).exists()
    assert AskMark.objects.filter(agency_ref=houses.ours.ref).count() == 0
    asking_jobs.look(later(hours=3))
    assert not asked.reached_for(houses.worker).filter(outcome="").exists(), "their question finds her no more"
    for ask in (
        lambda: asking.say_yes(houses.worker, mine.ref, sides.agreement.ref, until=houses.worker.today),
        lambda: asking.ask(houses.worker, mine.ref, sides.agreement.ref),
    ):
        with pytest.raises(NotYet, match="PEOPLE-094"):
            ask()
    assert Askable.objects.filter(person=other).exists(), "their own people stay as they are"


def test_a_question_or_yes_that_slipped_by_reaches_nobody(sides: Sides) -> None:
    """As if they had been written in the moment in which the conflict was."""
    houses = sides.houses
    mine, other = agreed(sides), theirs(sides)
    asking.ask(houses.worker, mine.ref, sides.agreement.ref)
    asking.ask(sides.police, other.ref, sides.agreement.ref)
    words = {"agency_ref": houses.ours.ref, "against_ref": houses.theirs.ref, "reason": "near", "words_sealed": b"x"}
    words |= {"flagged_at": houses.worker.now, "flagged_by_ref": houses.worker.account_ref}
    Conflict.objects.create(person=mine, **words)
    asking_jobs.look(later(hours=2))
    assert Question.objects.filter(looked_at__isnull=True).count() == 0
    assert not Reached.objects.exists()


@pytest.mark.check("A-06")
def test_records_that_are_joined_are_hidden_together_before_and_after(houses: TwoHouses) -> None:
    first, second, row = pair(houses)
    let_read(houses, second.ref)
    same.judge(houses.supervisor, row.ref, Verdict.SAME)
    made = actions.flag(houses.supervisor, first.ref, against(houses))
    assert Conflict.objects.filter(lifted_at__isnull=True).count() == 2
    assert not Shared.objects.exists()
    actions.lift(an_officer(houses), made.ref)
    assert not Conflict.objects.filter(lifted_at__isnull=True).exists()


@pytest.mark.check("A-06")
def test_what_stands_about_one_follows_when_it_is_joined_with_another(houses: TwoHouses) -> None:
    first, second, row = pair(houses)
    let_read(houses, second.ref)
    chief = replace(acting(a_person(houses.ours, "supervisor", name="Chief")), purpose="help")
    actions.flag(houses.supervisor, first.ref, against(houses))
    assert Shared.objects.exists()
    made = same.judge(chief, row.ref, Verdict.SAME)
    assert not Shared.objects.exists()
    assert reading.conflicts_about(chief, second)[0].against_ref == houses.theirs.ref
    same.undo(chief, made.ref)
    assert len(reading.conflicts_about(chief, second)) == 1, "taking the joining back opens nothing"


def test_another_person_lifts_it_and_what_ended_stays_ended(flagged: Flagged) -> None:
    houses, person = flagged.houses, flagged.person
    with pytest.raises(Refused, match="PEOPLE-092"):
        actions.lift(houses.supervisor, flagged.made.ref)
    with pytest.raises(IntegrityError), transaction.atomic():
        Conflict.objects.update(lifted_at=houses.worker.now, lifted_by_ref=houses.supervisor.account_ref)
    officer = an_officer(houses)
    actions.lift(officer, flagged.made.ref)
    with pytest.raises(Conflict.DoesNotExist):
        actions.lift(officer, flagged.made.ref)
    assert of_people.get_person(flagged.colleague, person.ref).ref == person.ref, "as the rules let her"
    assert not of_people.mine_for(flagged.colleague).exists()
    acts = Entry.objects.filter(action__startswith="people.conflict-").order_by("pk")
    assert list(acts.values_list("action", flat=True)) == ["people.conflict-flagged", "people.conflict-lifted"]
    assert all(each.thing_ref == person.ref for each in acts)


def test_who_flags_and_who_can_be_flagged(houses: TwoHouses) -> None:
    person, officer = entered(houses), an_officer(houses)
    for nobody in (houses.worker, houses.custodian, houses.police, houses.outsider):
        with pytest.raises(Refused, match="PEOPLE-090"):
            actions.flag(nobody, person.ref, against(houses))
    with pytest.raises(Refused, match="PEOPLE-090"):
        actions.flag(replace(houses.supervisor, is_strong=False), person.ref, against(houses))
    stranger = acting(a_person(houses.theirs, "data-protection-officer", name="Theirs"))
    with pytest.raises(Person.DoesNotExist):
        actions.flag(stranger, person.ref, against(houses))
    wrong = (
        Flag(INVOLVED, WHY, against=houses.ours.ref),
        Flag(INVOLVED, WHY, against=person.ref),
        Flag(INVOLVED, WHY, account=officer.account_ref),
        Flag(INVOLVED, WHY, account=houses.police.account_ref),
        Flag(INVOLVED, WHY),
        Flag(INVOLVED, WHY, against=houses.theirs.ref, account=houses.worker.account_ref),
    )
    for told in wrong:
        with pytest.raises(NotYet, match="PEOPLE-091"):
            actions.flag(officer, person.ref, told)
    with pytest.raises(NotYet, match="PEOPLE-081"):
        actions.flag(officer, person.ref, Flag(INVOLVED, "", against=houses.theirs.ref))
    made = actions.flag(officer, person.ref, against(houses))
    assert WHY.encode() not in bytes(made.words_sealed)
    with pytest.raises(NotYet, match="PEOPLE-093"):
        actions.flag(officer, person.ref, against(houses))
    assert Conflict.objects.count() == 1


def test_somebody_is_left_who_may_open_her(houses: TwoHouses) -> None:
    closed = entered(houses, Person.Level.CLOSED)
    told = Flag(INVOLVED, WHY, account=houses.worker.account_ref)
    with pytest.raises(NotYet, match="PEOPLE-095"):
        actions.flag(houses.supervisor, closed.ref, told)
    for nobody in (houses.worker, houses.custodian, houses.police):
        with pytest.raises(NotYet, match="PEOPLE-095"):
            actions.flag(houses.supervisor, closed.ref, replace(told, instead=nobody.account_ref))
    assert not Conflict.objects.exists()
    colleague = replace(acting(a_person(houses.ours, "case-worker", name="Nok")), purpose="help")
    actions.flag(houses.supervisor, closed.ref, replace(told, instead=colleague.account_ref))
    assert of_people.get_person(colleague, closed.ref).ref == closed.ref
    protected = entered(houses, Person.Level.PROTECTED)
    actions.flag(houses.supervisor, protected.ref, told)
    assert of_people.get_person(houses.supervisor, protected.ref).ref == protected.ref
    officer, last = an_officer(houses), Flag(INVOLVED, WHY, account=houses.supervisor.account_ref)
    with pytest.raises(NotYet, match="PEOPLE-095"):
        actions.flag(officer, protected.ref, last)


def test_the_pages_of_the_officer_show_the_code_and_nothing_else(houses: TwoHouses) -> None:
    person, officer = entered(houses), an_officer(houses)
    client = comes(officer)
    assert client.post("/people/conflicts/", {"code": "SR-NOONE"}).status_code == 422
    page = client.post("/people/conflicts/", {"code": person.code.lower()}).headers["Location"]
    assert page == f"/people/{person.ref}/conflict/"
    form = {"who": str(houses.theirs.ref), "reason": "involved", "words": WHY}
    assert client.post(f"{page}agency/", {**form, "words": "short"}).status_code == 422
    assert client.post(f"{page}agency/", {**form, "who": str(houses.ours.ref)}).status_code == 422
    assert client.post(f"{page}agency/", form).status_code == 302
    staff = {**form, "who": str(houses.worker.account_ref)}
    assert client.post(f"{page}colleague/", staff).status_code == 302
    shown = client.get(page).content.decode()
    for words in (WHY, "Police unit", "Alice", person.code):
        assert words in shown
    assert "Jaidee" not in shown
    assert "You wrote it down" in shown
    assert person.code in client.get("/people/conflicts/").content.decode()
    made = Conflict.objects.get(against_ref=houses.theirs.ref)
    assert client.post(reverse("people:conflict-lift", args=[made.ref])).status_code == 403
    lifted = comes(houses.supervisor).post(reverse("people:conflict-lift", args=[made.ref]))
    assert lifted.headers["Location"] == page
    assert comes(houses.custodian).get("/people/conflicts/").status_code == 403


def test_pages_of_sharing_and_asking_do_not_offer_who_is_kept_out(sides: Sides) -> None:
    houses, mine = sides.houses, agreed(sides)
    client = comes(houses.supervisor)
    pages = [f"/people/{mine.ref}/consents/", f"/people/{mine.ref}/question/"]
    for page in pages:
        assert "Police unit" in client.get(page).content.decode()
    actions.flag(houses.supervisor, mine.ref, Flag(INVOLVED, WHY, against=houses.theirs.ref))
    for page in pages:
        assert "Police unit" not in client.get(page).content.decode()
    form: dict[str, Any] = {"recipient": str(houses.theirs.ref), "tiers": ["names"], "purpose": "help"}
    form |= {"until": "2026-12-20", "ground": "order"}
    forged = client.post(f"/people/{mine.ref}/consents/decide/", form)
    assert forged.status_code == 422
    assert "PEOPLE-094" in forged.content.decode()
    assert "Conflicts of interest" in client.get(f"/people/{mine.ref}/").content.decode()
    assert f"/people/{mine.ref}/conflict/" not in comes(houses.worker).get(f"/people/{mine.ref}/").content.decode()
