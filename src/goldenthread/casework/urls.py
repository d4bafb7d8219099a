"""Addresses of casework."""

from __future__ import annotations

from django.urls import path

from . import front_door_urls
from .views import (
    allocation,
    case,
    caseloads,
    correct,
    disputes,
    documents,
    my_work,
    new_case,
    organisation,
    proof,
    record,
)

app_name = "casework"
urlpatterns = [
    path("my-work/", my_work.my_work, name="my-work"),
    path("alerts/", disputes.alerts, name="alerts"),
    path("disputes/", disputes.dispute_list, name="disputes"),
    path("cases/<uuid:case>/", case.case_page, name="case"),
    path("cases/<uuid:case>/looked/", case.looked, name="looked"),
    path("cases/<uuid:case>/record/<slug:kind>/", record.record, name="record"),
    path("cases/<uuid:case>/events/<uuid:event>/correct/", correct.correct, name="correct"),
    path("cases/<uuid:case>/events/<uuid:event>/withdraw/", correct.withdraw, name="withdraw"),
    path("cases/<uuid:case>/duties/<slug:duty>/<int:ordinal>/", proof.proof, name="proof"),
    path("cases/<uuid:case>/documents/add/", documents.add, name="add-document"),
    path("cases/<uuid:case>/allocate/", allocation.allocate, name="allocate"),
    path("cases/<uuid:case>/involve/", allocation.involve, name="involve"),
    path("documents/<uuid:document>/", documents.download, name="document"),
    path("people/<uuid:person>/new-case/", new_case.choose, name="new-case"),
    path("people/<uuid:person>/new-case/<slug:pathway>/<slug:kind>/", new_case.open_case, name="open-case"),
    path("caseloads/", caseloads.caseloads, name="caseloads"),
    path("organisations/", organisation.organisation_list, name="organisations"),
    path("organisations/<slug:slug>/", organisation.organisation_page, name="organisation"),
    path("organisations/<slug:slug>/new-case/", new_case.choose_about, name="new-case-about"),
    path("organisations/<slug:slug>/new-case/<slug:pathway>/<slug:kind>/", new_case.open_about, name="open-case-about"),
    *front_door_urls.urlpatterns,
]
