"""API addresses of the definitions, below `/api/v1/`."""

from django.urls import path

from definitions.api import DefinitionList

urlpatterns = [path("definitions/", DefinitionList.as_view(), name="definitions")]
