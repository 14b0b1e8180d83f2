"""Run by a test: people are erased one after the other, and after each everything that lies on the disk is read.

    python erased_for_good.py FOLDER PEOPLE

Prints one line of JSON: of how many people what was seen before (else the search proves nothing), what of those who
were erased is seen afterwards by the kind of mark, what is seen while somebody reads beside, and once she is gone.
"""

import contextlib
import json
import secrets
import sqlite3
import sys
from collections import Counter
from importlib import import_module
from pathlib import Path
from typing import Any

import django
from django.core.management import call_command

from makers.canary import markers
from makers.wiped import as_its_key_shows_it

STAY, PHOTOGRAPHED, PIECE = 10, 5, 32
DATABASE = "sarana.sqlite3"


class House:
    """Two agencies, an agreement between them, and the files that lie there."""

    def __init__(self, folder: Path) -> None:
        identities: Any = import_module("makers.identities")
        import_module("makers.ledger").a_key_folder(folder / "keys")
        identities.keys_for_commands(folder)
        self.folder, self.houses = folder, identities.two_houses()
        self.asking: Any = import_module("sarana.care.people.asking.actions")
        self.models: Any = import_module("sarana.care.people.models")
        self.people: Any = import_module("sarana.care.people.actions")
        self.values: Any = import_module("sarana.care.people.values")
        self.files: Any = import_module("sarana.care.people.finding.files")
        self.days: Any = import_module("datetime").timedelta
        agencies: Any = import_module("makers.agencies")
        chief = agencies.acting(agencies.a_person(self.houses.theirs, "supervisor", name="Chief"))
        until = self.houses.worker.today + self.days(200)
        both = self.houses.ours.ref, self.houses.theirs.ref
        self.agreement = self.asking.propose(self.houses.supervisor, *both, until=until, a_day=50).ref
        self.asking.sign(chief, self.agreement)

    def enter(self, name: str, *, photographed: bool) -> Any:
        """Somebody with all tiers, of whom another agency reads the names, who may be asked about."""
        worker, values = self.houses.worker, self.values
        number = values.DocumentOf("passport", f"{name}77", "KH")
        tiers = (
            values.Names(names=(values.checked_name(name),), documents=(number,)),
            values.Contact(ways=(values.WayOf("phone", f"081 {name}"),)),
            values.Story(f"{name} told this. " * 40),
        )
        made = self.people.enter(worker, self.houses.ours.ref, self.people.Facts(), *tiers)
        import_module("makers.identities").let_read(self.houses, made.ref)
        self.asking.say_yes(worker, made.ref, self.agreement, until=worker.today + self.days(60))
        if photographed:
            import_module("makers.photographs").added(worker, made.ref)
        return made

    def marks_of(self, person: Any) -> dict[str, list[bytes]]:
        """What of her lies in the database and beside it, sealed as it is, by kind; pieces that only chance repeats."""
        vault: Any = import_module("sarana.ground.vault.identities.models")
        kept: Any = import_module("sarana.ground.vault.identities.files")
        subject = vault.Subject.objects.get(ref=person.ref)
        sealed = [bytes(row.sealed) for row in vault.Sealed.objects.filter(subject=subject)]
        given = [bytes(row.sealed) for row in vault.Shared.objects.filter(basis__subject=subject)]
        asked = self.models.AskMark.objects.filter(askable__person=person)
        photographs = self.models.Photograph.objects.filter(person=person)
        found = {
            "tiers": [piece for data in sealed for piece in (data[-PIECE:], data[len(data) // 2 :][:PIECE])],
            "own key": [bytes(subject.own_key)[-PIECE:]],
            "keys given": [data[-PIECE:] for data in given],
            "marks of asking": [bytes(row.mark) for row in asked],
            "code": [person.code.encode()],
            "photographs": [kept._path(row.ref).read_bytes()[-PIECE:] for row in photographs],
        }
        assert all(found.values()) or not photographs
        return found

    def lies(self) -> bytes:
        """Every byte of every file of the folder of data; not of the keys, which are apart."""
        apart = (self.folder / "keys", self.folder / "stick")
        paths = [path for path in self.folder.rglob("*") if path.is_file()]
        return b"\0".join(path.read_bytes() for path in paths if not any(path.is_relative_to(each) for each in apart))

    def found_by(self) -> bytes:
        """Every page of the search file and of its log, opened with its key."""
        machine: Any = import_module("makers.agencies").local()
        path, key = self.files.newest_path(machine, self.houses.ours.ref)
        return as_its_key_shows_it(path, key).lower()

    def seen(self, name: str, marks: dict[str, list[bytes]]) -> Counter[str]:
        """How many marks of each kind can be read now; and her name, in what finds people."""
        lies = self.lies()
        said = Counter({kind: sum(mark in lies for mark in found) for kind, found in marks.items()})
        said["name in what finds people"] = self.found_by().count(name.lower().encode())
        return +said

    def erase(self, person: Any) -> None:
        """For good."""
        reason: Any = import_module("sarana.ground.vault.identities.models").Erased.Reason.OWN_REQUEST
        self.people.erase(self.houses.supervisor, person.ref, reason)


def beside_a_reader(house: House, person: Any, name: str) -> dict[str, Any]:
    """Somebody reads both files in a transaction of her own while a person is erased; then she is gone."""
    scrubbing: Any = import_module("sarana.ground.vault.identities.scrubbing")
    scrubbing.SCRUB_SECONDS = 0.2
    marks = house.marks_of(person)
    with contextlib.closing(sqlite3.connect(house.folder / DATABASE, isolation_level=None)) as reads:
        reads.execute("BEGIN")
        reads.execute("SELECT count(*) FROM people_person").fetchone()
        house.erase(person)
        meanwhile = house.seen(name, marks)
        reads.execute("ROLLBACK")
    machine: Any = import_module("makers.agencies").local()
    list(import_module("sarana.ground.vault.jobs").due(machine))
    return {"while somebody reads": meanwhile, "once she is gone": house.seen(name, marks)}


def main() -> None:
    """Enter, erase, look."""
    folder, n = Path(sys.argv[1]), int(sys.argv[2])
    (folder / "keys").mkdir(mode=0o700)
    (folder / "keys" / "secret.key").write_text(secrets.token_urlsafe(50), "ascii")
    django.setup()
    call_command("migrate", verbosity=0)
    house = House(folder)
    names = markers(n + STAY + 1)
    people = [house.enter(name, photographed=at < PHOTOGRAPHED) for at, name in enumerate(names)]
    before, after = Counter[str](), Counter[str]()
    for name, person in zip(names[:n], people, strict=False):
        marks = house.marks_of(person)
        before.update(house.seen(name, marks).keys())
        house.erase(person)
        after.update(house.seen(name, marks))
    read = beside_a_reader(house, people[n], names[n])
    stay = sum(
        bool(house.seen(name, house.marks_of(each))) for name, each in list(zip(names, people, strict=True))[n + 1 :]
    )
    sys.stdout.write(json.dumps({"seen before": before, "seen after": +after, **read, "stay": stay}) + "\n")


if __name__ == "__main__":
    main()
