"""The addresses under /population/."""

from django.urls import path

from sarana.learning.population import views
from sarana.learning.population.backtests.views import back_tests
from sarana.learning.population.boundaries import views as boundaries
from sarana.learning.population.changes.views import changes
from sarana.learning.population.files import views as files
from sarana.learning.population.opened import views as opened
from sarana.learning.population.opened.corrections import views as corrections
from sarana.learning.population.pairs import views as pairs
from sarana.learning.population.rollup import station_views
from sarana.learning.population.rollup import views as rollup
from sarana.learning.population.sets import draft_views as drafts
from sarana.learning.population.sets import views as sets
from sarana.learning.population.sources import profile_views
from sarana.learning.population.sources import views as sources
from sarana.learning.population.sources.columns import views as column_views
from sarana.learning.population.sources.updates import views as update_views
from sarana.learning.population.year import views as year
from sarana.learning.population.year.asking import views as asking
from sarana.learning.population.year.doing import views as doing

app_name = "population"

urlpatterns = [
    path("", views.runs, name="runs"),
    path("<uuid:ref>/", views.areas, name="map"),
    path("areas/<uuid:ref>/", views.area, name="area"),
    path("<uuid:ref>/changes/", changes, name="changes"),
    path("<uuid:ref>/back-tests/", back_tests, name="back-tests"),
    path("<uuid:ref>/to-nation/", rollup.to_nation, name="to-nation"),
    path("country/", rollup.country, name="country"),
    path("country/take-in/", rollup.take_in, name="take-in"),
    path("stations/", station_views.stations, name="stations"),
    path("stations/trust/", station_views.trust, name="trust-station"),
    path("stations/own-key/", station_views.own_key, name="own-key"),
    path("stations/<uuid:ref>/take-back/", station_views.take_back, name="station-take-back"),
    path("sources/", sources.sources, name="sources"),
    path("sources/new/", sources.register, name="register"),
    path("sources/<uuid:ref>/", sources.source, name="source"),
    path("sources/<uuid:ref>/change/", sources.change, name="change"),
    path("sources/<uuid:ref>/hand-over/", sources.hand_over, name="hand-over"),
    path("sources/<uuid:ref>/point/", sources.point, name="point"),
    path("sources/updates/", update_views.updates, name="updates"),
    path("sources/<uuid:ref>/look-through/", profile_views.ask, name="look-through"),
    path("sources/profiles/<uuid:ref>/", profile_views.profile, name="profile"),
    path("sources/profiles/<uuid:ref>/codes/", profile_views.mean, name="codes"),
    path("sources/codes/<uuid:ref>/take-back/", profile_views.forget, name="take-back"),
    path("sources/<uuid:ref>/columns/", column_views.columns, name="columns"),
    path("sources/<uuid:ref>/columns/point/", column_views.point, name="point-at-columns"),
    path("sources/files/<uuid:ref>/let-go/", sources.let_go, name="let-go"),
    path("boundaries/", boundaries.boundaries, name="boundaries"),
    path("boundaries/<uuid:ref>/", boundaries.boundary, name="boundary"),
    path("boundaries/<uuid:ref>/put-in-force/", boundaries.put_in_force, name="put-boundary-in-force"),
    path("boundaries/<uuid:ref>/put-aside/", boundaries.put_aside, name="put-boundary-aside"),
    path("pairs/", pairs.queues, name="pairs"),
    path("pairs/<uuid:ref>/next/", pairs.take_next, name="next-pair"),
    path("pairs/<uuid:ref>/", pairs.pair, name="pair"),
    path("pairs/<uuid:ref>/leave/", pairs.leave, name="leave-pair"),
    path("pairs/<uuid:ref>/sure/", pairs.sure, name="sure-pairs"),
    path("pairs/take-back/", pairs.take_back, name="take-back-pair"),
    path("pairs/decided/<uuid:ref>/take-back/", pairs.take_back_batch, name="take-back-pairs"),
    path("year/", year.guide, name="year"),
    path("year/registers/", asking.holdings, name="holdings"),
    path("year/registers/new/", asking.write, name="write-holding"),
    path("year/registers/<uuid:ref>/", asking.rewrite, name="holding"),
    path("activities/", doing.activities, name="activities"),
    path("activities/new/", doing.write, name="write-activity"),
    path("activities/<uuid:ref>/take-back/", doing.take_back, name="take-activity-back"),
    path("year/manual/", year.manual, name="year-manual"),
    path("sets/", sets.sets, name="sets"),
    path("sets/ours/<slug:name>/", sets.ours, name="our-set"),
    path("sets/copy/", drafts.copy, name="copy-set"),
    path("sets/<uuid:ref>/", sets.own, name="own-set"),
    path("sets/<uuid:ref>/file/", sets.file, name="set-file"),
    path("sets/<uuid:ref>/change/", drafts.change, name="change-set"),
    path("sets/<uuid:ref>/indicators/<slug:key>/", drafts.indicator, name="change-indicator"),
    path("sets/<uuid:ref>/effect/", drafts.effect, name="set-effect"),
    path("sets/<uuid:ref>/propose/", drafts.propose, name="propose-set"),
    path("sets/<uuid:ref>/agree/", drafts.agree, name="agree-set"),
    path("sets/<uuid:ref>/put-aside/", drafts.put_aside, name="put-set-aside"),
    path("sets/notes/<uuid:ref>/take-back/", sets.take_back, name="take-note-back"),
    path("<uuid:ref>/files/", files.ask, name="ask-file"),
    path("files/", files.files, name="files"),
    path("files/<uuid:ref>/", files.file, name="file"),
    path("files/<uuid:ref>/fetch/", files.fetch, name="fetch-file"),
    path("files/<uuid:ref>/take-away/", files.take_away, name="take-file-away"),
    path("people/", opened.places, name="people-places"),
    path("people/<uuid:ref>/", opened.people, name="people"),
    path("people/<uuid:area>/<uuid:ref>/", opened.person, name="person"),
    path("people/<uuid:area>/<uuid:ref>/name/", opened.name, name="person-name"),
    path("people/<uuid:area>/<uuid:ref>/refer/", opened.refer, name="person-refer"),
    path("people/<uuid:area>/<uuid:ref>/correct/", corrections.correct, name="person-correct"),
    path("people/corrections/", corrections.corrections, name="corrections"),
    path("people/corrections/<uuid:ref>/", corrections.correction, name="correction"),
    path("people/corrections/<uuid:ref>/settle/", corrections.settle, name="settle"),
]
