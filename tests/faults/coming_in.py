"""Makes people of every role in one agency, each signed in some times, with a thing of every kind to look at.

    python tests/faults/coming_in.py SITTINGS ROLE …

Prints for each role the cookies of so many sittings of as many people, as JSON.
"""

import datetime as dt
import json
import sys
from importlib import import_module
from typing import Any

from django.test import Client

from sarana.config.web import start


def _cookies(browser: Any) -> dict[str, str]:
    return {name: morsel.value for name, morsel in browser.cookies.items()}


def main() -> None:
    """Make them, and tell."""
    start.start()
    agencies: Any = import_module("makers.agencies")
    browsers: Any = import_module("makers.browsers")
    words: Any = import_module("sarana.ground.words.actions")
    breaches: Any = import_module("sarana.ground.breaches.actions")
    now = dt.datetime.now(dt.UTC)
    n_sittings, roles = int(sys.argv[1]), sys.argv[2:]
    agency = agencies.an_agency("The house on the river")
    agencies.an_agency("The house on the hill", parent=agency)
    found = {}
    for role in roles:
        people = [agencies.a_person(agency, role, name=f"{role} {number}") for number in range(n_sittings)]
        found[role] = [_cookies(browsers.sign_in(Client(), each)) for each in people]
        if role == "organisation-administrator":
            asker = agencies.acting(people[0], now=now)
            words.propose(asker, "give-role", agency=agency, subject=people[1], role="data-protection-officer")
        if role == "data-protection-officer":
            officer = agencies.acting(people[0], now=now)
            breaches.record_incident(officer, agency=agency, what="backup", found="staff", since_at=now, known_at=now)
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
