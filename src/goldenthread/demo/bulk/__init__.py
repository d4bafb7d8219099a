"""The quick way of writing the demo: whole tables of rows at once, proved equal to the actions by tests/test_equal.py.

`people.actions` and `casework.actions` write one thing at a time, with a lock, a check and a transaction each: right for
people at work, and an hour for a county. Here the same rows are worked out by the same engine and given to the database
in bulk. This is the one place outside `actions` that writes models' tables, it only inserts, and it refuses a database
that holds records of its own.
"""
