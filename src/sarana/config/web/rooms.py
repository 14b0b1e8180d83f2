"""The rooms and libraries that Django serves, and the way a request takes through them."""

from sarana.config.web.database import SARANA_HOME
from sarana.config.web.place import SETTINGS

SARANA_MODE = SETTINGS.mode
DEBUG = SETTINGS.debug and SETTINGS.mode != "production"
ROOT_URLCONF = "sarana.config.web.urls"
WSGI_APPLICATION = "sarana.config.web.wsgi.application"
ALLOWED_HOSTS = list(SETTINGS.hosts)
USE_X_FORWARDED_HOST = False

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_cotton.apps.SimpleAppConfig",
    "sarana.ground.pages.apps.PagesConfig",
    "sarana.ground.ledger.apps.LedgerConfig",
    "sarana.ground.vault.apps.VaultConfig",
    "sarana.ground.codelists.apps.CodelistsConfig",
    "sarana.ground.accounts.apps.AccountsConfig",
    "sarana.ground.words.apps.WordsConfig",
    "sarana.ground.breaches.apps.BreachesConfig",
    "sarana.ground.jobs.apps.JobsConfig",
    "sarana.ground.tasks.apps.TasksConfig",
    "sarana.care.consent.apps.ConsentConfig",
    "sarana.care.people.apps.PeopleConfig",
    "sarana.learning.population.apps.PopulationConfig",
    "sarana.gates.desk.apps.DeskConfig",
    "sarana.gates.exchange.apps.ExchangeConfig",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]

MIDDLEWARE = [
    "sarana.ground.pages.uploads.UploadsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "sarana.ground.pages.ended.SignInAsked",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    # Outside the wall: what broke a request is written down after the request was taken back.
    "sarana.ground.ledger.refusals.BreakdownMiddleware",
    "sarana.ground.walls.asking.WallMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "sarana.ground.pages.reserve.ReserveMiddleware",
    "sarana.ground.accounts.asking.ActorMiddleware",
    "sarana.ground.pages.sent_twice.OnceMiddleware",
    "sarana.ground.pages.calendars.CalendarMiddleware",
    "sarana.ground.pages.sorry.SorryMiddleware",
    # Inside the one above: what was refused is written down before it gets its page.
    "sarana.ground.ledger.refusals.RefusalMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "sarana.ground.pages.shell.shell",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": ["django_cotton.templatetags.cotton", "sarana.ground.pages.templatetags.house"],
        },
    }
]

COTTON_DIR = "cotton"
STATIC_URL = "static/"
STATIC_ROOT = SARANA_HOME / "static"
_PLAIN = "django.contrib.staticfiles.storage.StaticFilesStorage"
_COLLECTED = "sarana.ground.pages.fetched.PackedStorage"
STORAGES = {"staticfiles": {"BACKEND": _PLAIN if SETTINGS.mode == "development" else _COLLECTED}}

_IN_MEMORY = "django.core.cache.backends.locmem.LocMemCache"
CACHES = {
    "default": {"BACKEND": _IN_MEMORY},
    # The parts of a map are 40 KiB as they are kept, those of an area 4: a process holds a province in two languages.
    "parts": {"BACKEND": _IN_MEMORY, "LOCATION": "parts", "OPTIONS": {"MAX_ENTRIES": 600}},
}
WHITENOISE_USE_FINDERS = SETTINGS.mode == "development"
WHITENOISE_AUTOREFRESH = SETTINGS.mode == "development"
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_MIMETYPES = {".mjs": "text/javascript", ".geojson": "application/geo+json"}

SARANA_WAITING = [
    "sarana.ground.tasks.waiting.lines",
    "sarana.ground.breaches.waiting.lines",
    "sarana.ground.words.waiting.lines",
    "sarana.ground.jobs.waiting.lines",
    "sarana.ground.vault.waiting.lines",
    "sarana.care.people.emergency.waiting.lines",
    "sarana.care.people.same.waiting.lines",
    "sarana.care.people.asking.waiting.lines",
    "sarana.learning.population.pairs.waiting.lines",
    "sarana.learning.population.year.waiting.lines",
    "sarana.gates.desk.waiting.own_lines",
]
"""Who is asked for the lines of "Waiting for you": functions of rooms that take an actor, in the order of the page."""

SARANA_DUE = [
    "sarana.ground.vault.jobs.due",
    "sarana.care.people.photographs.jobs.due",
    "sarana.care.people.asking.jobs.due",
    "sarana.care.people.same.jobs.due",
    "sarana.care.people.finding.jobs.due",
    "sarana.care.people.alarms.jobs.due",
    "sarana.learning.population.files.jobs.due",
    "sarana.learning.population.sources.sweeping.due",
    "sarana.learning.population.pairs.filling.jobs.due",
]
"""Who says, asked every minute, which work is due without anybody asking for it."""

SARANA_KINDS = [
    "sarana.ground.codelists.jobs.KINDS",
    "sarana.ground.vault.jobs.KINDS",
    "sarana.ground.vault.identities.jobs.KINDS",
    "sarana.care.people.photographs.jobs.KINDS",
    "sarana.care.people.asking.jobs.KINDS",
    "sarana.care.people.same.jobs.KINDS",
    "sarana.care.people.finding.jobs.KINDS",
    "sarana.learning.population.sources.jobs.KINDS",
    "sarana.learning.population.boundaries.jobs.KINDS",
    "sarana.learning.population.sets.jobs.KINDS",
    "sarana.learning.population.sources.sweeping.KINDS",
    "sarana.learning.population.pairs.filling.jobs.KINDS",
    "sarana.learning.population.files.jobs.KINDS",
]
"""Where rooms say which kinds of long work they have."""

SARANA_TASKS = [
    "sarana.learning.population.opened.tasks.KINDS",
    "sarana.care.people.alarms.tasks.KINDS",
    "sarana.care.people.emergency.tasks.KINDS",
]
"""Where rooms say which kinds of tasks they have."""

SARANA_TAKERS = {
    "people:photograph-add": "sarana.care.people.photographs.taking.take_for",
    "population:hand-over": "sarana.learning.population.sources.taking.take_for",
    "population:boundaries": "sarana.learning.population.boundaries.taking.take_for",
}
"""At which addresses rooms take large files while they come, and who takes them; all other files stay in memory."""
