"""The addresses of emergencies and of conflicts of interest, under /people/."""

from django.urls import path

from sarana.care.people.conflict import views as conflict
from sarana.care.people.emergency import views as emergency

urlpatterns = [
    path("emergency/", emergency.begin, name="emergency-begin"),
    path("emergencies/", emergency.emergencies, name="emergencies"),
    path("emergencies/<uuid:ref>/", emergency.emergency, name="emergency"),
    path("emergencies/<uuid:ref>/confirm/", emergency.confirm, name="emergency-confirm"),
    path("emergencies/<uuid:ref>/end/", emergency.end, name="emergency-end"),
    path("conflicts/", conflict.conflicts, name="conflicts"),
    path("conflicts/<uuid:ref>/lift/", conflict.lift, name="conflict-lift"),
    path("<uuid:ref>/conflict/", conflict.conflict, name="conflict"),
    path("<uuid:ref>/conflict/agency/", conflict.flag_agency, name="conflict-agency"),
    path("<uuid:ref>/conflict/colleague/", conflict.flag_colleague, name="conflict-colleague"),
]
