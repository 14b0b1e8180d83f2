"""The addresses under /settings/keys/."""

from django.urls import path

from sarana.gates.desk.keys import views

urlpatterns = [
    path("", views.keys, name="keys"),
    path("<uuid:ref>/change/", views.change, name="keys-change"),
]
