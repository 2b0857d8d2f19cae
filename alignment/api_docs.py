"""The page on which people read the API."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

from alignment.api_reference import sections


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    schema = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return render(
        request,
        "api/docs.html",
        {"sections": sections(schema), "base_url": request.build_absolute_uri("/api/v1/")},
    )
