"""What keeps a browser and a server from being talked into something."""

from django.utils.csp import CSP

from sarana.config.web.place import SETTINGS

SECRET_KEY_FILE = SETTINGS.keys / "secret.key"


def _secret_key() -> str:
    """The key that signs sittings and forms; "" where `sarana setup` has not made it, and then nothing starts."""
    try:
        return SECRET_KEY_FILE.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""


SECRET_KEY = _secret_key()

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "worker-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
# Not "no-referrer": browsers then send "Origin: null" with our own forms, which the check against forgery must refuse.
# "same-origin" tells no other host anything either.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

HTTPS = SETTINGS.is_https
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 63_072_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SETTINGS.proxy else None

SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-sarana" if HTTPS else "sarana"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_AGE = None
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "sarana.ground.pages.sorry.no_token"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
# No file that comes in ever lies on a disk in clear: small ones stay in memory, large ones are sealed while they come.
FILE_UPLOAD_HANDLERS = ["sarana.ground.pages.uploads.Uploads"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440

PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: []
    for name in ("accelerometer", "camera", "geolocation", "gyroscope", "magnetometer", "microphone", "payment", "usb")
}

# What is collected for serving is read by this program only, and so is for its owner only.
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
