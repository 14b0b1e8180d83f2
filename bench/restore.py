"""`./dev scale restore [--rows N] [--database URL] [--json FILE]`: a backup, its drill, its way to an empty machine.

Fills a ledger (by far the largest table there is so far), backs up, drills with the ledger verified, and restores into
an empty folder; with `--database` beside the database at work, which must be empty before and is kept under another
name.
"""

import argparse
import importlib
import json
import tempfile
from pathlib import Path

from bench.ledger import start

ROWS = 100_000
"""As many records as the issue asks for."""


def main(words: list[str]) -> int:
    """Measure and print."""
    asked = argparse.ArgumentParser(prog="scale restore", description=__doc__)
    asked.add_argument("--rows", type=int, default=ROWS)
    asked.add_argument("--database", default="")
    asked.add_argument("--json", type=Path, help="write what the check asks for to this file")
    options = asked.parse_args(words)
    with tempfile.TemporaryDirectory(prefix="sarana-bench-") as folder:
        start(Path(folder), options.database)
        # What it imports needs the settings that were made just now.
        found = importlib.import_module("bench.restore_measured").measure(Path(folder), options.rows)
    if options.json:
        options.json.write_text(json.dumps(found), "utf-8")
    return 0
