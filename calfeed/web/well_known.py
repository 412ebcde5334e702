"""Files that programs look for at fixed paths: robots.txt and security.txt (RFC 9309, RFC 9116)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import Blueprint, Response, abort, current_app

from calfeed.settings import Settings

blueprint = Blueprint("well_known", __name__)

# Google Calendar obeys robots.txt: what forbids /feeds/ ends subscriptions.
ROBOTS = "User-agent: *\nAllow: /feeds/\nDisallow: /metrics\n"
SECURITY_VALID = timedelta(days=180)


@blueprint.get("/robots.txt")
def robots() -> Response:
    return _text(ROBOTS)


@blueprint.get("/.well-known/security.txt")
def security() -> Response:
    """Whom to tell of a weakness; nothing where the settings name no contact."""
    settings: Settings = current_app.config["CALFEED"]
    contact = settings.site.contact
    if not contact:
        abort(404)
    address = f"mailto:{contact}" if "@" in contact and ":" not in contact else contact
    expires = (datetime.now(UTC) + SECURITY_VALID).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = (
        f"Contact: {address}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {', '.join(settings.site.languages)}",
        f"Canonical: {settings.site.url}/.well-known/security.txt",
    )
    return _text("".join(f"{line}\n" for line in lines))


def _text(text: str) -> Response:
    return Response(text, content_type="text/plain; charset=utf-8", headers={"Cache-Control": "public, max-age=86400"})
