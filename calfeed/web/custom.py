"""/feeds/custom.<format>?...: a feed of just what the query selects, made on request and kept for the next one.

One selection has one address: another order or spelling is redirected to it. The work is bounded: known values only,
eight at most, and what was made is kept until the generation changes, up to a size.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from threading import Lock
from wsgiref.types import WSGIApplication

from flask import Blueprint, Response, current_app, request
from flask.sansio.blueprints import BlueprintSetupState
from werkzeug.exceptions import HTTPException

from calfeed.feeds import (
    FORMATS,
    UNDATED,
    Feed,
    Selection,
    SelectionError,
    canonical_query,
    parse_selection,
    render,
    select,
)
from calfeed.feeds.text import clean_name
from calfeed.feeds.vocabulary import words
from calfeed.feeds.wording import value_name
from calfeed.web.hot import refuse, send
from calfeed.web.representations import Resource, encode, resource
from calfeed.web.site import Site, current_site

blueprint = Blueprint("custom", __name__)

LOG = logging.getLogger(__name__)

SELECTED = "calfeed-selected"
KEPT_FEEDS = 200
KEPT_BYTES = 32_000_000
MAX_QUERY_OCTETS = 2000
REDIRECT_SECONDS = 900


class SelectedFeeds:
    """The feeds made last, of one generation; those not asked for longest leave first."""

    def __init__(self, *, feeds: int = KEPT_FEEDS, octets: int = KEPT_BYTES) -> None:
        self._most = feeds
        self._room = octets
        self._site: Site | None = None
        self._kept: OrderedDict[tuple[str, str, date], Resource] = OrderedDict()
        self._used = 0
        self._lock = Lock()

    def get(self, site: Site, key: tuple[str, str, date], make: Callable[[], Resource]) -> Resource:
        """The feed `key` (format, canonical query, month) of this site, made by `make` where it is not kept."""
        with self._lock:
            if self._site is not site:
                self._site, self._used = site, 0
                self._kept.clear()
            if kept := self._kept.get(key):
                self._kept.move_to_end(key)
                return kept
        made = make()
        with self._lock:
            if self._site is site and key not in self._kept:
                self._kept[key] = made
                self._used += _size(made)
                while len(self._kept) > self._most or self._used > self._room:
                    _, dropped = self._kept.popitem(last=False)
                    self._used -= _size(dropped)
        return made

    def __len__(self) -> int:
        return len(self._kept)


def _size(made: Resource) -> int:
    return sum(len(representation.body) for representation in made.representations.values())


@blueprint.record_once
def _prepare(state: BlueprintSetupState) -> None:
    state.app.extensions[SELECTED] = SelectedFeeds()


@blueprint.get(f"/feeds/custom.<any({', '.join(FORMATS)}):format>")
def custom(format: str) -> Response | WSGIApplication:
    if len(request.query_string) > MAX_QUERY_OCTETS:
        return _refusal("400 Bad Request", "The query is too long.")
    site = current_site()
    try:
        selection = parse_selection(request.args, site.settings, site.vocabulary)
    except SelectionError as error:
        return _refusal("400 Bad Request", str(error))
    if selection.flavour == UNDATED and format == "ics":
        return _refusal("400 Bad Request", "What has no date is in no .ics: ask for .atom, .json or .csv.")
    query = canonical_query(selection)
    if not query:
        return _moved(f"all.{format}")
    if request.query_string.decode("latin-1") != query:
        return _moved(f"custom.{format}?{query}")
    month = datetime.now(UTC).date().replace(day=1)
    selected: SelectedFeeds = current_app.extensions[SELECTED]
    return partial(send, selected.get(site, (format, query, month), partial(_make, site, selection, format, month)))


@blueprint.errorhandler(Exception)
def failed(error: Exception) -> WSGIApplication:
    """No page in the place of a feed, whatever goes wrong: a subscriber would take it for an empty calendar."""
    if isinstance(error, HTTPException):
        return _refusal(f"{error.code} {error.name}", error.description or error.name)
    LOG.exception("selection failed query=%r", request.query_string[:MAX_QUERY_OCTETS])
    return _refusal("500 Internal Server Error", "The feed could not be made.")


def _make(site: Site, selection: Selection, format: str, today: date) -> Resource:
    editions = site.catalogue.editions
    events = select(site.catalogue.events, selection)
    feed = selected_feed(site, selection)
    octets = render(events, feed, site.settings, format, selection.flavour, editions=editions, today=today)
    return resource(f"custom.{format}", encode(octets), site.modified)


def selected_feed(site: Site, selection: Selection) -> Feed:
    """The feed that stands for a selection, named after the site and what was selected."""
    settings = site.settings
    language = selection.lang or settings.site.language
    names = []
    for name, values in selection.facets.items():
        facet = settings.facet(name)
        names += [value_name(value, facet, None, language) for value in values if facet]
    if selection.flavour == UNDATED:
        names.append(words(language)["undated"])
    days = "/".join(day.isoformat() if day else ".." for day in (selection.from_, selection.to))
    told = [*names, selection.q, days if selection.from_ or selection.to else ""]
    name = " - ".join([settings.site.name, *filter(None, told)])
    return Feed("custom", clean_name(name), settings.site.description, selection, settings.site.colour, language)


def _moved(place: str) -> Response:
    """To the one address of a selection, relative to /feeds/: the request's Host has no part in it."""
    headers = {
        "Location": place,
        "Cache-Control": f"public, max-age={REDIRECT_SECONDS}",
        "Access-Control-Allow-Origin": "*",
    }
    return Response(f"{place}\n", 308, headers, content_type="text/plain; charset=utf-8")


def _refusal(status: str, text: str) -> WSGIApplication:
    return partial(refuse, status=status, text=text)
