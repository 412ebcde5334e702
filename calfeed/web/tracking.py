"""Parameters that trackers add to links are no part of any address here (rule 57 of feeds)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

# Campaigns, and what Facebook, Google, Microsoft and Mailchimp add to a link in a post, an advertisement or a letter.
_TRACKING = re.compile(r"(?i)(?:utm_[a-z_]+|fbclid|gclid|dclid|gbraid|wbraid|msclkid|mc_[a-z]+)(?:=.*)?")


class TrackingLayer:
    """A WSGI application: `app`, which never sees such a parameter."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        query = environ.get("QUERY_STRING", "")
        if query:
            environ["QUERY_STRING"] = without_tracking(query)
        return self._app(environ, start_response)


def without_tracking(query: str) -> str:
    """The query of an address (percent-encoded) without such parameters, all others as they stand."""
    return "&".join(one for one in query.split("&") if not _TRACKING.fullmatch(one))
