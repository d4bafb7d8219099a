"""The scorecard: values of every indicator worked out once from an extract, kept beside it, and told by theme.

`working_out` makes the file, `keeping` is the file, `releasing` says which values may leave need to know, `reading` makes lines
of a page of them, `pictures` draws. Only `views` and `nightly`, one floor up in this app, know Django. See
docs/look-up/scorecard.md.
"""
