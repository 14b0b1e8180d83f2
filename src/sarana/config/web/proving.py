"""Verifies the ledger of the database that the environment names, and says what was found, as JSON, for a drill."""

import datetime as dt
import os
import sys

import msgspec

from sarana.config.settings import read_settings
from sarana.config.web import start
from sarana.ground.ledger import keys as ledger_keys
from sarana.ground.vault.proving import Said


def prove() -> Said:
    """Verify it with the first key where that lies here, and against the heads that came with the copy."""
    settings = read_settings(os.environ)
    verify = start.door("sarana.ground.ledger.verifying.verify")
    first = settings.keys / ledger_keys.FIRST_KEY
    means = start.door("sarana.ground.ledger.verifying.Means")(
        first_keys=[ledger_keys.read_first_key(first)] if first.exists() else [],
        heads=start.door("sarana.ground.ledger.anchors.kept_heads")(settings.home),
    )
    verdict = verify(means, now=dt.datetime.now(dt.UTC))
    return Said(verdict.n_entries, verdict.n_findings)


if __name__ == "__main__":
    sys.stdout.write(msgspec.json.encode(prove()).decode())
