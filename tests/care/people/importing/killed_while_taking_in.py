"""Run by a test: people are taken in, changed and brought into the search file by children that are killed any moment.

    python killed_while_taking_in.py FOLDER KILLS

Prints one line of JSON: kills, lines of the table and people who came of it, papers that stand twice, whom the search
file lacks or has too much, and what still waits for it.
"""

import contextlib
import json
import random
import secrets
import sys
from functools import partial
from pathlib import Path

import django
from django.core.management import call_command

from ground.vault.identities.killed_while_turning import killed, timed

LINES = 400
MAP = '[fields]\nname = "NAME"\nnational_id = "CID"\n'


def sign(keys: Path) -> None:
    """With what small things are sealed, the order of a table among them."""
    keys.mkdir(exist_ok=True)
    (keys / "secret.key").write_text(secrets.token_urlsafe(50), "ascii")


def main() -> None:  # one story from first to last
    """Kill so many times, then look for everybody."""
    folder, kills = Path(sys.argv[1]), int(sys.argv[2])
    sign(folder / "keys")
    django.setup()
    call_command("migrate", verbosity=0)
    from makers.identities import keys_for_commands, two_houses  # noqa: PLC0415  # Django starts first
    from makers.ledger import a_key_folder  # noqa: PLC0415
    from sarana.basics.actors import Actor  # noqa: PLC0415
    from sarana.basics.errors import SaranaError  # noqa: PLC0415
    from sarana.basics.progress import Silent  # noqa: PLC0415
    from sarana.care.people import actions  # noqa: PLC0415
    from sarana.care.people.actions import Facts  # noqa: PLC0415
    from sarana.care.people.finding import files, queries  # noqa: PLC0415
    from sarana.care.people.finding.actions import building, feeding  # noqa: PLC0415
    from sarana.care.people.importing import taking  # noqa: PLC0415
    from sarana.care.people.models import Import, Person, ToIndex  # noqa: PLC0415
    from sarana.care.people.values import Names, checked_name  # noqa: PLC0415

    keys_for_commands(folder)
    a_key_folder(folder / "keys")
    houses, dice = two_houses(), random.Random(7)
    ours, machine, table, told = (
        houses.ours.ref, Actor.local(houses.worker.now), folder / "people.csv", folder / "map.toml"
    )  # fmt: skip
    table.write_text("NAME,CID\n" + "".join(f"Person {n} Invented,{n:013}\n" for n in range(LINES)))
    told.write_text(MAP)
    taking.TOGETHER, taking.MANY = 10, 100
    entered = 0

    def take_in() -> None:
        with contextlib.suppress(SaranaError):
            standing = partial(contextlib.nullcontext, houses.worker)
            taking.take_in(standing, ours, table, told, folder / "aside.csv", progress=Silent())

    def enter() -> None:
        actions.enter(houses.worker, ours, Facts(), Names(names=(checked_name("Malee Jaidee"),)))

    def make() -> None:
        with contextlib.suppress(SaranaError):
            building.build(machine, ours)

    entering, making = timed(enter), timed(make)
    for number in range(kills):
        if number % 3 == 0:
            killed(dice.uniform(0, 0.15), take_in)
        elif number % 3 == 1:
            killed(dice.uniform(0, entering * 2), enter)
        else:
            killed(dice.uniform(0, making * 1.5), make)
    take_in()
    for _time in range(2):
        feeding.feed(machine, ours)
        building.keep(machine, ours)
    entered = Import.objects.get().n_entered
    file = files.answering(machine, ours)
    differs = file.verify(pair for part in queries.everybody(ours) for pair in part)
    from sarana.methods.search.entry import Query  # noqa: PLC0415

    twice = sum(len(file.search(Query(identifiers=(f"{n:013}",))).matches) != 1 for n in range(0, LINES, 7))
    sys.stdout.write(
        json.dumps(
            {
                "kills": kills,
                "lines": LINES,
                "people": entered,
                "kept": Person.objects.count(),
                "twice": twice,
                "missing": differs.n_missing + differs.n_older,
                "extra": differs.n_extra + differs.n_newer,
                "waiting": ToIndex.objects.count(),
            }
        )
        + "\n"
    )


if __name__ == "__main__":
    main()
