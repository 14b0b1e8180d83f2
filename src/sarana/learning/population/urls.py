"""The addresses under /population/."""

from django.urls import path

from sarana.learning.population import views
from sarana.learning.population.changes.views import changes
from sarana.learning.population.files import views as files
from sarana.learning.population.sources import profile_views
from sarana.learning.population.sources import views as sources
from sarana.learning.population.sources.updates import views as update_views

app_name = "population"

urlpatterns = [
    path("", views.runs, name="runs"),
    path("<uuid:ref>/", views.areas, name="map"),
    path("areas/<uuid:ref>/", views.area, name="area"),
    path("<uuid:ref>/changes/", changes, name="changes"),
    path("sources/", sources.sources, name="sources"),
    path("sources/new/", sources.register, name="register"),
    path("sources/<uuid:ref>/", sources.source, name="source"),
    path("sources/<uuid:ref>/change/", sources.change, name="change"),
    path("sources/<uuid:ref>/hand-over/", sources.hand_over, name="hand-over"),
    path("sources/<uuid:ref>/point/", sources.point, name="point"),
    path("sources/updates/", update_views.updates, name="updates"),
    path("sources/<uuid:ref>/look-through/", profile_views.ask, name="look-through"),
    path("sources/profiles/<uuid:ref>/", profile_views.profile, name="profile"),
    path("sources/profiles/<uuid:ref>/codes/", profile_views.mean, name="codes"),
    path("sources/codes/<uuid:ref>/take-back/", profile_views.forget, name="take-back"),
    path("sources/files/<uuid:ref>/let-go/", sources.let_go, name="let-go"),
    path("<uuid:ref>/files/", files.ask, name="ask-file"),
    path("files/", files.files, name="files"),
    path("files/<uuid:ref>/", files.file, name="file"),
    path("files/<uuid:ref>/fetch/", files.fetch, name="fetch-file"),
    path("files/<uuid:ref>/take-away/", files.take_away, name="take-file-away"),
]
