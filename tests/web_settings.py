"""The settings under which the tests run: those of the house, with folders, keys and a quick hash of the tests' own."""

import os
import secrets
import tempfile
from pathlib import Path

KEPT = Path(tempfile.mkdtemp(prefix="sarana-tests-"))

os.environ["SARANA_MODE"] = "development"
os.environ["SARANA_ADDRESS"] = "http://localhost:8000"
os.environ["SARANA_HOME"] = str(KEPT / "home")
os.environ["SARANA_KEYS"] = str(KEPT / "keys")
for folder in ("home", "home/static", "keys"):
    (KEPT / folder).mkdir(mode=0o700)
(KEPT / "keys" / "secret.key").write_text(secrets.token_urlsafe(50))
(KEPT / "keys" / "ledger-writer.key").write_bytes(secrets.token_bytes(32))

from sarana.config.web.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["quick_hash.QuickHasher"]
INSTALLED_APPS = [*INSTALLED_APPS, "ground.rules.trial.apps.TrialConfig"]  # noqa: F405
