"""The addresses under /settings/purposes/."""

from django.urls import path

from sarana.gates.desk.purposes import views

urlpatterns = [
    path("", views.purposes, name="purposes"),
    path("<uuid:ref>/end/", views.end, name="purpose-end"),
    path("<uuid:ref>/state/", views.state, name="purpose-state"),
]
