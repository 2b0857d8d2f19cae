"""Addresses of the definitions."""

from django.urls import path, register_converter

from definitions import views


class KeyConverter:
    """`mql` or `sql`."""

    regex = "mql|sql"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(KeyConverter, "definition")

app_name = "definitions"
urlpatterns = [
    path("definitions/", views.definitions, name="definitions"),
    path("definitions/<definition:key>/", views.definition, name="definition"),
    path("definitions/<definition:key>/write/", views.write, name="write"),
    path("definitions/<definition:key>/<int:number>/", views.definition, name="version"),
    path("definitions/<definition:key>/<int:number>/propose/", views.propose, name="propose"),
    path("definitions/<definition:key>/<int:number>/take-back/", views.take_back, name="take-back"),
    path("definitions/<definition:key>/<int:number>/sign/", views.sign, name="sign"),
]
