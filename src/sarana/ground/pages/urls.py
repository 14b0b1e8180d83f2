"""The addresses of the shell."""

from django.urls import path

from sarana.ground.pages import views

app_name = "pages"

urlpatterns = [
    path("language/", views.choose_language, name="language"),
    path("colours/", views.choose_scheme, name="scheme"),
]
