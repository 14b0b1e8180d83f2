"""The addresses of finding people, and of alarms, under /people/."""

from django.urls import path

from sarana.care.people.alarms import views as alarms
from sarana.care.people.finding import views as finding

urlpatterns = [
    path("search/", finding.search, name="search"),
    path("alarms/<uuid:ref>/", alarms.alarm, name="alarm"),
    path("lures/", alarms.lure, name="lure"),
]
