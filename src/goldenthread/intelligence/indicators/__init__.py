"""Indicators: definitions compiled to SQL, run on DuckDB embedded, and on larger engines where one machine is outgrown.

`tables` says what is read, `periods` for when, `rows` and `conditions` compile a definition by Ibis, `values` is what comes
out. Knows no Django. Depends on `guidance` and `clocks`.
"""
