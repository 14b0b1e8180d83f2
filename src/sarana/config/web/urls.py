"""Every address of the house. What is not on `PUBLIC` of `sarana.ground.accounts.asking` asks for a sign-in."""

from allauth.account import urls as account_urls
from django.conf import settings
from django.urls import include, path

from sarana.config.web import report
from sarana.config.web.health import health
from sarana.ground.accounts import demonstration_views

SIGN_IN = frozenset(
    {
        "account_login",
        "account_logout",
        "account_signup",
        "account_inactive",
        "account_reauthenticate",
        "account_change_password",
    }
)
"""What we take of the sign-in library: nobody has an e-mail here, and an address that is not there cannot be tried."""

urlpatterns = [
    path("health/", health, name="health"),
    path("", include("sarana.gates.desk.urls")),
    path("settings/words/", include("sarana.ground.words.urls")),
    path("shell/", include("sarana.ground.pages.urls")),
    path("sign-in/", include([each for each in account_urls.urlpatterns if each.name in SIGN_IN])),
    path("sign-in/2fa/", include("allauth.mfa.urls")),
]

if settings.SARANA_MODE == "demo":
    urlpatterns += [
        path("demonstration/", demonstration_views.choose_role, name="demonstration"),
        path("demonstration/<uuid:ref>/", demonstration_views.enter, name="demonstration-enter"),
        path("demonstration/report/", report.report, name="demonstration-report"),
    ]

handler403 = "sarana.ground.pages.sorry.not_allowed"
handler404 = "sarana.ground.pages.sorry.not_found"
handler500 = "sarana.ground.pages.sorry.mistake"
