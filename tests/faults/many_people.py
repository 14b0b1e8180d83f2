"""Makes so many people who have a passphrase and have not come in yet.

    python tests/faults/many_people.py PEOPLE

Prints their sign-in names as JSON.
"""

import json
import sys
from importlib import import_module
from typing import Any

from sarana.config.web import start


def main() -> None:
    """Make them, and tell."""
    start.start()
    agencies: Any = import_module("makers.agencies")
    agency = agencies.an_agency("The house on the river")
    people = [agencies.a_person(agency, name=f"person{number}") for number in range(int(sys.argv[1]))]
    sys.stdout.write(json.dumps([each.sign_in_name for each in people]))


if __name__ == "__main__":
    main()
