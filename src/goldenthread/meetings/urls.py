"""Addresses of meetings."""

from __future__ import annotations

from django.urls import path

from .views import arrange, lists, meeting, page, record, reports

app_name = "meetings"

urlpatterns = [
    path("meetings/", lists.list_page, name="list"),
    path("meetings/figures/", lists.figures_page, name="figures"),
    path("meetings/new/", arrange.new, name="new"),
    path("cases/<uuid:case>/meetings/arrange/", arrange.arrange, name="arrange"),
    path("meetings/<uuid:meeting>/", meeting.meeting_page, name="meeting"),
    path("meetings/<uuid:meeting>/change/", meeting.change, name="change"),
    path("meetings/<uuid:meeting>/invite/", arrange.invite, name="invite"),
    path("meetings/<uuid:meeting>/add-case/", arrange.add_case, name="add-case"),
    path("meetings/<uuid:meeting>/attendance/", meeting.attendance, name="attendance"),
    path("meetings/<uuid:meeting>/close/", meeting.close, name="close"),
    path("meetings/<uuid:meeting>/issue/", meeting.issue, name="issue"),
    path("meetings/<uuid:meeting>/record/", record.record, name="record"),
    path("meetings/<uuid:meeting>/record/<slug:form>/", record.download, name="download"),
    path("meetings/seats/<uuid:seat>/answer/", meeting.answer, name="answer"),
    path("meetings/seats/<uuid:seat>/uninvite/", meeting.uninvite, name="uninvite"),
    path("meetings/pages/<uuid:page>/", page.page, name="page"),
    path("meetings/pages/<uuid:page>/remove/", meeting.remove_case, name="remove-case"),
    path("meetings/pages/<uuid:page>/record/", page.record_page, name="record-page"),
    path("meetings/reports/<uuid:report>/", reports.report, name="report"),
]
