"""The API: the same actions, policies and journal as the pages, for scripts and other systems.

Signed in by session (with the CSRF token) or by a token of one's own (`Authorization: Bearer gt_...`). Described at
/api/v1/openapi.json. Tokens of organisations, idempotency and rate limits come with the issue on sharing.
"""
