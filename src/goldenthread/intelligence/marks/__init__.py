"""Marked changes: a person says that something changed on a day and which indicator should show it; the chart then says whether
it did. A floor of its own in `intelligence`: tables, who sees them, what can be done with them. See docs/understand/charts.md.
"""
