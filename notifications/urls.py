"""Addresses of the notices."""

from django.urls import path

from notifications import views

app_name = "notifications"
urlpatterns = [
    path("notices/", views.notice_list, name="notices"),
    path("notices/seen/", views.mark_all_seen, name="seen"),
    path("notices/<uuid:public_id>/open/", views.open_notice, name="open"),
]
