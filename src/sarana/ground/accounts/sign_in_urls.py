"""The addresses of signing in: those of the library that we use, under its own names, and no other of it."""

from allauth.account.views import account_inactive, reauthenticate
from allauth.mfa.base.views import authenticate
from allauth.mfa.base.views import reauthenticate as reauthenticate_code
from allauth.mfa.webauthn.views import login_webauthn, reauthenticate_webauthn
from django.urls import path

from sarana.ground.accounts.views.entrance import sign_in, sign_out

urlpatterns = [
    path("", sign_in, name="account_login"),
    path("key/", login_webauthn, name="mfa_login_webauthn"),
    path("second/", authenticate, name="mfa_authenticate"),
    path("again/", reauthenticate, name="account_reauthenticate"),
    path("again/code/", reauthenticate_code, name="mfa_reauthenticate"),
    path("again/key/", reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("ended/", account_inactive, name="account_inactive"),
    path("out/", sign_out, name="account_logout"),
]
