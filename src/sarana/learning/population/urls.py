"""The addresses under /population/."""

from django.urls import path

from sarana.learning.population import views
from sarana.learning.population.changes.views import changes
from sarana.learning.population.files import views as files

app_name = "population"

urlpatterns = [
    path("", views.runs, name="runs"),
    path("<uuid:ref>/", views.areas, name="map"),
    path("areas/<uuid:ref>/", views.area, name="area"),
    path("<uuid:ref>/changes/", changes, name="changes"),
    path("<uuid:ref>/files/", files.ask, name="ask-file"),
    path("files/", files.files, name="files"),
    path("files/<uuid:ref>/", files.file, name="file"),
    path("files/<uuid:ref>/fetch/", files.fetch, name="fetch-file"),
    path("files/<uuid:ref>/take-away/", files.take_away, name="take-file-away"),
]
