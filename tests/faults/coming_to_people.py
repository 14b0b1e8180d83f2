"""Makes two agencies that help people, whoever works there, and a printed sheet of codes for commands.

    python tests/faults/coming_to_people.py

Prints as JSON the cookies of each, signed in with two factors and with a purpose stated; the agencies; a colleague who
works with nobody yet; and with what the case worker proves at the machine who she is.
"""

import json
import sys
from importlib import import_module
from typing import Any

from django.test import Client

from sarana.config.web import start

OURS, THEIRS = "The house on the river", "The house on the hill"
PURPOSES = {"keeper": "justice"}
"""For what somebody is here who does not help."""


def main() -> None:
    """Make them, and tell."""
    start.start()
    makers: Any = import_module("makers.agencies")
    come_in: Any = import_module("makers.sittings").come_in
    loading: Any = import_module("sarana.ground.codelists.loading")
    accounts: Any = import_module("sarana.ground.accounts.actions")
    loading.load_all_purposes(makers.local())
    ours, theirs = makers.an_agency(OURS), makers.an_agency(THEIRS)
    who = {
        "worker": makers.a_person(ours, "case-worker", name="Alice"),
        "lead": makers.a_person(ours, "supervisor", name="Lead"),
        "chief": makers.a_person(theirs, "supervisor", name="Chief"),
        "colleague": makers.a_person(ours, "case-worker", name="Nok"),
        "keeper": makers.a_person(ours, "data-custodian", name="Keeper"),
        "officer": makers.a_person(ours, "data-protection-officer", name="Officer"),
    }
    makers.give(who["lead"], ours, "case-worker")
    makers.give(who["chief"], theirs, "case-worker")
    codes = accounts.make_sheet(makers.acting(who["worker"]), who["worker"])
    found = {name: _cookies(come_in(account, purpose=PURPOSES.get(name, "help"))) for name, account in who.items()}
    told = {"ours": str(ours.ref), "theirs": str(theirs.ref), "colleague": str(who["colleague"].ref)}
    told |= {"user": who["worker"].sign_in_name, "codes": codes}
    sys.stdout.write(json.dumps({"cookies": found, **told}))


def _cookies(client: Client) -> dict[str, str]:
    return {name: morsel.value for name, morsel in client.cookies.items()}


if __name__ == "__main__":
    main()
