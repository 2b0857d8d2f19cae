"""`metrics/`: the catalogue, and one figure, counted by the same code as pages and command."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.web.lists import only
from common.web.pages import ApiPagesOfFew
from dashboards import answers, catalogue, questions
from dashboards.catalogue import METRICS, Metric
from dashboards.groups import people_shown
from dashboards.questions import ASKED

EXPLAINED = {
    "from": "First day in the reporting zone, or in `zone`.",
    "to": "The day after the last.",
    "by": "Split by this.",
    "basis": "period, cohort, due or snapshot.",
    "horizon": "Days to follow a cohort, or all.",
    "promise": "Only the offers of the segment of this signed promise about a period, by its id; a year at most.",
    "zone": "IANA name of the time zone of the days; without it the reporting zone.",
}
PARAMETERS = [
    OpenApiParameter(name, OpenApiTypes.STR, description=EXPLAINED.get(name, f"Only this {name}."),
                     required=name in ("from", "to"))
    for name in ASKED
]  # fmt: skip

PAGING = [
    OpenApiParameter(said["name"], said["schema"], description=said["description"])
    for said in ApiPagesOfFew().get_schema_operation_parameters(view=None)
]


class MetricList(APIView):
    """Every metric: what it means, how it is counted, and what it can be asked."""

    scopes = {"GET": "metrics:read"}

    @extend_schema(operation_id="metrics_list", responses=OpenApiTypes.OBJECT, parameters=PAGING)
    def get(self, request: Request) -> Response:
        only(request)
        pages = ApiPagesOfFew()
        shown = pages.paginate_queryset(list(METRICS.values()), request, view=self)
        return pages.get_paginated_response([declared(metric) for metric in shown])


class MetricDetail(APIView):
    """One figure with the groups asked for. 422 for a question it cannot be asked."""

    scopes = {"GET": "metrics:read"}

    @extend_schema(parameters=PARAMETERS, responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, slug: str) -> Response:
        if slug not in METRICS:
            raise Http404
        metric, frame = catalogue.metric(slug), questions.asking()
        question = questions.read(metric, request.query_params.dict(), frame)
        shown = people_shown(request.user, frame.people_in_figures)
        return Response(answers.as_json(answers.answer(metric, question, shown)))


def declared(metric: Metric) -> dict[str, Any]:
    return {
        "metric": metric.slug,
        "name": metric.name,
        "meaning": metric.meaning,
        "formula": metric.formula,
        "unit": metric.unit,
        "direction": metric.direction or None,
        "bases": list(metric.bases),
        "default_basis": metric.bases[0],
        "groups": list(metric.groups),
        "rows": metric.rows,
    }


urlpatterns = [
    path("metrics/", MetricList.as_view(), name="metrics"),
    path("metrics/<slug:slug>/", MetricDetail.as_view(), name="metric"),
]
