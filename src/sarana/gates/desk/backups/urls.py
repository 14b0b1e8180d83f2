"""The address of backups."""

from django.urls import path

from sarana.gates.desk.backups import views

urlpatterns = [path("", views.backups, name="backups")]
