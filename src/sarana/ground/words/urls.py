"""The addresses of second words."""

from django.urls import path

from sarana.ground.words import views

app_name = "words"

urlpatterns = [
    path("", views.words, name="words"),
    path("propose/", views.propose, name="propose"),
    path("<uuid:ref>/", views.proposal, name="proposal"),
    path("<uuid:ref>/seen/", views.see, name="see"),
    path("<uuid:ref>/agree/", views.agree, name="agree"),
    path("<uuid:ref>/object/", views.object_to, name="object"),
    path("<uuid:ref>/carry-out/", views.carry_out, name="carry-out"),
]
