"""What the machine does by itself while people work: compares records, looks at what was asked, raises alarms.

    python tests/faults/people_meanwhile.py

Two hours on, so that what was asked waited long enough. Prints as JSON how many pairs are alike, whom questions
reached, and how many alarms there are.
"""

import datetime as dt
import json
import sys
from importlib import import_module
from typing import Any

from sarana.basics.actors import Actor
from sarana.config.web import start


def main() -> None:
    """Work, and tell."""
    start.start()
    finding: Any = import_module("sarana.care.people.finding.queries")
    compare_some: Any = import_module("sarana.care.people.same.comparing").compare_some
    asking: Any = import_module("sarana.care.people.asking.jobs")
    alarms: Any = import_module("sarana.care.people.alarms.actions")
    now = dt.datetime.now(dt.UTC).astimezone()
    machine, later = Actor.local(now), Actor.local(now + dt.timedelta(hours=2))
    alike = sum(compare_some(machine, agency, lambda _n: None)[1] for agency in finding.agencies_with_people())
    asked, reached = asking.look(later)
    raised = alarms.raise_alarms(machine)
    sys.stdout.write(json.dumps({"alike": alike, "asked": asked, "reached": reached, "alarms": raised}))


if __name__ == "__main__":
    main()
