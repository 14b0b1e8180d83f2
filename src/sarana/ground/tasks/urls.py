"""The addresses of tasks."""

from django.urls import path

from sarana.ground.tasks import views

app_name = "tasks"

urlpatterns = [
    path("", views.tasks, name="tasks"),
    path("<uuid:ref>/", views.task, name="task"),
    path("<uuid:ref>/take/", views.take, name="take"),
    path("<uuid:ref>/give-back/", views.give_back, name="give-back"),
    path("<uuid:ref>/end/", views.end, name="end"),
]
