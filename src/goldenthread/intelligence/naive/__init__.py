"""The same indicators, read a second time in plain Python, one row after another.

Slow on purpose: it shares no code with `intelligence.indicators` beyond the definitions, the tables and the periods, so
that where both give the same number, the number is what the definition says.
"""
