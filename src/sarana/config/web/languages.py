"""Languages and time: English and Thai are whole; the others have their frames and wait for words."""

from django.conf import locale
from django.utils.translation import gettext_lazy as _

from sarana.methods.reference import PACKAGE

locale.LANG_INFO.setdefault(
    "lo",
    {"bidi": False, "code": "lo", "name": "Lao", "name_local": "ລາວ"},
)
locale.LANG_INFO.setdefault(
    "fil",
    {"bidi": False, "code": "fil", "name": "Filipino", "name_local": "Filipino"},
)

USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Bangkok"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("th", _("Thai"))]
LANGUAGES_IN_WAITING = ("km", "lo", "my", "vi", "id", "fil")
LOCALE_PATHS = [PACKAGE / "locale"]
