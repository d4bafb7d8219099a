"""The golden thread: one picture of a child's years. Pure drawing: knows no database and no Django.

`story` says what is drawn, `silences` finds where an agency fell silent, `layout` (over `lanes` and `canvas`)
decides where everything goes, `labels` keeps words from colliding, `svg` writes it, `words` says the same in
sentences and as a table.
"""
