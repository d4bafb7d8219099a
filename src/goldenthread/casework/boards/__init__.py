"""Boards: the lists a service works from, as `guidance/boards/*.yaml` says them, read from the record and drawn.

`which` finds the cases, `rows` reads what a page of them needs, `cells` and its neighbours put columns into words.
"""
