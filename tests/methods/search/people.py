"""People to search for; nothing here needs pytest, so that processes that are killed start soon."""

import random
from uuid import UUID

from sarana.methods.search.entry import Birth, Entry, Identifier, Name

KEY = bytes(range(32))
AGENCY = "0b7d4a9c-shelter"
N = 1500


def ref(number: int) -> UUID:
    """The reference of the person of a number, as scattered as real ones."""
    return UUID(int=random.Random(number).getrandbits(128), version=4)


def person(number: int, *names: str | Name, version: int = 1) -> Entry:
    """A person with names, and with a number, a telephone, a birth and a place of their own."""
    told = tuple(name if isinstance(name, Name) else Name(name) for name in names)
    return Entry(
        ref(number),
        version,
        told,
        (Identifier("national", f"{number:013d}"),),
        (f"08{number:08d}",),
        Birth(1950 + number % 60),
        ("female", "male")[number % 2],
        (f"TH-{10 + number % 70}",),
    )


_PARTS = "สม ชาย มาลี แก้ว ทอง สุข วงศ์ ศรี จันทร์ บุญ มี คำ พร รัตน์ ดี ใจ ธน วัฒน์ กุล ชัย".split()  # noqa: SIM905


def crowd(n: int = N, first: int = 10_000) -> list[Entry]:
    """Invented people whose names are nothing special."""
    chance = random.Random(3)
    return [
        person(first + at, "".join(chance.sample(_PARTS, 2)) + " " + "".join(chance.sample(_PARTS, 3)))
        for at in range(n)
    ]
