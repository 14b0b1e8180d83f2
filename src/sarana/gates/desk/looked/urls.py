"""The addresses under /looked/."""

from django.urls import path

from sarana.gates.desk.looked import views

urlpatterns = [
    path("", views.looked, name="looked"),
    path("mine/", views.mine, name="looked-mine"),
    path("questions/", views.questions, name="looked-questions"),
    path("team/", views.team, name="looked-team"),
    path("kept/", views.kept, name="looked-kept"),
    path("act/<uuid:ref>/", views.act, name="looked-act"),
    path("thing/<uuid:ref>/", views.thing, name="looked-thing"),
]
