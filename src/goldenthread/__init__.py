"""Golden Thread: one thread from a concern about a child to the partnership's published report."""

__version__ = "0.1.0"
