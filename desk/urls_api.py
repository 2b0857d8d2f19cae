"""Addresses of leads, touches and handoffs below `/api/v1/`."""

from django.urls import path

from desk.api.handoffs import VERB_VIEWS, HandoffDetail, HandoffList
from desk.api.leads import LeadDetail, LeadList, LeadMarkMql, LeadSetAside, LeadTimeline
from desk.api.touches import TouchList

urlpatterns = [
    path("leads/", LeadList.as_view(), name="leads"),
    path("leads/<uuid:public_id>/", LeadDetail.as_view(), name="lead"),
    path("leads/<uuid:public_id>/timeline/", LeadTimeline.as_view(), name="lead-timeline"),
    path("leads/<uuid:public_id>/set-aside/", LeadSetAside.as_view(), name="lead-set-aside"),
    path("leads/<uuid:public_id>/mark-mql/", LeadMarkMql.as_view(), name="lead-mark-mql"),
    path("touches/", TouchList.as_view(), name="touches"),
    path("handoffs/", HandoffList.as_view(), name="handoffs"),
    path("handoffs/<uuid:public_id>/", HandoffDetail.as_view(), name="handoff"),
    *(
        path(f"handoffs/<uuid:public_id>/{slug}/", view.as_view(), name=f"handoff-{slug}")
        for slug, view in VERB_VIEWS.items()
    ),
]
