"""Where this installation keeps its data and its keys, and in which mode it runs: read once from the environment."""

import os

from sarana.config.settings import Settings, read_settings

SETTINGS: Settings = read_settings(os.environ)
DEMO = SETTINGS.mode == "demo"
PRODUCTION = SETTINGS.mode == "production"
