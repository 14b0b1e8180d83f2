"""Tries to open everything of everybody, as those who may: people, their photographs, what finds them.

    python tests/faults/people_opened.py

Prints as JSON for each agency how many tiers, photographs and search files opened, and by which codes the others
did not.
"""

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from typing import Any

from django.utils import timezone

from sarana.basics.actors import Actor
from sarana.basics.errors import SaranaError
from sarana.config.web import start


def main() -> None:
    """Try, and tell."""
    start.start()
    accounts: Any = import_module("sarana.ground.accounts.models")
    told = {}
    for agency in accounts.Agency.objects.filter(name__startswith="The house on"):
        found = accounts.Account.objects.filter(memberships__agency=agency, memberships__role__code="case-worker")
        actor = import_module("makers.agencies").acting(found.order_by("pk")[0], now=timezone.localtime())
        told[str(agency.ref)] = _tried(replace(actor, purpose="help"), agency.ref)
    sys.stdout.write(json.dumps(told))


def _tried(actor: Actor, agency: Any) -> dict[str, Any]:
    models: Any = import_module("sarana.care.people.models")
    open_tiers: Any = import_module("sarana.ground.vault.identities.actions.sealing").open_tiers
    photographs: Any = import_module("sarana.care.people.photographs.opening")
    files: Any = import_module("sarana.care.people.finding.files")
    tiers: Any = import_module("sarana.methods.sealing.identities").Tier
    said: dict[str, Any] = {"tiers": 0, "photographs": 0, "search files": 0, "codes": set()}

    def tried(what: str, open_it: Callable[[], int]) -> None:
        try:
            said[what] += open_it()
        except SaranaError as err:
            said["codes"].add(err.code)

    for person in models.Person.objects.filter(agency_ref=agency):
        tried("tiers", lambda ref=person.ref: len(open_tiers(actor, ref, tiers)))
    for each in models.Photograph.objects.filter(agency_ref=agency).select_related("person"):
        tried("photographs", lambda photograph=each: bool(photographs.open_photograph(actor, photograph)))
    tried("search files", lambda: bool(files.answering(actor, agency).count()))
    return {**said, "codes": sorted(said["codes"])}


if __name__ == "__main__":
    main()
