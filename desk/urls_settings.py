"""Addresses of the settings that stand on leads."""

from django.urls import URLPattern, path

from desk.views import people, settings, setup

urlpatterns: list[URLPattern] = [
    path("settings/setup/", setup.setup, name="settings-setup"),
    path("settings/people/<uuid:public_id>/deactivate/", people.deactivate, name="person-deactivate"),
    path("settings/reasons/", settings.reasons, name="settings-reasons"),
    path("settings/usual-reasons/", settings.reasons_usual, name="settings-reasons-usual"),
    path("settings/new-reason/<slug:verb>/", settings.reason_new, name="settings-reason-new"),
    path("settings/reasons/<slug:verb>/<slug:key>/", settings.reason_edit, name="settings-reason"),
    path(
        "settings/reasons/<slug:verb>/<slug:key>/retire/",
        settings.reason_retire,
        name="settings-reason-retire",
    ),
    path("settings/touch-kinds/", settings.touch_kinds, name="settings-touch-kinds"),
    path("settings/usual-touch-kinds/", settings.touch_kinds_usual, name="settings-touch-kinds-usual"),
    path("settings/new-touch-kind/", settings.touch_kind, name="settings-touch-kind-new"),
    path("settings/touch-kinds/<slug:key>/", settings.touch_kind, name="settings-touch-kind"),
    path("settings/fields/", settings.fields, name="settings-fields"),
    path("settings/new-field/", settings.field_new, name="settings-field-new"),
    path("settings/fields/<str:name>/", settings.field_edit, name="settings-field"),
    path("settings/campaigns/", settings.campaigns, name="settings-campaigns"),
    path("settings/new-campaign/", settings.campaign_new, name="settings-campaign-new"),
    path("settings/campaigns/<slug:slug>/", settings.campaign, name="settings-campaign"),
    path("settings/campaigns/<slug:slug>/edit/", settings.campaign_edit, name="settings-campaign-edit"),
    path("settings/campaigns/<slug:slug>/brief/", settings.brief, name="settings-brief"),
]
