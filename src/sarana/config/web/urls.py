"""Every address of the house. What is not on `PUBLIC` of `sarana.ground.accounts.asking` asks for a sign-in."""

from django.urls import include, path

urlpatterns = [
    path("", include("sarana.gates.desk.urls")),
    path("shell/", include("sarana.ground.pages.urls")),
    path("sign-in/", include("allauth.urls")),
]

handler403 = "sarana.ground.pages.sorry.not_allowed"
handler404 = "sarana.ground.pages.sorry.not_found"
handler500 = "sarana.ground.pages.sorry.mistake"
