"""Every address of the house. What is not on `PUBLIC` of `sarana.ground.accounts.asking` asks for a sign-in."""

from django.urls import include, path

urlpatterns = [
    path("", include("sarana.gates.desk.urls")),
    path("sign-in/", include("allauth.urls")),
]
