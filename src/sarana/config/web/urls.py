"""Every address of the house. What is not on `PUBLIC` of `sarana.ground.accounts.asking` asks for a sign-in."""

from django.conf import settings
from django.urls import include, path

from sarana.config.web import report
from sarana.config.web.health import health
from sarana.ground.accounts import demonstration_views

urlpatterns = [
    path("health/", health, name="health"),
    path("", include("sarana.gates.desk.urls")),
    path("settings/words/", include("sarana.ground.words.urls")),
    path("settings/breaches/", include("sarana.ground.breaches.urls")),
    path("jobs/", include("sarana.ground.jobs.urls")),
    path("tasks/", include("sarana.ground.tasks.urls")),
    path("people/", include("sarana.care.people.urls")),
    path("population/", include("sarana.learning.population.urls")),
    path("shell/", include("sarana.ground.pages.urls")),
    path("", include("sarana.ground.accounts.urls")),
    path("sign-in/", include("sarana.ground.accounts.sign_in_urls")),
]

if settings.SARANA_MODE == "demo":
    urlpatterns += [
        path("demonstration/", demonstration_views.choose_role, name="demonstration"),
        path("demonstration/<uuid:ref>/", demonstration_views.enter, name="demonstration-enter"),
        path("demonstration/report/", report.report, name="demonstration-report"),
    ]

handler403 = "sarana.ground.pages.sorry.not_allowed"
handler404 = "sarana.ground.pages.sorry.not_found"
handler500 = "sarana.ground.pages.sorry.mistake"
