"""Addresses about old records: what is due, holds, proposals, certificates."""

from __future__ import annotations

from django.urls import path

from .views import retention

app_name = "retention"
urlpatterns = [
    path("retention/", retention.due, name="list"),
    path("retention/schedules/", retention.schedules, name="schedules"),
    path("retention/holds/", retention.holds, name="holds"),
    path("retention/holds/<uuid:hold>/lift/", retention.lift, name="lift"),
    path("retention/records/<uuid:case>/", retention.record, name="record"),
    path("retention/records/<uuid:case>/hold/", retention.hold, name="hold"),
    path("retention/proposals/", retention.proposals, name="proposals"),
    path("retention/proposals/<uuid:proposal>/", retention.proposal, name="proposal"),
    path("retention/certificates/", retention.certificates, name="certificates"),
    path("retention/certificates/<uuid:certificate>/", retention.certificate, name="certificate"),
]
