"""The addresses of asking, under /people/."""

from django.urls import path

from sarana.care.people.asking import views

urlpatterns = [
    path("agreements/", views.agreements, name="agreements"),
    path("agreements/<uuid:ref>/sign/", views.sign, name="agreement-sign"),
    path("agreements/<uuid:ref>/end/", views.end, name="agreement-end"),
    path("asked/", views.asked, name="asked"),
    path("asked/<uuid:ref>/", views.reached, name="reached"),
    path("<uuid:ref>/question/", views.question, name="question"),
    path("<uuid:ref>/question/<uuid:agreement>/yes/", views.say_yes, name="say-yes"),
    path("<uuid:ref>/question/<uuid:agreement>/take-back/", views.take_back, name="take-yes-back"),
    path("<uuid:ref>/question/<uuid:agreement>/ask/", views.ask, name="ask"),
]
