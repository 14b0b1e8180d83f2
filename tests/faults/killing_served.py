"""Kills the web again and again while people save over HTTP, and looks after each kill for what they were told.

    python tests/faults/killing_served.py KILLS PEOPLE

Each time the server is started as `sarana serve` starts it, in a fork of this process, which has loaded the house and
asked nothing of the database; all of its processes are killed 0 to 800 ms after it showed its first page, and every
second time 0 to 800 ms after somebody was told of a save. People whose form was not answered look at the next server
whether it was done. Prints what was found, as JSON.
"""

import json
import os
import random
import signal
import sys
import time
from importlib import import_module
from typing import Any

from faults import saves
from faults.migrating import in_a_fork
from faults.people_saving import Person, save_together
from makers.installed import Installed, free_port, until
from makers.serving import Browser
from sarana.config.web import start

LONGEST_SECONDS, STARTS_WITHIN = 0.8, 60.0


def signed_in(n_people: int) -> list[tuple[str, dict[str, str]]]:
    """The form and the cookies of so many administrators, each of an agency of her own, signed in with two factors."""
    agencies: Any = import_module("makers.agencies")
    come_in: Any = import_module("makers.sittings").come_in
    found = []
    for number in range(n_people):
        agency = agencies.an_agency(f"Agency {number}")
        client = come_in(agencies.a_person(agency, "organisation-administrator", name=f"person{number}"))
        cookies = {name: morsel.value for name, morsel in client.cookies.items()}
        found.append((f"/settings/agencies/{agency.ref}/make/", cookies))
    return found


def serve(port: int) -> int:
    """The server in a group of processes of its own, with a clean beginning; gives the group."""
    child = os.fork()
    if child == 0:
        os.setsid()
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        import_module("sarana.config.web.serving").serve(host="127.0.0.1", port=port, workers=2)
        os._exit(1)
    return child


def wait_until_healthy(port: int) -> None:
    """Until the web says that it is well."""
    for _ in until(STARTS_WITHIN, step=0.01):
        try:
            if Browser(port).get("/health/").text == "ok":
                return
        except OSError:
            continue
    raise AssertionError(f"the web did not answer within {STARTS_WITHIN} seconds")


def killed(people: list[Person], after: float, *, is_told: bool) -> None:
    """People save through a server that is killed so many seconds after they began, or after a save was told."""
    port = free_port()
    group = serve(port)
    wait_until_healthy(port)
    Browser(port, people[0].cookies).get(people[0].page)
    before = n_kept(people)
    threads = save_together(people, port)
    for _ in until(STARTS_WITHIN if is_told else 0.0, step=0.005):
        if n_kept(people) > before:
            break
    time.sleep(after)
    os.killpg(group, signal.SIGKILL)
    os.waitpid(group, 0)
    for thread in threads:
        thread.join()


def n_kept(people: list[Person]) -> int:
    """How many saves somebody was told of."""
    return sum(len(person.kept) for person in people)


def main() -> None:
    """Kill, look, and tell."""
    kills, n_people = int(sys.argv[1]), int(sys.argv[2])
    installed = Installed.here()
    start.start()
    people = [Person(page, cookies) for page, cookies in in_a_fork(lambda: signed_in(n_people))]
    import_module("sarana.config.web.wsgi")
    chance = random.Random(20261129)
    missing, halves = 0, {}
    for number in range(kills):
        killed(people, chance.uniform(0, LONGEST_SECONDS), is_told=number % 2 == 1)
        kept = {ref for person in people for ref in person.kept}
        missing = max(missing, len(saves.missing_agencies(installed, kept)))
        halves |= saves.halves(installed)
    found = {
        "kills": kills,
        "acknowledged": len(kept),
        "twice": n_kept(people) - len(kept),
        "done all the same": sum(person.done_all_the_same for person in people),
        "cut": sum(person.cut for person in people),
        "missing": missing,
        "halves": halves,
        "odd": sorted({each for person in people for each in person.odd}),
        "sound": saves.is_sound(installed),
    }
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
