"""The addresses of the API."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode

import msgspec
from flask import Blueprint, Response, render_template, request
from werkzeug.exceptions import HTTPException

from calfeed.errors import CalfeedError, QueryError
from calfeed.feeds.selection import Selection, canonical_query
from calfeed.occurrences import Occurrence, occurrences
from calfeed.web.api.answers import METHODS, answer, json_answer, open_to_all
from calfeed.web.api.openapi import Parameters, describe, operations, selection_parameters
from calfeed.web.api.prepared import feed_counts, selected
from calfeed.web.api.problems import problem
from calfeed.web.api.query import Nothing, Paging, Window, read_language, read_own, read_query
from calfeed.web.api.resources import (
    EventAnswer,
    EventsAnswer,
    FacetsAnswer,
    FeedsAnswer,
    fullcalendar_event,
    published_event,
    published_facets,
    published_feeds,
)
from calfeed.web.freshness import freshness_of
from calfeed.web.headers import PAGE_POLICY
from calfeed.web.pages.page import page_of
from calfeed.web.pages.wire import asset
from calfeed.web.site import Site, current_site

blueprint = Blueprint(
    "api", __name__, template_folder="templates", static_folder="static", static_url_path="/api/static"
)

ROOT = "/api/v1/"
ONE_DAY = timedelta(days=1)
PROBLEMS = (
    ("selection", "A filter names a parameter or value that does not exist, or contradicts itself."),
    ("query", "Another parameter is unknown or malformed, or the address does not exist."),
)
WRITING = ("POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT")


@blueprint.get(f"{ROOT}events")
def events() -> Response:
    site = current_site()
    paging, selection = read_query(request.args, Paging, site)
    found = selected(site, selection)
    pages = max(1, -(-len(found) // paging.limit))
    first = (paging.page - 1) * paging.limit
    lang = language(site, selection)

    def page(number: int) -> str:
        own = {"page": number} if number > 1 else {}
        own |= {"limit": paging.limit} if paging.limit != Paging().limit else {}
        return _address(site, "events", canonical_query(selection), urlencode(own))

    following = page(paging.page + 1) if paging.page < pages else None
    links = [f'<{page(1)}>; rel="first"', f'<{page(pages)}>; rel="last"']
    links += [f'<{page(min(paging.page - 1, pages))}>; rel="prev"'] if paging.page > 1 else []
    links += [f'<{following}>; rel="next"'] if following else []
    fresh = freshness_of(site)
    return json_answer(
        EventsAnswer(
            **msgspec.structs.asdict(fresh),
            total=len(found),
            page=paging.page,
            pages=pages,
            next=following,
            events=tuple(published_event(event, site, lang) for event in found[first : first + paging.limit]),
        ),
        fresh=fresh,
        links=links,
    )


@blueprint.get(f"{ROOT}events/<uid>")
def event(uid: str) -> Response:
    site = current_site()
    lang = read_language(request.args, site)
    found = site.events.get(uid)
    if found is None:
        return problem(
            QueryError(f"There is no event {uid[:80]!r}.", mend=f"The events are at {site.url(ROOT)}events."),
            404,
            base=site.settings.site.url,
        )
    fresh = freshness_of(site)
    body = EventAnswer(**msgspec.structs.asdict(fresh), event=published_event(found, site, lang))
    return json_answer(body, fresh=fresh, links=[f'<{site.url(f"/events/{uid}")}>; rel="alternate"; type="text/html"'])


@blueprint.get(f"{ROOT}feeds")
def feeds() -> Response:
    site = current_site()
    read_own(request.args, Nothing)
    fresh = freshness_of(site)
    body = FeedsAnswer(**msgspec.structs.asdict(fresh), feeds=published_feeds(site, feed_counts(site)))
    return json_answer(body, fresh=fresh)


@blueprint.get(f"{ROOT}facets")
def facets() -> Response:
    site = current_site()
    _, selection = read_query(request.args, Nothing, site)
    fresh = freshness_of(site)
    total, made = published_facets(site, selection, language(site, selection))
    return json_answer(FacetsAnswer(**msgspec.structs.asdict(fresh), total=total, facets=made), fresh=fresh)


@blueprint.get(f"{ROOT}fullcalendar")
def fullcalendar() -> Response:
    site = current_site()
    window, selection = read_query(request.args, Window, site)
    start, end = window.bounds()
    lang = language(site, selection)
    # Days beyond the window by one at most: the index finds them, `_overlaps` decides.
    selection = replace(
        selection, from_=max(selection.from_ or date.min, start.date()), to=min(selection.to or date.max, end.date())
    )
    found = [
        fullcalendar_event(event, one, selection.flavour, site, lang)
        for event in selected(site, selection)
        for one in occurrences(event)
        if _overlaps(one, start, end)
    ]
    return json_answer(found, fresh=freshness_of(site))


@blueprint.get(f"{ROOT}openapi.json")
def openapi() -> Response:
    site = current_site()
    read_own(request.args, Nothing)
    return json_answer(describe(parameters_of(site)), fresh=freshness_of(site))


@blueprint.get("/api/")
def page() -> Response:
    """What there is, for people; made from the same description."""
    site = current_site()
    document = describe(parameters_of(site))
    told = render_template(
        "api/index.html",
        page=page_of(site, datetime.now(UTC).date()),
        fresh=freshness_of(site),
        settings=site.settings,
        asset=asset,
        document=document,
        operations=operations(document),
        selection=selection_parameters(document),
        problems=PROBLEMS,
    )
    response = answer(told.encode(), "text/html; charset=utf-8", fresh=freshness_of(site), policy=PAGE_POLICY)
    response.headers["X-Frame-Options"] = "DENY"
    response.vary.add("Accept-Language")
    return response


@blueprint.get(ROOT)
def root() -> Response:
    return Response(status=302, headers={"Location": "/api/"})


@blueprint.route(f"{ROOT}<path:rest>", methods=["GET", *WRITING])
def nothing(rest: str) -> Response:
    """No such address; or there is one, which only takes GET."""
    site = current_site()
    known = rest in NAMES or (rest.startswith("events/") and "/" not in rest.removeprefix("events/"))
    if request.method == "GET" or not known:
        fault = QueryError("There is no such address in the API.", mend=f"{site.url('/api/')} lists what there is.")
        return problem(fault, 404, base=site.settings.site.url)
    response = problem(QueryError("The API can only be read."), 405, base=site.settings.site.url)
    response.headers["Allow"] = METHODS
    return response


NAMES = frozenset({"events", "feeds", "facets", "fullcalendar", "openapi.json"})


@blueprint.errorhandler(CalfeedError)
def refused(error: CalfeedError) -> Response:
    return problem(error, 400, base=current_site().settings.site.url)


@blueprint.errorhandler(HTTPException)
def failed(error: HTTPException) -> Response:
    """Any other error, such as 503 before the first generation."""
    return problem(CalfeedError(error.description or error.name), error.code or 500, base=None)


@blueprint.before_request
def preflight() -> Response | None:
    """What a browser asks before it lets a script of another site read."""
    if request.method != "OPTIONS":
        return None
    return Response(status=204, headers={"Allow": METHODS})


@blueprint.after_request
def for_scripts_of_others(response: Response) -> Response:
    return open_to_all(response) if request.path.startswith(ROOT) else response


def language(site: Site, selection: Selection) -> str:
    """The language that a selection asks for, else the site's."""
    return selection.lang or site.settings.site.language


def parameters_of(site: Site) -> Parameters:
    """What the description has to know of this site: its address, languages, facets with their values."""
    return Parameters(
        url=site.settings.site.url,
        name=site.settings.site.name,
        languages=site.settings.site.languages,
        facets=tuple(
            (facet.name, facet.title, (*site.vocabulary[facet.name], *((facet.none,) if facet.none else ())))
            for facet in site.settings.facets
        ),
    )


def _address(site: Site, name: str, *queries: str) -> str:
    query = "&".join(filter(None, queries))
    return site.url(f"{ROOT}{name}{'?' + query if query else ''}")


def _overlaps(one: Occurrence, start: datetime, end: datetime) -> bool:
    """Whether its days, from midnight to midnight, touch the time from `start` to `end`."""
    last = one.first if one.endless else one.last
    midnight = datetime.min.time()
    return datetime.combine(one.first, midnight) < end and start < datetime.combine(last + ONE_DAY, midnight)
