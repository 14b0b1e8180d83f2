"""The addresses of what people agreed to."""

from django.urls import path

from sarana.care.people.consents import views

urlpatterns = [
    path("given/", views.given, name="given"),
    path("<uuid:ref>/consents/", views.consents, name="consents"),
    path("<uuid:ref>/consents/give/", views.give, name="consent-give"),
    path("<uuid:ref>/consents/decide/", views.decide, name="share-by-law"),
    path("consents/<uuid:ref>/take-back/", views.take_back, name="consent-take-back"),
    path("consents/<uuid:ref>/end/", views.end, name="share-end"),
]
