"""The addresses of this room: one's own account, agencies and people, the first coming, shared computers."""

from django.urls import path

from sarana.ground.accounts.views import agencies, entrance, factors, invitations, issuers, me, people

app_name = "accounts"

urlpatterns = [
    path("me/", me.me, name="me"),
    path("me/passphrase/", me.passphrase, name="passphrase"),
    path("me/sittings/end-others/", me.end_other_sittings, name="end-other-sittings"),
    path("me/sittings/<uuid:ref>/end/", me.end_sitting, name="end-sitting"),
    path("me/first-factor/", factors.first_factor, name="first-factor"),
    path("me/key/", factors.add_key, name="add-key"),
    path("me/code-app/", factors.add_code_app, name="add-code-app"),
    path("me/sheet/", factors.make_sheet, name="make-sheet"),
    path("me/factors/<slug:ref>/remove/", factors.remove_factor, name="remove-factor"),
    path("me/services/<slug:code>/tie/", issuers.tie, name="tie"),
    path("me/services/<uuid:ref>/untie/", issuers.untie, name="untie"),
    path("settings/agencies/", agencies.agencies, name="agencies"),
    path("settings/agencies/<uuid:ref>/", agencies.agency, name="agency"),
    path("settings/agencies/<uuid:ref>/make/", agencies.make_agency, name="make-agency"),
    path("settings/agencies/<uuid:ref>/change/", agencies.change_agency, name="change-agency"),
    path("settings/agencies/<uuid:ref>/close/", agencies.close_agency, name="close-agency"),
    path("settings/agencies/<uuid:ref>/open/", agencies.open_agency, name="open-agency"),
    path("settings/agencies/<uuid:ref>/invite/", people.invite, name="invite"),
    path("settings/agencies/<uuid:ref>/give/", people.give_role, name="give-role"),
    path("settings/agencies/<uuid:ref>/services/", issuers.allow, name="agency-issuers"),
    path("settings/invitations/<uuid:ref>/withdraw/", people.withdraw, name="withdraw"),
    path("settings/people/<uuid:ref>/", people.membership, name="membership"),
    path("settings/people/<uuid:ref>/end/", people.end_membership, name="end-membership"),
    path("settings/people/<uuid:ref>/end-account/", people.end_account, name="end-account"),
    path("settings/people/<uuid:ref>/way-back/", people.way_back, name="way-back"),
    path("invitation/", invitations.come, name="come"),
    path("invitation/<str:word>/", invitations.invitation, name="invitation"),
    path("sign-in/by/<slug:code>/", issuers.sign_in, name="issuer-sign-in"),
    path("sign-in/by/<slug:code>/back/", issuers.back, name="issuer-back"),
    path("switch/", entrance.switch, name="switch"),
    path("switch/locked/", entrance.locked, name="locked"),
    path("switch/here/", entrance.here, name="here"),
]
