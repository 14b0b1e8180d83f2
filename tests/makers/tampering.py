"""The hands of somebody who has the whole database, triggers lifted, and changes the past in every way we know."""

import dataclasses
import datetime as dt
import random
from collections.abc import Callable
from typing import Any
from uuid import UUID

from sarana.ground.ledger import rows
from sarana.ground.ledger.keys import SealKey
from sarana.ground.ledger.models import Entry, Seal
from sarana.ground.ledger.rows import SealRow
from sarana.ground.ledger.seals import MEMBER, NO_HASH, digest, hash_of

Tampering = Callable[[random.Random], None]

RESULTS = frozenset({"done", "refused", "failed"})
FIELDS = tuple(field.attname for field in Entry._meta.concrete_fields if field.attname != "id")
SEAL_FIELDS = tuple(field.attname for field in Seal._meta.concrete_fields if field.attname != "number")


def an_id(dice: random.Random) -> int:
    """The id of some entry."""
    return dice.choice(list(Entry.objects.values_list("id", flat=True)))


def a_number(dice: random.Random) -> int:
    """The number of some seal."""
    return dice.choice(list(Seal.objects.values_list("number", flat=True)))


def another(dice: random.Random, name: str, value: Any) -> Any:
    """A value of the same kind that is not this one."""
    match value:
        case bool() | int():
            return abs(value + dice.choice((1, 7, 1_000)))
        case dt.datetime():
            return value + dt.timedelta(microseconds=dice.choice((1, 1_000_000, 86_400_000_000)))
        case bytes() | memoryview():
            old = bytearray(value)
            old[dice.randrange(len(old))] ^= 1 << dice.randrange(8)
            return bytes(old)
        case str():
            return dice.choice(sorted(RESULTS - {value})) if value in RESULTS else f"{value}x"
    return b"\0" * 44 if name == "things_sealed" else UUID(int=dice.getrandbits(128))


def edit_a_field(dice: random.Random) -> None:
    """One field of one entry."""
    entry = Entry.objects.filter(id=an_id(dice))
    name = dice.choice(FIELDS)
    value = entry.values_list(name, flat=True).get()
    nullable = Entry._meta.get_field(name).null and value is not None and dice.random() < 0.3
    entry.update(**{name: None if nullable else another(dice, name, value)})


def delete_entries(dice: random.Random) -> None:
    """One entry, or a stretch of them."""
    first = an_id(dice)
    Entry.objects.filter(id__gte=first, id__lt=first + dice.choice((1, 1, 1, 5))).delete()


def insert_a_forged_entry(dice: random.Random) -> None:
    """A copy of an entry with another thing, at the end or in a hole of the numbers."""
    row = Entry.objects.values(*FIELDS).get(id=an_id(dice))
    row |= {"ref": UUID(int=dice.getrandbits(128)), "thing_ref": UUID(int=dice.getrandbits(128))}
    Entry(id=dice.choice((-dice.randrange(1, 99), 1_000_000 + dice.randrange(99))), **row).save(force_insert=True)


def swap_two_entries(dice: random.Random) -> None:
    """Two entries change places: all they hold but their numbers."""
    one, two = dice.sample(list(Entry.objects.values_list("id", flat=True)), 2)
    kept = {number: Entry.objects.values(*FIELDS).get(id=number) for number in (one, two)}
    Entry.objects.filter(id=one).update(ref=UUID(int=dice.getrandbits(128)))
    Entry.objects.filter(id=two).update(**kept[one])
    Entry.objects.filter(id=one).update(**kept[two])


def move_an_entry(dice: random.Random) -> None:
    """An entry gets another number."""
    Entry.objects.filter(id=an_id(dice)).update(id=500_000 + dice.randrange(999))


def cut_the_tail(dice: random.Random) -> None:
    """The newest seals go, and their entries with them, so that what is left is a whole chain."""
    _forget(Seal.objects.filter(number__gte=a_number(dice)))


def cut_the_head(dice: random.Random) -> None:
    """The oldest seals go, and their entries with them."""
    _forget(Seal.objects.filter(number__lte=a_number(dice)))


def _forget(seals: Any) -> None:
    for seal in seals:
        Entry.objects.filter(id__in=[number for number, _, _ in MEMBER.iter_unpack(seal.members)]).delete()
        Seal.objects.filter(number=seal.number).delete()


def edit_a_seal(dice: random.Random) -> None:
    """One field of one seal."""
    seal = Seal.objects.filter(number=a_number(dice))
    name = dice.choice(SEAL_FIELDS)
    seal.update(**{name: another(dice, name, seal.values_list(name, flat=True).get())})


def delete_a_seal(dice: random.Random) -> None:
    """One seal; its entries stay."""
    Seal.objects.filter(number=a_number(dice)).delete()


def swap_two_seals(dice: random.Random) -> None:
    """Two seals change places."""
    one, two = dice.sample(list(Seal.objects.values_list("number", flat=True)), 2)
    kept = {number: Seal.objects.values(*SEAL_FIELDS).get(number=number) for number in (one, two)}
    Seal.objects.filter(number=one).update(**kept[two])
    Seal.objects.filter(number=two).update(**kept[one])


def insert_a_forged_seal(dice: random.Random) -> None:
    """One more seal at the end, with a right hash over an entry that is sealed already."""
    last = rows.last_seal()
    assert last is not None
    new = dataclasses.replace(last, number=last.number + 1, previous_hash=last.hash, mac=dice.randbytes(32))
    _put(dataclasses.replace(new, hash=hash_of(new)))


def rewrite_from_an_entry_on(dice: random.Random) -> None:
    """An entry is changed, and every hash after it is reckoned anew, as anybody can; signatures stay as they were."""
    number = an_id(dice)
    Entry.objects.filter(id=number).update(thing_ref=UUID(int=dice.getrandbits(128)))
    reseal(number, lambda seal: seal.mac)


def take_an_entry_out_of_everything(dice: random.Random) -> None:
    """An entry goes from its row and its seal, and every hash is reckoned anew."""
    number = an_id(dice)
    Entry.objects.filter(id=number).delete()
    reseal(number, lambda seal: seal.mac, is_taken_out=True)


def reseal(entry: int, sign: Callable[[SealRow], bytes], *, is_taken_out: bool = False) -> None:
    """Reckon the whole chain anew over an entry that was changed or taken out."""
    previous = NO_HASH
    for seal in rows.seals(0, 10_000, upto=10_000):
        members = b"".join(_renewed(seal, entry, is_taken_out=is_taken_out))
        new = dataclasses.replace(seal, members=members, previous_hash=previous)
        if is_taken_out:
            new = dataclasses.replace(new, n_entries=max(len(members) // MEMBER.size, 1))
        new = dataclasses.replace(new, hash=hash_of(new))
        new = dataclasses.replace(new, mac=sign(new))
        previous = new.hash
        Seal.objects.filter(number=new.number).update(**_values(new))


def _renewed(seal: SealRow, entry: int, *, is_taken_out: bool) -> list[bytes]:
    members = list(MEMBER.iter_unpack(seal.members))
    if is_taken_out:
        return [MEMBER.pack(*each) for each in members if each[0] != entry]
    (row,) = [row for row in rows.entries([entry]) if row[0] == entry]
    return [MEMBER.pack(each[0], each[1], digest(row) if each[0] == entry else each[2]) for each in members]


def _values(seal: SealRow) -> dict[str, Any]:
    values = dataclasses.asdict(seal)
    values["sealed_at"] = dt.datetime.fromisoformat(seal.sealed_at).replace(tzinfo=dt.UTC)
    return values


def _put(seal: SealRow) -> None:
    Seal(**_values(seal)).save(force_insert=True)


def forge_with(key: SealKey, dice: random.Random) -> None:
    """Change an entry of the past, sign it and seal it anew with a stolen key, as far as that key reaches."""
    from_then = Seal.objects.order_by("number").first()
    assert from_then is not None
    number = MEMBER.unpack_from(bytes(from_then.members))[0]
    Entry.objects.filter(id=number).update(thing_ref=UUID(int=dice.getrandbits(128)))
    reseal(number, lambda seal: (key.at(seal.number) if seal.number >= key.number else key).mac(seal.hash))


TAMPERINGS: tuple[Tampering, ...] = (
    edit_a_field,
    edit_a_field,
    edit_a_field,
    delete_entries,
    insert_a_forged_entry,
    swap_two_entries,
    move_an_entry,
    cut_the_tail,
    cut_the_head,
    edit_a_seal,
    edit_a_seal,
    delete_a_seal,
    swap_two_seals,
    insert_a_forged_seal,
    rewrite_from_an_entry_on,
    take_an_entry_out_of_everything,
)
