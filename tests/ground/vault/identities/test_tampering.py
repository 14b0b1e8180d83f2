"""What was changed, moved, swapped or put back in the database opens for nobody; one agency's keys open one agency."""

import itertools
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest

from makers.canary import markers, seen_in
from makers.counted import Counted
from makers.identities import ALL, TwoHouses, let_read, somebody
from sarana.basics.errors import BadFile, Refused, SaranaError
from sarana.ground.vault import places
from sarana.ground.vault.identities import opening
from sarana.ground.vault.identities.actions.sealing import begin, open_tiers, seal
from sarana.ground.vault.identities.models import Sealed, Shared, Subject
from sarana.methods.sealing.agencies import open_agency_keys
from sarana.methods.sealing.identities import Tier
from sarana.methods.sealing.spelling import spelled, unspelled

pytestmark = pytest.mark.django_db


def flipped(data: bytes, dice: random.Random) -> bytes:
    """One bit of it turned round."""
    at = dice.randrange(len(data) * 8)
    return bytes(byte ^ (1 << at % 8) if number == at // 8 else byte for number, byte in enumerate(data))


@pytest.mark.check("K-02")
def test_k_02_a_bit_flipped_in_any_row_is_refused_and_never_read_as_another_text(
    houses: TwoHouses, counted: Counted
) -> None:
    ref = somebody(houses)
    let_read(houses, ref, *ALL)
    rows: list[tuple[Any, str, Callable[[], Any]]] = [
        (Subject.objects.get(), "own_key", lambda: open_tiers(houses.worker, ref, Tier)),
        *((row, "sealed", lambda: open_tiers(houses.worker, ref, Tier)) for row in Sealed.objects.all()),
        *(
            (row, "sealed", lambda: open_tiers(houses.police, ref, Tier))
            for row in Shared.objects.filter(tier__in=list(ALL))
        ),
    ]
    dice, n_refused = random.Random(2), 0
    n = counted("flipped bits of rows of identities", 10_000, least=150)
    for number in range(n):
        row, column, look = rows[number % len(rows)]
        whole = bytes(getattr(row, column))
        type(row)._default_manager.filter(pk=row.pk).update(**{column: flipped(whole, dice)})
        try:
            look()
        except SaranaError as err:
            n_refused += err.code == "VAULT-001"
        type(row)._default_manager.filter(pk=row.pk).update(**{column: whole})
    assert n_refused == n
    assert {tier: each.values for tier, each in open_tiers(houses.worker, ref, Tier).items()} == ALL


@pytest.mark.check("K-03")
def test_k_03_rows_swapped_between_people_tiers_agencies_and_versions_are_refused(
    houses: TwoHouses, counted: Counted
) -> None:
    one, two = somebody(houses), somebody(houses)
    foreign = begin(houses.outsider, agency=houses.outsider.grants[0].agency_ref, values=ALL)
    places_of = {(row.subject.ref, row.tier): bytes(row.sealed) for row in Sealed.objects.select_related("subject")}
    n_refused = 0
    for (ref, tier), (other, other_tier) in itertools.permutations(places_of, 2):
        rows = Sealed.objects.filter(subject__ref=ref, tier=tier)
        rows.update(sealed=places_of[other, other_tier])
        n_refused += _is_refused(houses, ref, Tier(tier), of=foreign)
        rows.update(sealed=places_of[ref, tier])
    assert n_refused == counted("swapped pairs", len(places_of) * (len(places_of) - 1), exact=True)
    before = Sealed.objects.get(subject__ref=one, tier=Tier.NAMES)
    seal(houses.worker, one, {Tier.NAMES: {"names": []}}, versions={Tier.NAMES: 1})
    Sealed.objects.filter(pk=before.pk).update(version=1, sealed=bytes(before.sealed))
    assert _is_refused(houses, one, Tier.NAMES), "the whole row put back from earlier, its version too"
    Sealed.objects.filter(pk=before.pk).delete()
    assert _is_refused(houses, one, Tier.NAMES), "taken away"
    keys = {row.ref: (bytes(row.own_key), row.versions) for row in Subject.objects.all()}
    Subject.objects.filter(ref=two).update(own_key=keys[one][0], versions=keys[one][1])
    assert _is_refused(houses, two, Tier.STORY)


def _is_refused(houses: TwoHouses, ref: UUID, tier: Tier, of: UUID | None = None) -> bool:
    with pytest.raises(Refused, match="VAULT-001"):
        open_tiers(houses.outsider if ref == of else houses.worker, ref, [tier])
    return True


@pytest.mark.check("K-06")
def test_k_06_the_keys_of_one_agency_open_nothing_of_another(houses: TwoHouses) -> None:
    ref = somebody(houses)
    let_read(houses, ref, Tier.NAMES)
    theirs = opening.OPENS.keys(houses.theirs.ref, today=houses.worker.today)
    ours = places.store().find_agency_file(str(houses.ours.ref))
    assert ours is not None
    masked = opening.Embedded(opened_by=places.lock_stamp())
    masked.opened[str(houses.ours.ref)] = (ours, theirs)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opening, "OPENS", masked)
        for tier in ALL:
            with pytest.raises(Refused, match="VAULT-001"):
                open_tiers(houses.worker, ref, [tier])
    given = Shared.objects.get()
    with pytest.raises(Refused, match="VAULT-001"):
        _as_given(houses, given, houses.ours.ref)
    assert {Tier.NAMES} == set(open_tiers(houses.police, ref, Tier))


def _as_given(houses: TwoHouses, given: Shared, agency: UUID) -> None:
    with pytest.MonkeyPatch.context() as patch:
        keys = opening.OPENS.keys(agency, today=houses.worker.today)
        patch.setattr(opening.Embedded, "keys", lambda *_agency, today: keys)
        open_tiers(houses.police, given.basis.subject.ref, Tier)


def test_a_key_file_of_an_agency_that_was_changed_or_put_in_another_s_place_opens_nothing(houses: TwoHouses) -> None:
    ref, store = somebody(houses), places.store()
    file = store.find_agency_file(str(houses.ours.ref))
    other = opening.OPENS.keys(houses.theirs.ref, today=houses.worker.today).file
    assert file is not None
    dice = random.Random(3)
    changed = [
        msgspec.structs.replace(file, sealed=spelled(flipped(unspelled(file.sealed), dice))),
        msgspec.structs.replace(file, epochs=other.epochs),
        msgspec.structs.replace(other, agency=file.agency),
        msgspec.structs.replace(file, version=2),
    ]
    for each in changed:
        store.keep_agency_file(each)
        with pytest.raises(BadFile, match="VAULT-007"):
            open_tiers(houses.worker, ref, Tier)
    store.keep_agency_file(file)
    assert set(open_tiers(houses.worker, ref, Tier)) == set(ALL)
    assert open_agency_keys(file, places.unlocked()).file == file


@pytest.mark.check("K-01")
def test_k_01_no_marker_of_a_sealed_person_stands_in_keys_or_rows(houses: TwoHouses, tmp_path: Path) -> None:
    marks = markers(60)
    begin(houses.worker, agency=houses.ours.ref, values={Tier.NAMES: {"names": marks}, Tier.STORY: {"text": marks}})
    rows = tmp_path / "rows.bin"
    stored = [repr(row.__dict__).encode() for model in (Subject, Sealed) for row in model._default_manager.all()]
    rows.write_bytes(b"\n".join([*stored, *(bytes(row.sealed) for row in Sealed.objects.all())]))
    assert seen_in(tmp_path, marks) == {}
