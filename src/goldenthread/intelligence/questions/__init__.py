"""Questions to agencies about figures of the scorecard: what raises one, who is asked, what became of it.

The question itself is a case about the agency, of the pathway that exceptions.yaml names; here is only what it was raised about.
"""
