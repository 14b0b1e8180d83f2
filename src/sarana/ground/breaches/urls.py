"""The addresses of the record of breaches."""

from django.urls import path

from sarana.ground.breaches import views

app_name = "breaches"

urlpatterns = [
    path("", views.breaches, name="breaches"),
    path("<uuid:ref>/", views.incident, name="incident"),
    path("<uuid:ref>/count/", views.count, name="count"),
    path("<uuid:ref>/close/", views.close, name="close"),
    path("told/<uuid:ref>/", views.told, name="told"),
]
