"""Intelligence: what the partnership's own events and returns say, and how far it can be believed. Floor 5.

Imports only from assurance, casework and below.
"""
