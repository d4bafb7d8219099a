"""Meetings: who is asked, whose report is in and shared, quorum, one page a case, decisions, actions, the record, the figures.

Stands on `casework` and `sharing`. Kinds of meeting are read from guidance/meetings.
"""
