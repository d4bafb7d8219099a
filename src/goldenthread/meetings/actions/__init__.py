"""The only writers of meetings: arrange, invite, answer, report, write a page, mark who came, close, issue the record."""

from .arranging import AddCase, ArrangeMeeting, CancelMeeting, ChangeMeeting, RemoveCase, SeatGiven
from .closing import CloseMeeting, IssueRecord, RecordPage
from .inviting import AnswerInvitation, Invite, Uninvite
from .reporting import SendReport, ShareReport
from .writing import ActionGiven, DecisionGiven, MarkAttendance, WritePage

__all__ = [
    "ActionGiven",
    "AddCase",
    "AnswerInvitation",
    "ArrangeMeeting",
    "CancelMeeting",
    "ChangeMeeting",
    "CloseMeeting",
    "DecisionGiven",
    "Invite",
    "IssueRecord",
    "MarkAttendance",
    "RecordPage",
    "RemoveCase",
    "SeatGiven",
    "SendReport",
    "ShareReport",
    "Uninvite",
    "WritePage",
]
