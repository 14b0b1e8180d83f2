"""A passphrase hash that costs nothing, for tests that are about something else."""

from django.contrib.auth.hashers import Argon2PasswordHasher

from sarana.ground.accounts.passphrases import Hasher


class QuickHasher(Argon2PasswordHasher):
    """Argon2 at its smallest."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1


class LighterHasher(Hasher):
    """As the real one, at a fiftieth of its cost: thousands of sign-ins can be timed, and any hash left out shows."""

    time_cost = 1
    memory_cost = 4096
