"""Tests of the whole: architecture, pages in a browser, the frame. Tests of one app live beside its code."""
