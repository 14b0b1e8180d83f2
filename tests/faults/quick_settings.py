"""The settings of the house, with a passphrase hash that costs nothing: these tests are about what is kept."""

from sarana.config.web.settings import *  # noqa: F403

PASSWORD_HASHERS = ["quick_hash.QuickHasher"]
