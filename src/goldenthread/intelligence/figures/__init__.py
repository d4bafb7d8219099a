"""Figures that partnerships have published: read, kept with where each was printed, worked out again, shown.

`printed` is pure and knows no Django; the rest is the app around it.
"""
