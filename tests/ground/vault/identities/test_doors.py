"""Who a person is opens for those who help her, for another agency as far as a basis lets it, and for nobody else."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from makers.agencies import a_person, acting, local
from makers.identities import ALL, NAMES, STORY, TwoHouses, let_read, somebody
from sarana.basics.actors import NOBODY, Actor
from sarana.basics.errors import NotYet, Refused
from sarana.ground.ledger.models import Entry
from sarana.ground.ledger.writing import open_list
from sarana.ground.vault.identities import opening, queries
from sarana.ground.vault.identities.actions.sealing import begin, open_tiers, seal
from sarana.ground.vault.identities.actions.sharing import end_basis, sweep_lapsed
from sarana.ground.vault.identities.models import Basis, Sealed, Shared, Subject
from sarana.ground.vault.identities.parts import words_of
from sarana.ground.vault.identities.places_of import place_of_given
from sarana.methods.sealing.identities import Tier

pytestmark = pytest.mark.django_db

EVERY = tuple(Tier)


def opened(actor: Actor, ref: Any) -> dict[Tier, Any]:
    return {tier: each.values for tier, each in open_tiers(actor, ref, EVERY).items()}


def lines(ref: Any) -> list[tuple[str, str]]:
    return [(row.action, row.purpose) for row in Entry.objects.filter(thing_ref=ref).order_by("id")]


def test_what_is_sealed_opens_for_its_agency_and_each_opening_is_a_line(houses: TwoHouses) -> None:
    ref = somebody(houses)
    assert opened(houses.worker, ref) == opened(houses.supervisor, ref) == ALL
    assert lines(ref) == [("vault.identity-sealed", "help"), *[("vault.identity-opened", "help")] * 2]
    stored = b"".join(bytes(row.sealed) for row in Sealed.objects.all())
    assert not [word for word in (b"zqxstory", b"house zqx", b"zqx 0812345678") if word in stored.lower()]
    assert {(len(row.sealed) - 12 - 16) % 64 for row in Sealed.objects.all()} == {0}


@pytest.mark.parametrize(
    "role",
    ["system-operator", "data-protection-officer", "organisation-administrator", "analyst", "outreach-worker",
     "provincial-data-officer", "linkage-reviewer", "data-custodian"],
)  # fmt: skip
def test_no_other_role_of_the_same_agency_has_a_door(houses: TwoHouses, role: str) -> None:
    ref = somebody(houses)
    actor = replace(acting(a_person(houses.ours, role, name="Other")), purpose="help")
    for door in (lambda: opened(actor, ref), lambda: seal(actor, ref, {Tier.NAMES: NAMES}, versions={Tier.NAMES: 1})):
        with pytest.raises(Refused, match="VAULT-060"):
            door()
    with pytest.raises(Refused, match="VAULT-060"):
        begin(actor, agency=houses.ours.ref, values=ALL)


def test_without_a_purpose_or_a_second_factor_nothing_opens(houses: TwoHouses) -> None:
    ref = somebody(houses)
    with pytest.raises(NotYet, match="VAULT-061"):
        opened(replace(houses.worker, purpose=""), ref)
    with pytest.raises(Refused, match="VAULT-060"):
        opened(replace(houses.worker, is_strong=False), ref)
    with pytest.raises(Refused, match="VAULT-060"):
        opened(local(), ref)


def test_for_others_a_person_does_not_exist(houses: TwoHouses) -> None:
    ref = somebody(houses)
    for actor in (houses.police, houses.outsider):
        with pytest.raises(Subject.DoesNotExist):
            opened(actor, ref)
        with pytest.raises(Refused, match="VAULT-060"):
            begin(actor, agency=houses.ours.ref, values=ALL)


def test_another_agency_reads_the_tiers_of_a_basis_for_its_purpose_until_it_ends(houses: TwoHouses) -> None:
    ref = somebody(houses)
    basis = let_read(houses, ref, Tier.NAMES, Tier.CONTACT)
    assert set(opened(houses.police, ref)) == {Tier.NAMES, Tier.CONTACT}
    seal(houses.worker, ref, {Tier.NAMES: {"names": ["anew"]}}, versions={Tier.NAMES: 1})
    assert opened(houses.police, ref)[Tier.NAMES] == {"names": ["anew"]}, "who may read, reads what is so today"
    for actor in (houses.outsider, replace(houses.police, purpose="identification")):
        with pytest.raises(Subject.DoesNotExist):
            opened(actor, ref)
    with pytest.raises(Subject.DoesNotExist):
        seal(houses.police, ref, {Tier.NAMES: NAMES}, versions={Tier.NAMES: 2})
    with pytest.raises(Basis.DoesNotExist):
        end_basis(houses.police, basis.ref)
    end_basis(replace(houses.worker, purpose=""), basis.ref)
    assert not Shared.objects.exists()
    with pytest.raises(Subject.DoesNotExist):
        opened(houses.police, ref)
    assert lines(ref)[-1][0] == "vault.identity-unshared"
    with pytest.raises(NotYet, match="VAULT-069"):
        end_basis(houses.worker, basis.ref)


def test_a_basis_whose_last_day_is_over_opens_nothing_before_any_sweep(houses: TwoHouses) -> None:
    ref = somebody(houses)
    let_read(houses, ref, days=1)
    for days, opens in ((1, True), (2, False)):
        then = replace(houses.police, now=houses.police.now + dt.timedelta(days=days))
        if opens:
            assert set(opened(then, ref)) == {Tier.NAMES}
        else:
            with pytest.raises(Subject.DoesNotExist):
                opened(then, ref)
    assert Shared.objects.count() == 1
    assert sweep_lapsed(houses.worker.now + dt.timedelta(days=2)) == 1
    assert not Shared.objects.exists()
    with pytest.raises(NotYet, match="VAULT-068"):
        let_read(houses, ref, days=-1)


def test_nobody_lengthens_or_widens_a_basis_by_writing_into_the_database(houses: TwoHouses) -> None:
    """Neither does the database take it, nor does what was given open under other terms."""
    ref = somebody(houses)
    basis = let_read(houses, ref)
    for change in ("until = '2099-01-01'", "tiers = 'names story'", "purpose = 'help'"):
        with pytest.raises(DatabaseError, match="VAULT-062"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE vault_basis SET {change} WHERE id = %s", [basis.pk])
    given = Shared.objects.get()
    given.basis.until += dt.timedelta(days=1)
    with pytest.raises(Refused, match="VAULT-001"):
        _reads_as(houses, given)


def _reads_as(houses: TwoHouses, given: Shared) -> None:
    keys = opening.OPENS.keys(houses.theirs.ref, today=houses.police.today)
    keys.open_given(
        bytes(given.sealed),
        given.epoch,
        place_of_given(Subject.objects.get().ref, given.basis, Tier.NAMES, given.version),
    )


@pytest.mark.parametrize("how", ["no basis", "basis that ended", "another tier", "another agency", "moved"])
def test_the_database_itself_refuses_a_share_without_its_basis(houses: TwoHouses, how: str) -> None:
    ref = somebody(houses)
    basis = let_read(houses, ref)
    given = Shared.objects.get()
    row = {
        "basis_id": given.basis_id, "agency_ref": given.agency_ref, "recipient_ref": given.recipient_ref,
        "tier": "names", "version": 1, "epoch": 1, "form": "given", "sealed": b"x",
    }  # fmt: skip
    if how == "basis that ended":
        end_basis(houses.worker, basis.ref)
    elif how != "moved":
        Shared.objects.all().delete()
    change: dict[str, Any] = {
        "no basis": {"basis_id": None},
        "another tier": {"tier": "story"},
        "another agency": {"recipient_ref": houses.outsider.grants[0].agency_ref},
    }.get(how, {})
    row |= change
    statement = "UPDATE vault_shared SET tier = 'story'", []
    if how != "moved":
        marks = ", ".join("%s" for _ in row)
        statement = (
            f"INSERT INTO vault_shared ({', '.join(row)}) VALUES ({marks})",
            [_plain(each) for each in row.values()],
        )
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(*statement)
    assert Shared.objects.filter(tier="names").count() == (how == "moved")


def _plain(value: Any) -> Any:
    return (
        value.hex if connection.vendor == "sqlite" and hasattr(value, "hex") and not isinstance(value, bytes) else value
    )


def test_a_basis_that_ends_by_any_hand_takes_away_what_was_given_and_never_begins_again(houses: TwoHouses) -> None:
    ref = somebody(houses)
    let_read(houses, ref)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE vault_basis SET ended_at = %s", [houses.worker.now])
    assert not Shared.objects.exists()
    with pytest.raises(DatabaseError, match="VAULT-062"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE vault_basis SET ended_at = NULL")
    subject = Subject.objects.get()
    with pytest.raises(DatabaseError, match="VAULT-062"), transaction.atomic():
        Subject.objects.filter(pk=subject.pk).update(agency_ref=houses.theirs.ref)


def test_two_who_save_one_tier_lose_nothing(houses: TwoHouses) -> None:
    ref = somebody(houses)
    first, second = (open_tiers(actor, ref, [Tier.STORY])[Tier.STORY] for actor in (houses.worker, houses.supervisor))
    seal(houses.worker, ref, {Tier.STORY: {"text": "one"}}, versions={Tier.STORY: first.version})
    with pytest.raises(NotYet, match="VAULT-064"):
        seal(houses.supervisor, ref, {Tier.STORY: {"text": "two"}}, versions={Tier.STORY: second.version})
    assert opened(houses.supervisor, ref)[Tier.STORY] == {"text": "one"}
    seal(houses.supervisor, ref, {Tier.STORY: STORY}, versions={Tier.STORY: 2})
    assert opened(houses.worker, ref) == ALL
    with pytest.raises(NotYet, match="VAULT-063"):
        seal(houses.worker, ref, {Tier.STORY: {"text": "x" * 300_000}}, versions={Tier.STORY: 3})
    assert not queries.bases_of(houses.worker, ref).exists()


def test_a_line_of_an_opening_says_which_parts_on_which_basis_and_for_which_agency(houses: TwoHouses) -> None:
    ref = somebody(houses)
    basis = let_read(houses, ref, Tier.NAMES, Tier.STORY)
    open_tiers(houses.worker, ref, [Tier.CONTACT])
    line = Entry.objects.filter(action="vault.identity-opened").latest("id")
    assert (line.code, line.agency_ref, line.things_sealed) == ("PARTS-C", houses.ours.ref, None)
    both = (replace(houses.police.grants[0], agency_ref=NOBODY), *houses.police.grants)
    for grants in (both, both[::-1], houses.police.grants):
        open_tiers(replace(houses.police, grants=grants), ref, Tier)
        line = Entry.objects.filter(action="vault.identity-opened").latest("id")
        assert (line.code, line.agency_ref, line.n_things) == ("PARTS-NS", houses.theirs.ref, 1)
        assert open_list(line) == [basis.ref, houses.theirs.ref]
    assert words_of("PARTS-NS") == "names, numbers, birth; what happened"
    assert words_of("VAULT-001") == ""


def test_what_does_not_open_tells_of_its_place_no_more_than_the_part(houses: TwoHouses) -> None:
    ref = somebody(houses)
    let_read(houses, ref)
    for model, column, part in ((Shared, "sealed", "names"), (Sealed, "sealed", "names"), (Subject, "own_key", "key")):
        model.objects.update(**{column: b"x" * 60})
        actor = houses.police if model is Shared else houses.worker
        with pytest.raises(Refused, match=rf"^VAULT-001 {part}: What was sealed"):
            open_tiers(actor, ref, [Tier.NAMES])
