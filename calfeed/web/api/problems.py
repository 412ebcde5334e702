"""Errors as application/problem+json (RFC 9457), with the sentence that the command line prints too."""

from __future__ import annotations

from http import HTTPStatus

import msgspec
from flask import Response
from msgspec import Struct

from calfeed.errors import CalfeedError
from calfeed.feeds.text import scrubbed
from calfeed.web.api.answers import open_to_all

MEDIA_TYPE = "application/problem+json"


class Problem(Struct, frozen=True, kw_only=True):
    """RFC 9457: `type` names the kind of problem, `title` says it in general, `detail` in this case."""

    type: str
    title: str
    status: int
    detail: str


def problem(error: CalfeedError, status: int, *, base: str | None) -> Response:
    """The answer for `error`. `base` is the site's address, whose page /api/ describes the types; None for an error
    that says no more than its status."""
    body = Problem(
        type="about:blank" if base is None else f"{base}/api/#problem-{error.code}",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=str(error),
    )
    response = Response(msgspec.json.encode(scrubbed(msgspec.to_builtins(body))), status, content_type=MEDIA_TYPE)
    response.headers["Cache-Control"] = "no-store"
    return open_to_all(response)
