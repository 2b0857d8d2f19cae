"""Addresses of drafting and signing the contract; part of the app's own addresses."""

from django.urls import path

from sla.views import contract_draft as draft
from sla.views import contract_sign as signing
from sla.views import contract_start as starter
from sla.views import contract_talk as talk
from sla.views import contract_targets
from sla.views import contract_test as trying

VERSION = "contract/<int:number>/"
PROMISE = f"{VERSION}edit/promises/<uuid:public_id>/"

urlpatterns = [
    path("contract/test/", trying.test_lead, name="contract-test"),
    path("contract/start/", starter.start, name="contract-start"),
    path("contract/draft/", draft.start, name="contract-draft"),
    path("contract/targets/", contract_targets.draft_targets, name="contract-targets"),
    path(f"{VERSION}edit/", draft.edit, name="contract-edit"),
    path(f"{VERSION}edit/promises/new/", draft.promise, name="contract-promise-new"),
    path(PROMISE, draft.promise, name="contract-promise"),
    path(f"{PROMISE}remove/", draft.remove, name="contract-promise-remove"),
    path(f"{PROMISE}move/", draft.move, name="contract-promise-move"),
    path(f"{VERSION}amendment/", signing.amendment, name="contract-amendment"),
    path(f"{VERSION}sign/<str:side>/", signing.sign, name="contract-sign"),
    path(f"{VERSION}send-back/", talk.send_back, name="contract-send-back"),
    path(f"{VERSION}discussion/", talk.discussion, name="contract-discussion"),
    path(f"{VERSION}propose/", draft.propose, name="contract-propose"),
]
