"""The addresses under /settings/lists/."""

from django.urls import path

from sarana.gates.desk.lists import keeping, views

urlpatterns = [
    path("", views.lists, name="lists"),
    path("areas/", views.areas, name="areas"),
    path("areas/<str:code>/", views.area, name="area"),
    path("words/<slug:name>/", views.words, name="list-words"),
    path("words/<slug:name>/translate/", keeping.translate, name="list-translate"),
    path("bring/", keeping.bring, name="lists-bring"),
    path("editions/<uuid:ref>/", views.edition, name="edition"),
    path("editions/<uuid:ref>/in-force/", keeping.put_in_force, name="edition-in-force"),
    path("editions/<uuid:ref>/withdraw/", keeping.withdraw, name="edition-withdraw"),
]
