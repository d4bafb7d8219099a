"""Matching people across agencies: who of those recorded may be the same person, how surely, and why in words.

`features` makes plain columns of a record; `model` reads the declared settings (settings.yaml, weights.yaml) and gives
them to Splink; `engine` runs it on DuckDB embedded; `grading` puts a grade and reasons to a pair; `gather` reads the
records of this installation. Nothing here writes, and nothing is ever joined by it: a person decides.
Depends on `people` (names, dates, search keys). Only `gather` and `policies` know the database.
"""
