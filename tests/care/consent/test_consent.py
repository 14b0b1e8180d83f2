"""What a person agreed to lets another agency read; taking it back ends that in the same moment, and always works."""

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from makers.agencies import a_person, acting
from makers.identities import TwoHouses, keys_that_open, somebody, two_houses
from sarana.basics.actors import NOBODY
from sarana.basics.errors import NotYet, Refused
from sarana.care.consent import actions, queries
from sarana.care.consent.actions import Agreed, give, open_given, withdraw
from sarana.care.consent.models import Consent, State
from sarana.ground.ledger.models import Entry
from sarana.ground.vault import places
from sarana.ground.vault.identities.actions.erasing import erase
from sarana.ground.vault.identities.actions.sealing import open_tiers
from sarana.ground.vault.identities.actions.sharing import Terms, end_basis, share_as_agreed, sweep_lapsed
from sarana.ground.vault.identities.models import Basis, Erased, Shared, Subject
from sarana.methods.sealing.erased import key_path
from sarana.methods.sealing.identities import Tier

pytestmark = pytest.mark.django_db

WAY = Consent.Way.SPOKEN


@pytest.fixture
def houses(tmp_path: Path, settings: Any) -> TwoHouses:
    """Two agencies in an installation whose keys open."""
    keys_that_open(tmp_path, settings)
    return two_houses()


def agreed(houses: TwoHouses, **more: Any) -> Agreed:
    said: dict[str, Any] = {
        "recipient": houses.theirs.ref,
        "tiers": (Tier.NAMES,),
        "purpose": "justice",
        "until": houses.worker.today + dt.timedelta(days=30),
        "language": "lo",
        "explained": Consent.Explained.INTERPRETER,
        "explained_by": houses.worker.account_ref,
        "evidence": Consent.Evidence.SIGNED,
    }
    return Agreed(**{**said, **more})


@pytest.mark.check("A-12")
def test_what_is_agreed_opens_and_taken_back_shuts_in_the_same_moment(houses: TwoHouses) -> None:
    ref = somebody(houses)
    with pytest.raises(Subject.DoesNotExist):
        open_tiers(houses.police, ref, Tier)
    made = give(houses.worker, ref, agreed(houses))
    assert set(open_tiers(houses.police, ref, Tier)) == {Tier.NAMES}
    assert not queries.consents_for(houses.police, ref).exists()
    assert [row.ref for row in open_given(houses.police, ref)] == [made.ref], "they see what lets them in"
    assert Entry.objects.get(action="consent.opened").purpose == "justice"
    withdraw(replace(houses.supervisor, purpose=""), made.ref, how=WAY)
    assert not Shared.objects.exists()
    with pytest.raises(Subject.DoesNotExist):
        open_tiers(houses.police, ref, Tier)
    with pytest.raises(Subject.DoesNotExist):
        open_given(houses.police, ref)
    (row,) = queries.consents_for(houses.worker, ref)
    assert (row.state(houses.worker.today), row.withdrawn_how, row.language) == (State.WITHDRAWN, WAY, "lo")
    acts = Entry.objects.filter(thing_ref=ref).order_by("id").values_list("action", flat=True)
    assert [act for act in acts if act.startswith("consent.")] == ["consent.given", "consent.withdrawn"]
    with pytest.raises(NotYet, match="CONSENT-004"):
        withdraw(houses.worker, made.ref, how=WAY)


@pytest.mark.check("A-12")
def test_taking_back_works_where_no_key_opens(houses: TwoHouses) -> None:
    made = give(houses.worker, somebody(houses), agreed(houses))
    for file in [*places.store().folder.rglob("*.json"), key_path(places.store())]:
        file.unlink(missing_ok=True)
    withdraw(houses.worker, made.ref, how=WAY)
    assert not Shared.objects.exists()


def test_nobody_else_writes_down_reads_or_takes_back_what_a_person_agreed_to(houses: TwoHouses) -> None:
    ref = somebody(houses)
    made = give(houses.worker, ref, agreed(houses))
    for role in ("system-operator", "data-protection-officer", "analyst", "data-custodian", "outreach-worker"):
        other = replace(acting(a_person(houses.ours, role, name="Other")), purpose="help")
        assert not queries.consents_for(other, ref).exists()
        with pytest.raises(Refused, match="VAULT-060"):
            give(other, ref, agreed(houses))
        with pytest.raises(Consent.DoesNotExist):
            withdraw(other, made.ref, how=WAY)
    assert not queries.consents_for(houses.outsider, ref).exists()
    with pytest.raises(Consent.DoesNotExist):
        withdraw(houses.outsider, made.ref, how=WAY)
    with pytest.raises(Consent.DoesNotExist):
        withdraw(houses.police, made.ref, how=WAY)
    with pytest.raises(Refused, match="CONSENT-001"):
        give(houses.police, ref, agreed(houses))
    assert Shared.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [{"recipient": NOBODY}, {"tiers": ()}, {"tiers": (Tier.IMAGES,)}, {"purpose": "linkage"}, {"language": ""},
     {"until": dt.date(2026, 11, 28)}, {"until": dt.date(2028, 11, 29)}],
)  # fmt: skip
def test_terms_to_which_nobody_can_agree_leave_nothing_behind(houses: TwoHouses, wrong: dict[str, Any]) -> None:
    with pytest.raises(NotYet, match="CONSENT-002"):
        give(houses.worker, somebody(houses), agreed(houses, **wrong))
    assert (Consent.objects.count(), Basis.objects.count(), Shared.objects.count()) == (0, 0, 0)


def test_one_consent_stands_for_an_agency_and_a_purpose_and_a_lapsed_one_makes_room(houses: TwoHouses) -> None:
    ref = somebody(houses)
    give(houses.worker, ref, agreed(houses))
    with pytest.raises(NotYet, match="CONSENT-003"):
        give(houses.worker, ref, agreed(houses, tiers=(Tier.CONTACT,)))
    later = replace(houses.worker, now=houses.worker.now + dt.timedelta(days=31))
    assert [row.state(later.today) for row in queries.consents_for(later, ref)] == [State.LAPSED]
    give(later, ref, agreed(houses, until=later.today))
    sweep_lapsed(later.now)
    assert [row.state(later.today) for row in queries.consents_for(later, ref)] == [State.LIVING, State.LAPSED]
    assert Shared.objects.count() == 1


def test_a_consent_whose_basis_was_ended_otherwise_is_not_said_to_have_lapsed(houses: TwoHouses) -> None:
    """As after the restore of a backup in which nobody had taken it back yet."""
    ref = somebody(houses)
    made = give(houses.worker, ref, agreed(houses))
    end_basis(houses.worker, made.basis.ref)
    later = replace(houses.worker, now=houses.worker.now + dt.timedelta(days=31))
    for day, state in ((houses.worker.today, State.ENDED), (later.today, State.LAPSED)):
        assert [row.state(day) for row in queries.consents_for(houses.worker, ref)] == [state]


def test_a_consent_that_cannot_be_kept_opens_nothing(houses: TwoHouses, monkeypatch: pytest.MonkeyPatch) -> None:
    ref = somebody(houses)

    def failing(*_args: Any, **_named: Any) -> None:
        raise DatabaseError("the disk is full")

    monkeypatch.setattr(actions.Consent, "save", failing)
    with pytest.raises(DatabaseError):
        give(houses.worker, ref, agreed(houses))
    assert (Basis.objects.count(), Shared.objects.count()) == (0, 0)


def test_the_database_keeps_no_half_withdrawal_and_erasing_takes_consents_along(houses: TwoHouses) -> None:
    ref = somebody(houses)
    give(houses.worker, ref, agreed(houses))
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE consent_consent SET withdrawn_how = 'spoken'")
    erase(houses.supervisor, ref, reason=Erased.Reason.OWN_REQUEST)
    assert (Consent.objects.count(), Basis.objects.count(), Shared.objects.count()) == (0, 0, 0)


def test_the_database_gives_no_key_on_a_consent_that_is_not_written_down(houses: TwoHouses) -> None:
    terms = Terms([Tier.NAMES], houses.theirs.ref, "justice", houses.worker.today)
    with pytest.raises(DatabaseError, match="CONSENT-005"), transaction.atomic():
        share_as_agreed(houses.worker, somebody(houses), terms, stands=lambda _basis: None)
    assert not Shared.objects.exists()
