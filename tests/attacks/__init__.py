"""Attacks that were tried, each as it would be made. docs/security.md tells what was tried and what happened.

Who may see what, URL by URL, is in tests/matrix; made-up calls of the API are in web/api/tests/test_fuzz.py; a journal
that was tampered with is in test_journal.py here and, fault by fault, in foundation/tests/test_verify.py.
"""
