"""Addresses of the import pages."""

from django.urls import path

from intake import views

app_name = "intake"
urlpatterns = [
    path("import/", views.imports, name="imports"),
    path("import/<uuid:public_id>/map/", views.match, name="map"),
    path("import/<uuid:public_id>/check/", views.check, name="check"),
    path("import/<uuid:public_id>/run/", views.run, name="run"),
    path("import/<uuid:public_id>/refused.csv", views.refused, name="refused"),
]
