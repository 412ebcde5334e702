"""HTTP: feeds from memory, and everything else with Flask.

In: settings, the published generation, the catalogue. Out: a WSGI application, `create_app(settings)`. What is known
before a request is computed before it (`hot`, `representations`); Flask answers the rest: pages, API, embeds, filtered
feeds. Nothing here changes a file.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from flask import Flask, Response
from werkzeug.exceptions import HTTPException

from calfeed.settings import Settings
from calfeed.web import api, custom, embed, health, pages, well_known
from calfeed.web.flood import FloodLayer
from calfeed.web.headers import secure
from calfeed.web.hot import FeedLayer
from calfeed.web.loading import load_feeds, load_site
from calfeed.web.site import EXTENSION, Site, SiteHolder, current_site
from calfeed.web.tracking import TrackingLayer
from calfeed.web.watcher import Watcher, watch

__all__ = ["Site", "create_app", "current_site"]

PARTS = (pages, api, embed, custom, health, well_known)
# A new generation is served at most this much later, in seconds; a check costs two stat calls.
CHECK_SECONDS = 1.0


def create_app(
    settings: Settings,
    *,
    load: Callable[[Site | None], Site] | None = None,
    check_seconds: float | None = CHECK_SECONDS,
) -> Flask:
    """The whole site as a WSGI application, with the generation that is published in the settings' feeds folder.

    A generation that is published later is taken over within `check_seconds` (None: never). `load` makes a site,
    given the present one; by default from the settings' folders. Where nothing can be loaded the application runs all
    the same, answers with 503, and says in /healthz why; where only the catalogue is missing, it has the feeds.
    """
    app = Flask(__name__)
    # A redirect that the routing makes would name the Host of the request.
    app.url_map.merge_slashes = app.url_map.strict_slashes = False
    app.config["CALFEED"] = settings
    holder = app.extensions[EXTENSION] = SiteHolder()
    app.after_request(secure)
    app.register_error_handler(HTTPException, _plain_error)
    for part in PARTS:
        app.register_blueprint(part.blueprint)
    loaders = (load, dict) if load else (partial(load_site, settings), partial(load_feeds, settings))
    watcher = app.extensions[f"{EXTENSION}-watcher"] = Watcher(settings.feeds_path, holder, *loaders)
    watcher.check()
    if check_seconds:
        watch(watcher, every=check_seconds)
    app.wsgi_app = FeedLayer(TrackingLayer(FloodLayer(app.wsgi_app, settings.limits)), holder)  # type: ignore[method-assign]
    return app


def _plain_error(error: HTTPException) -> Response:
    """An error as plain text, for whatever part has no page for it."""
    response = error.get_response()
    response.data = f"{error.code} {error.name}: {error.description}\n"
    response.content_type = "text/plain; charset=utf-8"
    return Response(response.data, status=error.code, headers=response.headers)
