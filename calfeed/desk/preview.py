"""The whole site as it would be: the public application over the draft, on an address of its own.

It is made anew when `data/events.toml` has changed since. Nobody sees it without a key that the desk gives; the key
is kept in a cookie of its own.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from hashlib import sha256
from http.cookies import SimpleCookie
from threading import Lock
from types import TracebackType
from urllib.parse import parse_qs
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from msgspec.structs import replace

from calfeed.desk.draft import Desk
from calfeed.errors import CalfeedError
from calfeed.feeds import RenderCache, build, feeds_of
from calfeed.settings import Settings
from calfeed.web import Site, create_app
from calfeed.web.loading import make_resources, newest_change
from calfeed.web.site import EXTENSION, SiteHolder

ExcInfo = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None] | None
COOKIE = "calfeed-preview"
PARAMETER = "preview"


def preview_key(secret: bytes) -> str:
    """What the address of a preview ends in, for this desk."""
    return hmac.new(secret, b"preview", sha256).hexdigest()[:40]


def create_preview(settings: Settings, key: str, url: str) -> WSGIApplication:
    """The site over the draft, at `url`, for whoever has `key`."""
    shown = replace(settings, site=replace(settings.site, url=url))
    desk = Desk(shown)
    cache = RenderCache()

    def load(previous: Site | None) -> Site:
        catalogue, now = desk.catalogue(), datetime.now(UTC)
        generation = build(catalogue, shown, cache=cache)
        resources = make_resources(
            generation.files,
            newest_change(catalogue, otherwise=now),
            previous=previous.resources if previous else {},
            now=now,
        )
        return Site(shown, generation, catalogue, feeds_of(catalogue, shown), resources, now)

    app = create_app(shown, load=load, check_seconds=None)
    return _Locked(_Fresh(app.wsgi_app, app.extensions[EXTENSION], desk, load), key)


class _Fresh:
    """Makes the site anew before a request where the draft is another than the one that it was made from."""

    def __init__(
        self, app: WSGIApplication, holder: SiteHolder, desk: Desk, load: Callable[[Site | None], Site]
    ) -> None:
        self._app, self._holder, self._desk, self._load = app, holder, desk, load
        self._made: object = None
        self._lock = Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        with self._lock:
            try:
                plan = self._desk.draft()
                if plan is not self._made:
                    self._holder.take(self._load(self._holder.current))
                    self._made = plan
            except CalfeedError as error:
                self._holder.fault = str(error)
        return self._app(environ, start_response)


class _Locked:
    """Lets nobody in without the key, which moves from the address into a cookie."""

    def __init__(self, app: WSGIApplication, key: str) -> None:
        self._app, self._key = app, key

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        given = parse_qs(environ.get("QUERY_STRING", "")).get(PARAMETER, [""])[0]
        if hmac.compare_digest(given.encode(), self._key.encode()):
            cookie = f"{COOKIE}={self._key}; Path=/; HttpOnly; SameSite=Lax"
            secure = "; Secure" if environ.get("wsgi.url_scheme") == "https" else ""
            start_response(
                "303 See Other",
                [
                    ("Location", environ.get("PATH_INFO") or "/"),
                    ("Set-Cookie", cookie + secure),
                    ("Content-Length", "0"),
                ],
            )
            return []
        cookies = SimpleCookie(environ.get("HTTP_COOKIE", ""))
        held = cookies[COOKIE].value if COOKIE in cookies else ""
        if not hmac.compare_digest(held.encode(), self._key.encode()):
            body = b"This is a preview. Open it from the desk.\n"
            start_response(
                "401 Unauthorized",
                [
                    ("Content-Type", "text/plain; charset=utf-8"),
                    ("Content-Length", str(len(body))),
                    ("Cache-Control", "no-store"),
                ],
            )
            return [body]

        def start(status: str, headers: list[tuple[str, str]], exc: ExcInfo = None, /) -> Callable[[bytes], object]:
            kept = [(name, value) for name, value in headers if name.lower() not in ("cache-control", "x-robots-tag")]
            private = [("Cache-Control", "private, no-store"), ("X-Robots-Tag", "noindex")]
            return start_response(status, [*kept, *private], exc)

        return self._app(environ, start)
