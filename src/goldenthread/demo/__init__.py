"""A made-up partnership to try Golden Thread on. See docs/understand/the-demo.md.

The journeys are worked out first, as plain structures (`plain`), by following the pathways' own files; `bulk` writes them
quickly and `by_actions` exactly. Above `web` and below `cli`: nothing that serves people may depend on it.
"""
