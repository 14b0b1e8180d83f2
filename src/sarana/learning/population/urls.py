"""The addresses under /population/."""

from django.urls import path

from sarana.learning.population import views
from sarana.learning.population.changes.views import changes

app_name = "population"

urlpatterns = [
    path("", views.runs, name="runs"),
    path("<uuid:ref>/", views.areas, name="map"),
    path("areas/<uuid:ref>/", views.area, name="area"),
    path("<uuid:ref>/changes/", changes, name="changes"),
]
