"""Printed figures: read from CSV, ordered by period, worked out again to the printed digit, laid out as tables.

Pure: values in, values out. Depends on the standard library and on `foundation.csv_rows`, which is as pure.
"""
