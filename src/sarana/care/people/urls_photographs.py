"""The addresses of photographs of people."""

from django.urls import path

from sarana.care.people.photographs import views

urlpatterns = [
    path("<uuid:ref>/photographs/", views.photographs, name="photographs"),
    path("<uuid:ref>/photographs/add/", views.add, name="photograph-add"),
    path("photographs/<uuid:ref>/show/", views.show, name="photograph-show"),
    path("photographs/<uuid:ref>/mask/", views.mask, name="photograph-mask"),
    path("photographs/<uuid:ref>/remove/", views.remove, name="photograph-remove"),
    path("masked/<uuid:ref>/show/", views.masked_show, name="masked-show"),
    path("masked/<uuid:ref>/take/", views.masked_take, name="masked-take"),
    path("masked/<uuid:ref>/give/", views.masked_hand, name="masked-hand"),
]
