"""Response headers of everything that Flask answers: what a browser may do with a page."""

from __future__ import annotations

from flask import Response

# No inline scripts or styles, nothing from elsewhere, nobody may frame it. Embeds set a policy of their own.
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def secure(response: Response) -> Response:
    """Add what every answer needs, and to pages their policy where the view has set none."""
    headers = response.headers
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
    if response.mimetype == "text/html" and "Content-Security-Policy" not in headers:
        headers["Content-Security-Policy"] = PAGE_POLICY
        headers["X-Frame-Options"] = "DENY"
    if response.status_code >= 400:
        headers["Cache-Control"] = "no-store"
    return response
