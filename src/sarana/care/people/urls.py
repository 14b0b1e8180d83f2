"""The addresses under /people/."""

from django.urls import path

from sarana.care.people import urls_asking, urls_consents, urls_emergency, urls_finding, urls_photographs, urls_same
from sarana.care.people.views import changing, ending, entering, looking, working

app_name = "people"

urlpatterns = [
    path("", looking.people, name="people"),
    path("new/", entering.new, name="new"),
    path("ending/", ending.ending, name="ending"),
    path("<uuid:ref>/", looking.person, name="person"),
    path("<uuid:ref>/name/", looking.name, name="name"),
    path("<uuid:ref>/contact/", looking.contact, name="contact"),
    path("<uuid:ref>/story/", looking.story, name="story"),
    path("<uuid:ref>/change/names/", changing.names, name="change-names"),
    path("<uuid:ref>/change/contact/", changing.contact, name="change-contact"),
    path("<uuid:ref>/change/story/", changing.story, name="change-story"),
    path("<uuid:ref>/change/facts/", changing.facts, name="change-facts"),
    path("<uuid:ref>/working/", working.assign, name="assign"),
    path("<uuid:ref>/working/<uuid:account>/end/", working.end, name="end-assigned"),
    path("<uuid:ref>/relations/", working.relate, name="relate"),
    path("<uuid:ref>/relations/<uuid:relation>/end/", working.unrelate, name="unrelate"),
    path("<uuid:ref>/hold/", ending.hold, name="hold"),
    path("<uuid:ref>/let-go/", ending.let_go, name="let-go"),
    path("<uuid:ref>/earlier/", ending.earlier, name="earlier"),
    path("<uuid:ref>/erase/", ending.erase, name="erase"),
    *urls_finding.urlpatterns,
    *urls_photographs.urlpatterns,
    *urls_consents.urlpatterns,
    *urls_asking.urlpatterns,
    *urls_same.urlpatterns,
    *urls_emergency.urlpatterns,
]
