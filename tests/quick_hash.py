"""A passphrase hash that costs nothing, for tests that are about something else."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickHasher(Argon2PasswordHasher):
    """Argon2 at its smallest."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1
