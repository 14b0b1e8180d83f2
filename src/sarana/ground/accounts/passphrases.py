"""Passphrases are hashed with Argon2id, a few at a time, so that many sign-ins at once cannot take all memory."""

import threading
from typing import Any

from django.contrib.auth.hashers import Argon2PasswordHasher

AT_ONCE = threading.BoundedSemaphore(2)
"""No more than two hashes are reckoned at the same time in one process (128 MiB)."""


class Hasher(Argon2PasswordHasher):
    """Argon2id: three passes over 64 MiB with one lane; about a third of a second on a two-core machine."""

    time_cost = 3
    memory_cost = 65_536
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        """Hash when it is our turn."""
        with AT_ONCE:
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> Any:
        """Compare when it is our turn."""
        with AT_ONCE:
            return super().verify(password, encoded)
