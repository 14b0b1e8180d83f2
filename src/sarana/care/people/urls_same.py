"""The addresses of records that may be of one person, under /people/."""

from django.urls import path

from sarana.care.people.same import views

urlpatterns = [
    path("alike/", views.alike, name="alike"),
    path("alike/<uuid:ref>/", views.pair, name="pair"),
    path("alike/<uuid:ref>/judge/", views.judge, name="judge"),
    path("judged/<uuid:ref>/take-back/", views.undo, name="take-judgement-back"),
    path("<uuid:ref>/records/", views.joined, name="same"),
]
