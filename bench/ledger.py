"""`./dev bench ledger [--rows N] [--database URL] [--json FILE]`: what the ledger costs, beside a plain table.

Prints what one act costs to write down, rows a second to seal and to verify, and how long a page takes with each
filter. Everything runs in a folder of its own under the system's folder for passing files; with `--database` in that
PostgreSQL database, which must be empty.
"""

import argparse
import importlib
import json
import os
import secrets
import tempfile
from pathlib import Path

import django


def main(words: list[str]) -> int:
    """Measure and print."""
    asked = argparse.ArgumentParser(prog="bench ledger", description=__doc__)
    asked.add_argument("--rows", type=int, default=1_000_000)
    asked.add_argument("--database", default="")
    asked.add_argument("--json", type=Path, help="write what the checks ask for to this file")
    options = asked.parse_args(words)
    with tempfile.TemporaryDirectory(prefix="sarana-bench-") as folder:
        start(Path(folder), options.database)
        # What it imports needs the settings that were made just now.
        found = importlib.import_module("bench.ledger_measured").measure(Path(folder), options.rows)
    if options.json:
        options.json.write_text(json.dumps(found), "utf-8")
    return 0


def start(folder: Path, database: str) -> None:
    """A Sarana with nothing in it."""
    for name in ("home", "keys"):
        (folder / name).mkdir(mode=0o700)
    (folder / "keys/secret.key").write_text(secrets.token_urlsafe(50))
    (folder / "keys/ledger-writer.key").write_bytes(secrets.token_bytes(32))
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "sarana.config.web.settings",
        "SARANA_MODE": "development",
        "SARANA_HOME": str(folder / "home"),
        "SARANA_KEYS": str(folder / "keys"),
        "DATABASE_URL": database,
    }
    django.setup()
