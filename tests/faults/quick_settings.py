"""The settings of the house, with a passphrase hash that costs nothing: what is tested here is what is kept, not how."""

from sarana.config.web.settings import *  # noqa: F403

PASSWORD_HASHERS = ["quick_hash.QuickHasher"]
