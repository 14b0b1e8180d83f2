"""The addresses of the desk."""

from django.urls import include, path

from sarana.gates.desk import views

app_name = "desk"

urlpatterns = [
    path("", views.today, name="today"),
    path("search/", views.search, name="search"),
    path("settings/", views.settings, name="settings"),
    path("looked/", include("sarana.gates.desk.looked.urls")),
    path("system/", include("sarana.gates.desk.system.urls")),
    path("system/backups/", include("sarana.gates.desk.backups.urls")),
    path("settings/lists/", include("sarana.gates.desk.lists.urls")),
    path("settings/keys/", include("sarana.gates.desk.keys.urls")),
    path("settings/purposes/", include("sarana.gates.desk.purposes.urls")),
    path("settings/agencies/map/", views.agency_map, name="map"),
    path("settings/agencies/map/shapes.json", views.agency_shapes, name="shapes"),
    path("system/activity/", views.activity, name="activity"),
]
