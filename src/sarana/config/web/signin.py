"""How people sign in: passphrase and second factor, or a key alone; and how long a sitting lasts."""

from sarana.config.web.place import SETTINGS

AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["sarana.ground.accounts.passphrases.Hasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "sarana.ground.accounts.passphrases.Passphrase"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("sign_in_name", "name")},
    },
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/sign-in/"

# Where people open this system: links and keys are bound to it, whatever the Host header of a request says.
SARANA_ADDRESS = SETTINGS.address or (f"https://{SETTINGS.hosts[0]}" if SETTINGS.mode == "production" else "")

SESSION_ENGINE = "sarana.ground.accounts.models.store"
SESSION_COOKIE_AGE = 8 * 3600

ACCOUNT_USER_MODEL_USERNAME_FIELD = "sign_in_name"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_ADAPTER = "sarana.ground.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "sarana.ground.accounts.forms.SignInForm",
    "reauthenticate": "sarana.ground.accounts.forms.AgainForm",
}
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
# The library counts in the memory of one process; ours (throttle.py, actions/trials.py) counts in the database.
ACCOUNT_RATE_LIMITS = False

# Sign-in services of ministries: `ground.accounts.openid` asks them; the library keeps no tokens and makes no accounts.
SOCIALACCOUNT_ADAPTER = "sarana.ground.accounts.openid.ServiceAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False

MFA_ADAPTER = "sarana.ground.accounts.second_factor.FactorAdapter"
MFA_FORMS = {
    "authenticate": "sarana.ground.accounts.second_factor.CodeForm",
    "reauthenticate": "sarana.ground.accounts.second_factor.AgainCodeForm",
    "authenticate_webauthn": "sarana.ground.accounts.second_factor.KeyForm",
    "login_webauthn": "sarana.ground.accounts.second_factor.KeySignInForm",
    "reauthenticate_webauthn": "sarana.ground.accounts.second_factor.AgainKeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_TOTP_ISSUER = "Sarana"
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODE_COUNT = 20
MFA_RECOVERY_CODE_DIGITS = 10
MFA_RATE_LIMITS = False
