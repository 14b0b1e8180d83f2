"""The addresses of long work."""

from django.urls import path

from sarana.ground.jobs import views

app_name = "jobs"

urlpatterns = [
    path("", views.jobs, name="jobs"),
    path("ask/", views.ask, name="ask"),
    path("<uuid:ref>/", views.job, name="job"),
    path("<uuid:ref>/stop/", views.stop, name="stop"),
    path("<uuid:ref>/go-on/", views.go_on, name="go-on"),
]
