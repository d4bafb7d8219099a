"""Reminders of duties: which have come to a step of their rule, and who is told. Decides only; `actions` write and send."""
