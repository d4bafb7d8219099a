"""The chronology: every agency's lines about a child in one order, each with its right to be there; drawn, redacted, exported.

`rights` says what an actor may see and why; `drawing` finds gaps and clusters; `redaction` takes people out of text;
`document` is what an export says; `word` and `pdf` write it. Depends on `casework`, `people` and `sharing.rulings`.
"""
