"""The addresses of what this system does."""

from django.urls import path

from sarana.gates.desk.system import views

urlpatterns = [path("", views.system, name="system"), path("cost/", views.cost, name="cost")]
