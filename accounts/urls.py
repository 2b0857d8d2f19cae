"""Addresses of the first run and of the settings that this app owns."""

from django.urls import path

from accounts.views import keys, organisation, people, sessions, start, teams, you

app_name = "accounts"
urlpatterns = [
    path("start/", start.start, name="start"),
    path("settings/", you.first, name="settings"),
    path("settings/you/", you.you, name="settings-you"),
    path("settings/you/sessions/", sessions.sessions, name="sessions"),
    path("settings/you/sessions/end-others/", sessions.session_end_others, name="session-end-others"),
    path("settings/you/sessions/<int:number>/end/", sessions.session_end, name="session-end"),
    path("settings/theme/", you.theme, name="theme"),
    path("settings/organisation/", organisation.organisation, name="settings-organisation"),
    path("settings/people/", people.people, name="settings-people"),
    path("settings/people/invite/", people.invite, name="person-invite"),
    path("settings/people/<uuid:public_id>/", people.person, name="person"),
    path("settings/people/<uuid:public_id>/invite/", people.invite_again, name="person-invite-again"),
    path("settings/people/<uuid:public_id>/reactivate/", people.reactivate, name="person-reactivate"),
    path("settings/people/<uuid:public_id>/sessions/", sessions.person_sessions, name="person-sessions"),
    path("settings/people/<uuid:public_id>/absence/", people.absence, name="absence"),
    path("settings/people/<uuid:public_id>/absence/end/", people.absence_end, name="absence-end"),
    path("settings/teams/", teams.teams, name="settings-teams"),
    path("settings/teams/new/", teams.team_new, name="team-new"),
    path("settings/teams/<uuid:public_id>/", teams.team, name="team"),
    path("settings/teams/<uuid:public_id>/members/add/", teams.member_add, name="member-add"),
    path("settings/teams/<uuid:public_id>/members/<uuid:person_id>/", teams.member, name="member"),
    path(
        "settings/teams/<uuid:public_id>/members/<uuid:person_id>/remove/",
        teams.member_remove,
        name="member-remove",
    ),
    path("settings/keys/", keys.keys, name="settings-keys"),
    path("settings/keys/new/", keys.key_new, name="key-new"),
    path("settings/keys/<uuid:public_id>/revoke/", keys.key_revoke, name="key-revoke"),
]
